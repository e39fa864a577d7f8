import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a token may be exchanged for a session, in milliseconds. */
const tokenLifetime = 60_000;

/** Sessions at one time: each page that is opened has one. */
const maxSessions = 100;

const secret = (): string => randomBytes(32).toString('base64url');
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Who may use the page: the holder of a token that was printed once, then of a cookie. Nothing of it outlives the process. */
export class Sessions {
  readonly #now: () => number;
  readonly #sessions = new Set<string>();
  #token: { readonly hash: Buffer; readonly until: number } | undefined;

  /** `now` is in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new token, for the fragment of the printed address. One that was issued before is no longer good. */
  issueToken(): string {
    const token = secret();
    this.#token = { hash: hashOf(token), until: this.#now() + tokenLifetime };
    return token;
  }

  /** The session of a token; undefined for one that was used, is too old, or never was one. */
  exchange(token: string): string | undefined {
    const issued = this.#token;
    if (!issued || !timingSafeEqual(issued.hash, hashOf(token))) return undefined;
    this.#token = undefined;
    return this.#now() <= issued.until ? this.open() : undefined;
  }

  /** A session without a token. The oldest one ends if there are too many. */
  open(): string {
    const [oldest] = this.#sessions;
    if (oldest !== undefined && this.#sessions.size >= maxSessions) this.#sessions.delete(oldest);
    const id = secret();
    this.#sessions.add(id);
    return id;
  }

  has(id: string | undefined): boolean {
    return id !== undefined && this.#sessions.has(id);
  }
}
