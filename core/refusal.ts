import type { Cause, Ending } from './outcome.js';

/**
 * A reason not to deploy that was found before anything changed. A step that throws it ends its execution as FAILED
 * with this sentence: what is the case, the value, what was expected, what to do.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly ending: Ending;

  constructor(sentence: string, cause: Cause = 'INVALID_INPUT') {
    super(sentence);
    this.ending = { outcome: 'FAILED', cause, sentence };
  }
}
