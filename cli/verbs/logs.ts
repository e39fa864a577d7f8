import type { Verb } from '../context.js';
import { parseCount } from '../count.js';
import { resolveService } from '../names.js';
import { logLines } from '../render/log.js';
import { printAnswer } from '../render/print-answer.js';

export const run: Verb<[service: string], { readonly lines: string }> = async (context, [name], options) => {
  const lines = parseCount(options.lines, '--lines', 200);
  const client = await context.connect();
  const service = resolveService(name, await client.query('installation', {}));
  const answer = await client.query('log', { service, lines });
  return printAnswer(context, answer, (style) => logLines(answer, style));
};
