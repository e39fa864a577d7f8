import type { Account } from '../../account.js';
import type { Assumptions } from '../../assumptions.js';
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

/** The first is AWS's own text; those of the others are not known. */
const closedMessages: Readonly<Record<Assumptions['closedToken'], string>> = {
  TaskTimedOut: `Task Timed Out: 'Provided task does not exist anymore'`,
  TaskDoesNotExist: `Task Does Not Exist: 'Provided task does not exist anymore'`,
  InvalidToken: `Invalid Token: 'Invalid token'`,
};

/** All task tokens that were issued. */
export class Tokens {
  #account: Account;
  #waiting = new Map<string, Waiting | undefined>();

  constructor(account: Account) {
    this.#account = account;
  }

  issue(): string {
    const token = `AQCEAAAAKgAAAAMAAAAA${this.#account.random.hex(tokenLength - 20)}`;
    this.close(token);
    return token;
  }

  /** The token is answered to `waiting` until it is closed or the signal is aborted. */
  wait(token: string, waiting: Waiting, signal: AbortSignal): void {
    this.#waiting.set(token, waiting);
    signal.addEventListener('abort', () => this.close(token));
  }

  close(token: string): void {
    this.#waiting.set(token, undefined);
  }

  /** @throws AwsError InvalidToken for a token that was never issued; for one that no task waits for, see the assumption closedToken */
  find(token: string): Waiting {
    if (!this.#waiting.has(token)) throw new AwsError('InvalidToken', closedMessages.InvalidToken);
    const waiting = this.#waiting.get(token);
    if (waiting) return waiting;
    const { closedToken } = this.#account.assumptions;
    throw new AwsError(closedToken, closedMessages[closedToken]);
  }
}
