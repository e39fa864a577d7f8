import { type Result, resultOf } from './result.js';

/**
 * An input or a service that cannot be deployed, found before anything changes. A step that throws it ends its execution as FAILED
 * with this message: what is the case, the value, what was expected, what to do.
 */
export class RejectedInput extends Error {
  override readonly name = 'RejectedInput';
  readonly result: Result<'FAILED'>;

  constructor(message: string, reason: 'INVALID_INPUT' | 'INVALID_SERVICE' | 'AWS_ERROR' = 'INVALID_INPUT') {
    super(message);
    this.result = resultOf('FAILED', reason, message);
  }
}
