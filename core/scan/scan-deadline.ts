import type { Repository } from '../configuration/configuration.js';
import type { ReleaseRecord } from '../records/records.js';
import { after } from '../result/moment.js';

/**
 * When a release of a repository stops waiting for the scan of its image, ISO 8601, if its first stage waits for nothing else: a visit of
 * PassGates that ends by then needs no second one for that time. Empty if it does, or has no gate.
 */
export const scanDeadline = (
  { scan, stages }: Repository,
  { stage, startedAt, ignoreScan }: Pick<ReleaseRecord, 'stage' | 'startedAt' | 'ignoreScan'>,
): string => {
  const { approval, window, freeze } = stages.find(({ name }) => name === stage) ?? {};
  if (!scan || ignoreScan || approval || window || freeze) return '';
  return after(startedAt, scan.waitSeconds);
};
