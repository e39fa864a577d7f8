import type { Verb } from '../context.js';
import { parseImage } from '../names.js';
import { planLines } from '../render/plan.js';
import { printAnswer } from '../render/print-answer.js';

export const run: Verb<[image: string]> = async (context, [text]) => {
  const image = parseImage(text);
  const client = await context.connect();
  const answer = await client.query('plan', image);
  return printAnswer(context, answer, (style) => planLines(answer.plan, style));
};
