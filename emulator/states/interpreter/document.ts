import { StateFailure } from './failure.js';

/** 256 KiB, for every input and output of a state, a task or an execution (step-functions/latest/dg/service-quotas). */
export const maximumBytes = 262_144;

/** An immutable JSON value that states pass on, with its text, which is made once. */
export class Document {
  readonly value: unknown;
  #json: string | undefined;

  constructor(value: unknown, json?: string) {
    this.value = value;
    this.#json = json;
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.value) ?? 'null';
    return this.#json;
  }

  get isTooLarge(): boolean {
    // A character is at most three bytes, so short texts need no counting.
    return this.json.length * 3 > maximumBytes && Buffer.byteLength(this.json) > maximumBytes;
  }

  /** Fails with States.DataLimitExceeded; `origin` is the state or the resource that returned it. */
  checked(origin: string): this {
    if (this.isTooLarge) {
      throw new StateFailure(
        'States.DataLimitExceeded',
        `The state/task '${origin}' returned a result with a size exceeding the maximum number of bytes service limit.`,
      );
    }
    return this;
  }
}
