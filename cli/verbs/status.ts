import type { Verb } from '../context.js';
import { type NameOptions, subjectOf } from '../names.js';
import { printAnswer } from '../render/print-answer.js';
import { statusLines } from '../render/status.js';

export const run: Verb<[name: string | undefined], NameOptions> = async (context, [name], options) => {
  const client = await context.connect();
  const answer = await client.query('status', name === undefined ? {} : await subjectOf(client, name, options));
  return printAnswer(context, answer, (style) => statusLines(answer, style));
};
