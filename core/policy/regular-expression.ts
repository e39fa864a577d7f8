import { RE2JS, RE2JSSyntaxException } from 're2js';

/** A regular expression, or why it is none. */
export type RegularExpression =
  | { readonly isFoundIn: (tag: string) => boolean }
  | { readonly unsupported: 'lookAround' | 'backReference' }
  | { readonly tooLarge: true }
  | { readonly syntaxError: string };

/**
 * A match takes at most instructions × characters steps. `{1000}` alone makes thousands of instructions, and reconciliation matches
 * every tag of a repository.
 */
const instructionLimit = 1000;

/**
 * Compiles a regular expression of RE2's syntax. The match is a search, and takes linear time for every expression: the engine of
 * JavaScript needs exponential time for some.
 */
export const compileExpression = (source: string): RegularExpression => {
  try {
    const expression = RE2JS.compile(source);
    if (expression.programSize() > instructionLimit) return { tooLarge: true };
    return { isFoundIn: (tag) => expression.test(tag) };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    // The part that RE2 does not accept.
    const rejected = error.input ?? '';
    if (/^\(\?<?[=!]/.test(rejected)) return { unsupported: 'lookAround' };
    if (/^\\[1-9k]/.test(rejected)) return { unsupported: 'backReference' };
    return { syntaxError: [error.error, rejected].filter(Boolean).join(' at ') };
  }
};
