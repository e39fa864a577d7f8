import type { ServiceOfStage, StageState, StageView } from '../../../core/query/answers.js';
import type { ReleaseDetail, ServiceKind, ServiceRow } from '../../api.js';
import type { Tone } from '../format/state.js';
import { imageName, shortDigest } from '../format/text.js';
import { timeOf } from '../format/time.js';
import type { IconName } from '../parts/icon-paths.js';

type Mark = { readonly icon: IconName; readonly tone: Tone; readonly words: string };

const marks: Readonly<Record<StageState, Mark>> = {
  ahead: { icon: 'clock', tone: 'none', words: 'not started' },
  waiting: { icon: 'clock', tone: 'none', words: 'waits' },
  running: { icon: 'moving', tone: 'blue', words: 'runs' },
  succeeded: { icon: 'check', tone: 'green', words: 'complete' },
  skipped: { icon: 'skipped', tone: 'none', words: 'skipped' },
  failed: { icon: 'close', tone: 'red', words: 'failed' },
};

const waits: Readonly<Record<NonNullable<ReleaseDetail['waiting']>['for'], Mark>> = {
  approval: { icon: 'approval', tone: 'violet', words: 'waits for approval' },
  window: { icon: 'window', tone: 'none', words: 'waits for its window' },
  scan: { icon: 'shield', tone: 'none', words: 'waits for the image scan' },
};

/** How a stage stands, on the rail beside it. */
export const markOf = ({ name, state }: StageView, waiting: ReleaseDetail['waiting']): Mark =>
  waiting?.stage === name ? waits[waiting.for] : marks[state];

/** What ended well, of how many services. */
export const doneOf = ({ services }: StageView): { readonly done: number; readonly of: number } => ({
  done: services.filter(({ deployment, undo }) => deployment?.result?.outcome === 'SUCCEEDED' && !undo).length,
  of: services.length,
});

/** From the first start to the last end, in seconds; to `now` (milliseconds) while it runs. */
export const secondsOfStage = ({ services, before, state }: StageView, now: number): number | undefined => {
  const all = [before, ...services].flatMap((one) => [one?.deployment, one?.undo].filter((deployment) => deployment !== undefined));
  const starts = all.map(({ startedAt }) => timeOf(startedAt)).filter((time) => time !== undefined);
  if (starts.length === 0) return undefined;
  const ends = all.map(({ endedAt }) => timeOf(endedAt) ?? now);
  return Math.max(0, ((state === 'running' ? now : Math.max(...ends)) - Math.min(...starts)) / 1000);
};

export type Gate = {
  readonly icon: IconName;
  readonly text: string;
  readonly state: 'passed' | 'active' | 'ahead';
};

/** What a stage passes, in order, and how far it is. The update itself is one of them. */
export const gatesOf = (stage: StageView, detail: Pick<ReleaseDetail, 'gates' | 'waiting' | 'release'>): readonly Gate[] => {
  const gates = detail.gates.find((one) => one.stage === stage.name);
  const waiting = detail.waiting?.stage === stage.name ? detail.waiting.for : undefined;
  const hasBegun = stage.state === 'running' || stage.state === 'succeeded' || stage.state === 'failed';
  const isApproved = detail.release.approvals.some((one) => one.stage === stage.name);
  const steps: readonly {
    readonly icon: IconName;
    readonly text: string;
    readonly isThere?: boolean;
    readonly wait?: string;
    readonly isPassed: boolean;
  }[] = [
    {
      icon: 'approval',
      text: isApproved ? 'Approved' : 'Approval',
      isThere: gates?.hasApproval ?? false,
      wait: 'approval',
      isPassed: isApproved || hasBegun,
    },
    { icon: 'window', text: 'Window', isThere: gates?.hasWindow ?? false, wait: 'window', isPassed: hasBegun },
    {
      icon: 'play',
      text: 'Before task',
      isThere: gates?.hasBeforeTask ?? false,
      isPassed: stage.before?.deployment?.result?.outcome === 'SUCCEEDED',
    },
    { icon: 'push', text: 'Update', isPassed: stage.state === 'succeeded' },
    { icon: 'check', text: 'Verification', isThere: gates?.hasVerification ?? false, isPassed: stage.state === 'succeeded' },
  ];
  return steps
    .filter(({ isThere }) => isThere !== false)
    .map(({ icon, text, wait, isPassed }) => ({
      icon,
      text,
      state: wait !== undefined && wait === waiting ? 'active' : isPassed ? 'passed' : 'ahead',
    }));
};

const kinds: Readonly<Record<string, ServiceKind>> = { updating: 'rollingOut' };

/** What a service of a stage does: of its own row while that deployment is the one that moves there. */
export const kindOf = ({ deployment, undo }: ServiceOfStage, row: ServiceRow | undefined): ServiceKind | undefined => {
  const latest = undo ?? deployment;
  if (!latest || latest.phase === 'ended') return undefined;
  if (row?.current === latest.id) return row.state.kind;
  return kinds[latest.phase] ?? (latest.phase as Exclude<typeof latest.phase, 'updating' | 'ended'>);
};

/** Services of a stage that have not begun, with the tasks that would be replaced. */
export const changesOfStage = (stage: StageView | undefined, rows: readonly ServiceRow[]) =>
  (stage?.services ?? []).map(({ service }) => ({ service, desired: rows.find(({ id }) => id === service)?.desired }));

/** Seconds from the label's time to the end, or to now; undefined without the label. */
export const leadSecondsOf = ({ createdAt, release }: Pick<ReleaseDetail, 'createdAt' | 'release'>, now: number): number | undefined => {
  const from = timeOf(createdAt);
  const to = timeOf(release.endedAt) ?? now;
  return from === undefined ? undefined : Math.max(0, (to - from) / 1000);
};

/** The image that a service ran before, by its name: of the deployment; of one that has not begun, what runs now. */
export const beforeOf = (
  { deployment }: ServiceOfStage,
  row: ServiceRow | undefined,
  { release, before }: Pick<ReleaseDetail, 'release' | 'before'>,
): string | undefined => {
  if (deployment) return deployment.previousImage && shortName(deployment.previousImage);
  const runs = row?.sources.find(({ repository }) => repository === release.repository) ?? before;
  return runs && runs.digest !== release.image?.digest ? imageName(runs) : undefined;
};

/** The tag, or the short digest, of `repository:tag` or `repository@sha256:…`. */
const shortName = (image: string): string => {
  const [named = image, digest] = image.split('@');
  return digest ? shortDigest(digest) : named.slice(named.lastIndexOf(':') + 1);
};

/** The name of `cluster/service` within its stage: the cluster is said where it is not named like the stage. */
export const nameIn = (stage: string, service: string): string =>
  service.startsWith(`${stage}/`) ? service.slice(stage.length + 1) : service;
