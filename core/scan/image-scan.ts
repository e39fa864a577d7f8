/** A vulnerability that the scan of an image found. */
export type ScanFinding = {
  /** The name that the scan gives it, such as CVE-2026-1234. */
  readonly name: string;
  /** Of the ECR API or of Amazon Inspector: CRITICAL to INFORMATIONAL, UNDEFINED, UNTRIAGED. */
  readonly severity: string;
  readonly package?: string;
  readonly version?: string;
  /** The version of the package that fixes it. */
  readonly fixedIn?: string;
  /** A suppression rule of Inspector hides it, or it is closed there. */
  readonly isSuppressed?: true;
};

/** What ECR answers of the scan of one manifest, from all pages. */
export type ImageScan = {
  /** `ScanStatus` of the ECR API; `NOT_FOUND` without a scan, `IMAGE_NOT_FOUND` without an image. */
  readonly status: string;
  readonly description?: string;
  /** ISO 8601. */
  readonly completedAt?: string;
  /** Findings by severity. */
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly ScanFinding[];
};

/** A manifest whose scan counts; `platform`, such as `linux/arm64`, of a member of an index. */
export type ScannedPart = { readonly digest: string; readonly platform?: string };

/** `none`: it never comes. `late`: the scan has ended and its findings are not listed yet. */
export type ScanProgress = 'done' | 'pending' | 'late' | 'none';

/** The statuses after which a scan of the image as it is does not come. */
const final = new Set(['FAILED', 'UNSUPPORTED_IMAGE', 'LIMIT_EXCEEDED', 'SCAN_ELIGIBILITY_EXPIRED', 'IMAGE_ARCHIVED', 'IMAGE_NOT_FOUND']);

/**
 * How far a scan is. ECR has answered COMPLETE before the findings of Inspector were there, without `imageScanCompletedAt` (aws/aws-sdk#289).
 * ACTIVE is an image that Inspector scans continuously, after its first scan: before, it is PENDING (aws/aws-sdk#288,
 * alexjurkiewicz/ecr-scan-image#51).
 */
export const progressOf = ({ status, completedAt }: Pick<ImageScan, 'status' | 'completedAt'>): ScanProgress => {
  if (status === 'ACTIVE') return 'done';
  if (status === 'COMPLETE') return completedAt === undefined ? 'late' : 'done';
  return final.has(status) ? 'none' : 'pending';
};
