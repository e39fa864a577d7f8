import type { Verb } from '../context.js';
import { parseCount } from '../count.js';
import { type NameOptions, subjectOf } from '../names.js';
import { historyLines } from '../render/history.js';
import { printAnswer } from '../render/print-answer.js';

type Options = NameOptions & { readonly limit: string; readonly next?: string };

const flags = ['service', 'repository'] as const;

export const run: Verb<[name: string], Options> = async (context, [name], options) => {
  const page = { limit: parseCount(options.limit, '--limit', 100), ...(options.next !== undefined && { next: options.next }) };
  const words = ['history', name, ...flags.filter((flag) => options[flag]).map((flag) => `--${flag}`), '--limit', options.limit];
  const client = await context.connect();
  const subject = await subjectOf(client, name, options);
  const answer = await client.query('history', { ...subject, ...page });
  return printAnswer(context, answer, (style) => historyLines(answer, words, style));
};
