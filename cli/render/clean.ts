import { stripVTControlCharacters } from 'node:util';

/** Escape sequences go; every other character that moves the cursor or turns the direction of text becomes a space. */
const cleanText = (text: string): string => stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');

/**
 * An answer whose texts are safe on a terminal: tags, reasons of operators and log lines come from outside. Indentation stays; no text has
 * a line break.
 */
export const clean = <Answer>(answer: Answer): Answer => cleaned(answer) as Answer;

const cleaned = (value: unknown): unknown => {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cleaned(member)]));
};
