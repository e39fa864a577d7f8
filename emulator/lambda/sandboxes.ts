import type { Account } from '../account.js';
import { Bundles } from './bundle.js';
import type { FunctionVersion } from './function-version.js';
import { type LambdaOptions, Sandbox } from './sandbox.js';

// AWS does not say how long an idle sandbox is kept; about ten minutes is observed.
const idleTimeoutMs = 600_000;

/** The warm sandboxes of every version. */
export class Sandboxes {
  #account: Account;
  #options: LambdaOptions;
  #bundles: Bundles;
  #idle: Sandbox[] = [];
  #all = new Set<Sandbox>();

  constructor(account: Account, options: LambdaOptions) {
    this.#account = account;
    this.#options = options;
    this.#bundles = new Bundles(options.workDir);
  }

  /** The warm sandbox that was used last, or a new one. */
  take(version: FunctionVersion): Sandbox {
    const { now } = this.#account.clock;
    for (const old of this.#idle.filter((sandbox) => sandbox.idleSince + idleTimeoutMs < now || !sandbox.isUsable)) this.discard(old);
    const warm = this.#idle.findLast((sandbox) => sandbox.version === version);
    if (warm) {
      this.#idle = this.#idle.filter((sandbox) => sandbox !== warm);
      return warm;
    }
    const sandbox = new Sandbox(this.#account, version, this.#options, this.#bundles);
    this.#all.add(sandbox);
    return sandbox;
  }

  release(sandbox: Sandbox): void {
    sandbox.isCold = false;
    sandbox.idleSince = this.#account.clock.now;
    this.#idle.push(sandbox);
  }

  discard(sandbox: Sandbox): void {
    this.#idle = this.#idle.filter((other) => other !== sandbox);
    this.#all.delete(sandbox);
    void sandbox.kill();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((sandbox) => sandbox.kill()));
    this.#all.clear();
    this.#idle = [];
    this.#bundles.close();
  }
}
