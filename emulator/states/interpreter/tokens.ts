import type { Account } from '../../account.js';
import { AwsError } from '../../errors.js';
import type { Document } from './document.js';

/** The task that waits for a token. */
export type Waiting = {
  readonly succeed: (output: Document) => void;
  readonly fail: (error: string | undefined, cause: string | undefined) => void;
  readonly heartbeat: () => void;
};

/** Real tokens are several hundred characters long, so these are as well. */
const tokenLength = 640;

/** All task tokens that were issued. */
export class Tokens {
  #account: Account;
  #waiting = new Map<string, Waiting | undefined>();

  constructor(account: Account) {
    this.#account = account;
  }

  issue(): string {
    const token = `AQCEAAAAKgAAAAMAAAAA${this.#account.random.hex(tokenLength - 20)}`;
    this.#waiting.set(token, undefined);
    return token;
  }

  /** The token is answered to `waiting` until the signal is aborted. */
  wait(token: string, waiting: Waiting, signal: AbortSignal): void {
    this.#waiting.set(token, waiting);
    signal.addEventListener('abort', () => this.#waiting.set(token, undefined));
  }

  /** @throws AwsError InvalidToken for a token that was never issued, TaskTimedOut for one that no task waits for */
  find(token: string): Waiting {
    if (!this.#waiting.has(token)) throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
    const waiting = this.#waiting.get(token);
    if (!waiting) throw new AwsError('TaskTimedOut', `Task Timed Out: 'Provided task does not exist anymore'`);
    return waiting;
  }
}
