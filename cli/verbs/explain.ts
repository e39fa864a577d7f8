import type { Verb } from '../context.js';
import { parseImage } from '../names.js';
import { explainLines } from '../render/explanation.js';
import { printAnswer } from '../render/print-answer.js';

export const run: Verb<[image: string]> = async (context, [text]) => {
  const image = parseImage(text);
  const client = await context.connect();
  const answer = await client.query('explain', image);
  return printAnswer(context, answer, (style) => explainLines(answer, text, style));
};
