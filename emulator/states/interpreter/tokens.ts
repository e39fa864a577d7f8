import type { Account } from '../../account.js';
import { AwsError } from '../../errors.js';
import type { Document } from './document.js';

/** What waits for a token. */
export type Waiting = {
  readonly succeed: (output: Document) => void;
  readonly fail: (error: string | undefined, cause: string | undefined) => void;
  readonly heartbeat: () => void;
};

/** Real tokens are several hundred characters long; what stores them must have room. */
const tokenLength = 640;

/** The task tokens that were ever issued. */
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

  /** Throws InvalidToken for one that was never issued, TaskTimedOut for one that nothing waits for. */
  find(token: string): Waiting {
    if (!this.#waiting.has(token)) throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
    const waiting = this.#waiting.get(token);
    if (!waiting) throw new AwsError('TaskTimedOut', `Task Timed Out: 'Provided task does not exist anymore'`);
    return waiting;
  }
}
