import type { QueryError } from './answers.js';

type Code = QueryError['error']['code'];

/** A query that has no answer. The function answers it as an error; it is not thrown to who invokes it. */
export class RefusedQuery extends Error {
  override readonly name = 'RefusedQuery';
  readonly code: Code;
  /** A name that was probably meant. */
  readonly suggestion: string | undefined;

  constructor(code: Code, message: string, suggestion?: string) {
    super(message);
    this.code = code;
    this.suggestion = suggestion;
  }
}
