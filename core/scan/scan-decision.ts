import { type Scan, type Severity, severities } from '../configuration/configuration.js';
import { type Result, resultOf } from '../result/result.js';
import { type ImageScan, progressOf, type ScanFinding, type ScannedPart } from './image-scan.js';
import * as messages from './messages.js';

/** A manifest of the image, with what ECR answers of its scan. */
export type PartScan = ScannedPart & { readonly scan: ImageScan };

/** What a release does by the scan of its image. */
export type ScanDecision =
  | { readonly action: 'pass'; readonly warnings: readonly string[] }
  /** For the scans of these; the findings of those that are `late` are about to be listed. */
  | { readonly action: 'wait'; readonly pending: readonly string[]; readonly late: readonly string[] }
  | { readonly action: 'end'; readonly result: Result };

type Rules = {
  /** As messages name the image. */
  readonly image: string;
  readonly settings: Scan;
  /** Is the time over for which a scan is waited for? */
  readonly isOver: boolean;
};

/** Below the lowest severity that `block` may name: the finding is not rated yet (docs/gates.md). */
const unrated = new Set(['UNDEFINED', 'UNTRIAGED']);

/** A severity that the API has gained since ranks highest. */
const rankOf = (severity: string): number => {
  const rank = severities.indexOf(severity as Severity);
  if (rank >= 0) return rank;
  return unrated.has(severity) ? -1 : severities.length;
};

const isAsSevere = (severity: string, block: Severity): boolean => rankOf(severity) >= rankOf(block);

/** The findings that block, the worst first, and how many more the scan counts than it lists. */
const blockedBy = ({ findings, counts }: ImageScan, { block, ignore }: Scan): { found: ScanFinding[]; unlisted: number } => {
  const severe = findings.filter(({ severity }) => isAsSevere(severity, block));
  const counted = Object.entries(counts).reduce((sum, [severity, count]) => sum + (isAsSevere(severity, block) ? count : 0), 0);
  return {
    found: severe.filter(({ name, isSuppressed }) => isSuppressed === undefined && !ignore.includes(name)),
    unlisted: Math.max(0, counted - severe.length),
  };
};

const worstFirst = (one: ScanFinding, other: ScanFinding): number =>
  rankOf(other.severity) - rankOf(one.severity) || (one.name < other.name ? -1 : Number(one.name > other.name));

/** The same package of two platforms counts once. */
const distinct = (findings: readonly ScanFinding[]): ScanFinding[] => [
  ...new Map(findings.map((one) => [[one.name, one.package, one.version].join(' '), one])).values(),
];

/**
 * Decides by the scans of all manifests of an image that its services may run. A finding that blocks ends the release as soon as it is
 * known; a manifest without a scan does, unless it only warns; then scans that have not ended are waited for.
 */
export const decideByScans = (parts: readonly PartScan[], { image, settings, isOver }: Rules): ScanDecision => {
  const blocked = parts.map((part) => ({ part, ...blockedBy(part.scan, settings) }));
  const found = distinct(blocked.flatMap((one) => one.found)).sort(worstFirst);
  const unlisted = blocked.reduce((sum, one) => sum + one.unlisted, 0);
  if (found.length + unlisted > 0) {
    const platforms = blocked.flatMap((one) => (one.found.length + one.unlisted > 0 ? (one.part.platform ?? []) : []));
    return {
      action: 'end',
      result: resultOf('FAILED', 'SCAN_FINDINGS', messages.findings(image, settings.block, found, unlisted, platforms)),
    };
  }
  const inState = (...states: string[]) => parts.filter(({ scan }) => states.includes(progressOf(scan)));
  const unscanned = isOver ? inState('none', 'pending', 'late') : inState('none');
  const why = [...new Set(unscanned.map(({ platform, scan }) => messages.unscanned(image, platform, scan)))];
  if (why.length > 0 && settings.onUnscanned === 'block')
    return { action: 'end', result: resultOf('FAILED', 'NOT_SCANNED', messages.notScanned(why)) };
  const pending = isOver ? [] : inState('pending', 'late');
  if (pending.length > 0)
    return { action: 'wait', pending: pending.map(({ digest }) => digest), late: inState('late').map(({ digest }) => digest) };
  return { action: 'pass', warnings: why };
};
