import type { Gates } from '../../aws/gates.js';
import type { ImageScans } from '../../aws/image-scans.js';
import type { Scan } from '../../core/configuration/configuration.js';
import { scansImages } from '../../core/configuration/hooks.js';
import { imageName } from '../../core/image/image-name.js';
import type { Gate } from '../../core/release/gate.js';
import { after } from '../../core/result/moment.js';
import type { ScannedPart } from '../../core/scan/image-scan.js';
import { decideByScans, type PartScan, type ScanDecision } from '../../core/scan/scan-decision.js';
import type { StageGateInput } from '../../core/step/contracts.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { atPackaging, type Permission } from '../runtime/permissions.js';
import type { PartsToScan } from './scan-parts.js';
import type { Look, Planned } from './stage-look.js';

export type ScanDeps = {
  readonly configuration: PartsToScan['configuration'];
  readonly gates: Pick<Gates, 'noteScan'>;
  readonly scans: Pick<ImageScans, 'of'>;
  readonly partsToScan: (asked: PartsToScan) => Promise<readonly ScannedPart[]>;
};

/** `until`: when it looks again at the latest. */
export type ScanGate =
  | Exclude<ScanDecision, { action: 'wait' }>
  | { readonly action: 'wait'; readonly until: string; readonly last: string };

/** ECR may list the findings of a scan some seconds after its event: time until the next look, and for how long there is one, in ms. */
const lateLookMs = 30_000;
const lateMs = 120_000;

/**
 * Does the stage wait for the scan of the image? The first one of a release does, and one that a later push has added: its services
 * may run other platforms.
 */
export const hasScanGate = ({ release, repository, place }: Pick<Look, 'release' | 'repository' | 'place'>): boolean => {
  if (repository.scan === undefined || release.ignoreScan) return false;
  const stages = release.stages ?? [];
  const position = stages.findIndex(({ name }) => name === place.stage);
  const tag = stages[position]?.tag;
  return position === 0 || (tag !== undefined && tag !== stages[position - 1]?.tag);
};

/** The gate before a stage by the scan of its image. It saves what it waits for before it looks, so that no event is missed. */
export const scanGate = async (deps: ScanDeps, look: Look, gate: Gate): Promise<ScanGate | 'changed'> => {
  const { place, release, input, repository } = look;
  const settings = repository.scan;
  if (!settings || !hasScanGate(look)) return { action: 'pass', warnings: [] };
  const parts = gate.scans?.parts ?? (await partsOf(deps, look));
  // No service can run the image: the checks of the stage say so.
  if (parts.length === 0) return { action: 'pass', warnings: [] };
  const noted = gate.scans ? gate : await deps.gates.noteScan(place, input.record, { since: sinceWhen(input, settings), parts });
  if (!noted?.scans) return 'changed';
  const { scans: awaited, scanEvent } = noted;
  const now = Date.parse(input.now);
  const last = Date.parse(awaited.since) + settings.waitSeconds * 1000;
  const { repository: name, tag, digest } = release.image;
  const scans = await scansOf(deps.scans, name, awaited.parts);
  const decision = decideByScans(scans, { image: imageName(name, tag, digest), settings, isOver: now >= last });
  if (decision.action !== 'wait') return decision;
  const changedAt = Date.parse(scanEvent?.at ?? awaited.since);
  const isLate = decision.late.length > 0 || decision.pending.includes(scanEvent?.digest ?? '');
  const next = isLate && now < changedAt + lateMs ? Math.min(now + lateLookMs, last) : last;
  return { action: 'wait', until: new Date(next).toISOString(), last: new Date(last).toISOString() };
};

/** The first visit has a deadline if the release waits for nothing but the scan: the wait ends with it (`scanDeadline`). */
const sinceWhen = ({ visit, deadline, now }: StageGateInput, { waitSeconds }: Scan): string =>
  visit.number === 1 && Date.parse(deadline) > Date.parse(now) ? after(deadline, -waitSeconds) : now;

const partsOf = (deps: ScanDeps, { release, place, input }: Look): Promise<readonly ScannedPart[]> => {
  const services = servicesFrom(release, place.stage);
  const look = `${input.record} ${input.visit.number}`;
  return deps.partsToScan({ image: release.image, services, configuration: deps.configuration, look });
};

/** The services of the stage and of those after it. */
const servicesFrom = ({ stages = [] }: Planned, stage: string): string[] => [
  ...new Set(
    stages.slice(stages.findIndex(({ name }) => name === stage)).flatMap(({ deployments }) => deployments.map(({ service }) => service)),
  ),
];

/** Each manifest with its scan. */
export const scansOf = (scans: Pick<ImageScans, 'of'>, repository: string, parts: readonly ScannedPart[]): Promise<PartScan[]> =>
  mapInBatches(
    parts,
    async (part) => ({ ...part, scan: await scans.of(repository, part.digest) }),
    (_, error) => {
      throw error;
    },
  );

/** What a function is allowed that reads scans. Those of Inspector need its actions, too (ECR User Guide, "IAM permissions required for enhanced scanning"). */
export const scanPermissions = atPackaging([
  {
    allow: ['ecr:DescribeImageScanFindings'],
    on: 'repositories',
    for: 'with `scan`: what the scan of the image found',
    onlyIf: scansImages,
  },
  {
    allow: ['inspector2:ListFindings', 'inspector2:ListCoverage'],
    on: 'anyFinding',
    for: 'with `scan`: the same of enhanced scanning, which ECR reads from Amazon Inspector',
    onlyIf: scansImages,
  },
] satisfies Permission[]);
