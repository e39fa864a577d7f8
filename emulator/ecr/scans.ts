import type { Account } from '../account.js';
import { emitScan } from './image-events.js';
import type { Repository } from './repository.js';

type Scan = { completedAt: number | undefined };

/** How long a basic scan takes; AWS gives no figure. */
const scanMs = 20_000;

/** Basic scans, by repository and digest. They find nothing. */
export class Scans {
  readonly #account: Account;
  readonly #scans = new Map<string, Scan>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Scans an image that was pushed, where the repository scans on push. Image indexes are not scanned (aws/containers-roadmap#1683). */
  pushed(repository: Repository, digest: string): void {
    const { clock } = this.#account;
    const key = `${repository.name} ${digest}`;
    if (!repository.scansOnPush || repository.images.get(digest)?.manifest.isIndex !== false || this.#scans.has(key)) return;
    const scan: Scan = { completedAt: undefined };
    this.#scans.set(key, scan);
    clock.after(scanMs, () => {
      scan.completedAt = clock.now;
      emitScan(this.#account, repository, digest);
    });
  }

  find({ name }: Repository, digest: string): Scan | undefined {
    return this.#scans.get(`${name} ${digest}`);
  }
}
