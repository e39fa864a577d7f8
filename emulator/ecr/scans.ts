import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { emitEnhancedScan, emitScan } from './image-events.js';
import type { Repository } from './repository.js';
import { countsOf, type ScanStatus } from './scan-outcome.js';
import { matchesWildcard } from './scanning-filter.js';

export type ScanFrequency = 'SCAN_ON_PUSH' | 'CONTINUOUS_SCAN' | 'MANUAL';
export type ScanningRule = {
  readonly scanFrequency: ScanFrequency;
  readonly repositoryFilters: readonly { readonly filter: string; readonly filterType: 'WILDCARD' }[];
};
/** What PutRegistryScanningConfiguration sets. ENHANCED scans are Amazon Inspector's. */
export type ScanningConfiguration = { readonly scanType: 'BASIC' | 'ENHANCED'; readonly rules: readonly ScanningRule[] };

export type ImageScan = {
  readonly isEnhanced: boolean;
  status: ScanStatus;
  description: string;
  /** Once its findings are listed. */
  completedAt: number | undefined;
};

/** How long a scan takes; AWS gives no figure. */
const basicMs = 20_000;
const enhancedMs = 60_000;
/** How long after it the findings come, where they are late. */
const lateMs = 10_000;

const descriptions: Partial<Record<ScanStatus, string>> = {
  COMPLETE: 'The scan was completed successfully.',
  // As in aws/aws-cli#6759, alexjurkiewicz/ecr-scan-image#51 and aws-observability/aws-otel-collector#2193.
  ACTIVE: 'Continuous scan is selected for image.',
  PENDING: 'Pending start of the image scan.',
  FAILED: 'UnsupportedImageError: The operating system and/or package manager are not supported.',
};

/** Scans of images, by repository and digest; image indexes have none. */
export class Scans {
  readonly #account: Account;
  readonly #scans = new Map<string, ImageScan>();
  configuration: ScanningConfiguration = { scanType: 'BASIC', rules: [] };

  constructor(account: Account) {
    this.#account = account;
  }

  get isEnhanced(): boolean {
    return this.configuration.scanType === 'ENHANCED';
  }

  /** Scans an image that was pushed, where the registry or the repository scans on push. */
  pushed(repository: Repository, digest: string): void {
    const isIndex = repository.images.get(digest)?.manifest.isIndex ?? true;
    const frequency = this.frequencyOf(repository);
    if (isIndex || frequency === 'MANUAL' || this.#scans.has(keyOf(repository, digest))) return;
    this.#start(repository, digest, frequency);
  }

  /** @throws AwsError for what cannot be scanned, and for a second scan on one day */
  start(repository: Repository, digest: string): ImageScan {
    const manifest = repository.images.get(digest)?.manifest;
    // The messages are those of alexjurkiewicz/ecr-scan-image#43 and #44.
    if (this.isEnhanced) throw new AwsError('ValidationException', 'This feature is disabled');
    if (manifest?.isIndex)
      throw new AwsError(
        'UnsupportedImageTypeException',
        `An artifact with media type '${manifest.mediaType}' cannot be scanned. For more information, see the Amazon ECR documentation.`,
      );
    if (this.#scans.has(keyOf(repository, digest)))
      throw new AwsError('LimitExceededException', 'The scan quota per image has been exceeded. Wait and try again.');
    return this.#start(repository, digest, 'MANUAL');
  }

  find(repository: Repository, digest: string): ImageScan | undefined {
    return this.#scans.get(keyOf(repository, digest));
  }

  /** What the rules of the registry say of a repository, or its own setting, which basic scanning has. */
  frequencyOf({ name, scansOnPush }: Repository): ScanFrequency {
    const matching = this.configuration.rules.filter(({ repositoryFilters }) =>
      repositoryFilters.some(({ filter }) => matchesWildcard(filter, name)),
    );
    const frequencies = matching.map(({ scanFrequency }) => scanFrequency);
    if (frequencies.includes('CONTINUOUS_SCAN')) return 'CONTINUOUS_SCAN';
    return frequencies.includes('SCAN_ON_PUSH') || (scansOnPush && !this.isEnhanced) ? 'SCAN_ON_PUSH' : 'MANUAL';
  }

  #start(repository: Repository, digest: string, frequency: ScanFrequency): ImageScan {
    const { clock, assumptions } = this.#account;
    const { isEnhanced } = this;
    const scan: ImageScan = { isEnhanced, status: 'PENDING', description: '', completedAt: undefined };
    this.#scans.set(keyOf(repository, digest), scan);
    const become = (status: ScanStatus): void => {
      scan.status = status;
      scan.description = descriptions[status] ?? '';
    };
    become(isEnhanced ? 'PENDING' : 'IN_PROGRESS');
    const end = repository.images.get(digest)?.manifest.scan.status ?? (frequency === 'CONTINUOUS_SCAN' ? 'ACTIVE' : 'COMPLETE');
    clock.after(isEnhanced ? enhancedMs : basicMs, () => {
      become(end);
      if (end !== 'COMPLETE' && end !== 'ACTIVE') return;
      const list = (): void => {
        scan.completedAt = clock.now;
      };
      if (assumptions.completeScan === 'beforeFindings' && end === 'COMPLETE') clock.after(lateMs, list);
      else list();
      this.#emit(repository, digest, isEnhanced);
    });
    return scan;
  }

  #emit(repository: Repository, digest: string, isEnhanced: boolean): void {
    const counts = countsOf(repository.images.get(digest)?.manifest.scan.vulnerabilities ?? []);
    (isEnhanced ? emitEnhancedScan : emitScan)(this.#account, repository, digest, counts);
  }
}

const keyOf = ({ name }: Repository, digest: string): string => `${name} ${digest}`;
