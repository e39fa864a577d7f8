import { NotEmulated } from '../errors.js';

export const scanStatuses = [
  'IN_PROGRESS',
  'COMPLETE',
  'FAILED',
  'UNSUPPORTED_IMAGE',
  'ACTIVE',
  'PENDING',
  'SCAN_ELIGIBILITY_EXPIRED',
  'FINDINGS_UNAVAILABLE',
  'LIMIT_EXCEEDED',
  'IMAGE_ARCHIVED',
] as const;
export type ScanStatus = (typeof scanStatuses)[number];

/** A finding of an image of the emulator's own; `status` is one of Inspector's. */
export type Vulnerability = {
  readonly name: string;
  readonly severity: string;
  readonly package?: string;
  readonly version?: string;
  readonly fixedIn?: string;
  readonly status?: 'ACTIVE' | 'SUPPRESSED' | 'CLOSED';
};

/** How the scan of an image ends. Without `status`, as that of an image with an operating system that is supported. */
export type ScanOutcome = { readonly status: ScanStatus | undefined; readonly vulnerabilities: readonly Vulnerability[] };

/** Its manifest's annotations: `slipway.scan`, a status, and `slipway.findings`, a list of `Vulnerability` as JSON. */
export const scanOutcomeIn = (annotations: Readonly<Record<string, string>> = {}): ScanOutcome => {
  const text = annotations['slipway.scan'];
  const status = scanStatuses.find((name) => name === text);
  if (text !== undefined && status === undefined) throw new NotEmulated(`scan status ${text} (known: ${scanStatuses.join(', ')})`);
  return { status, vulnerabilities: JSON.parse(annotations['slipway.findings'] ?? '[]') as Vulnerability[] };
};

/** Counts by severity: severities without a finding are left out. What is suppressed or closed is not counted. */
export const countsOf = (vulnerabilities: readonly Vulnerability[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { severity, status = 'ACTIVE' } of vulnerabilities) if (status === 'ACTIVE') counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
};
