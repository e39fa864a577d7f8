import type { HistoryRecord, RowState, ServiceRow } from '../../api.js';
import { phaseKinds } from '../../phase-kinds.js';
import { imageName } from '../format/text.js';
import { timeOf } from '../format/time.js';
import { deploymentHref, releaseHref } from '../routes.js';

/** What a record in progress does: as its service says, if it is the one that moves there, else by its phase. */
export const stateOf = ({ id, phase }: Pick<HistoryRecord, 'id' | 'phase'>, row: ServiceRow | undefined): RowState | undefined => {
  if (phase === 'ended') return undefined;
  return row?.current === id ? row.state : { kind: phaseKinds[phase] };
};

export const hrefOfRecord = ({ id, kind, service, repository, unreadable }: HistoryRecord): string | undefined => {
  if (unreadable) return undefined;
  if (kind === 'deployment') return service && deploymentHref(service, id);
  return repository && releaseHref(repository, id);
};

/** The service; of a release, its repository and image. */
export const subjectOf = ({ service, repository, image, name }: HistoryRecord): string =>
  service ?? (repository ? [repository, image && imageName(image)].filter(Boolean).join(' ') : name);

const triggers: Readonly<Record<HistoryRecord['trigger']['kind'], string>> = {
  push: 'push',
  replication: 'replication',
  pullThroughCache: 'pull through cache',
  reconcile: 'reconcile',
  releasedHold: 'released hold',
  hand: 'by hand',
};

export const wordsOfTrigger = (kind: HistoryRecord['trigger']['kind']): string => triggers[kind] ?? kind;

/** Seconds from its start to its end, or to now. */
export const secondsOf = ({ startedAt, endedAt }: Pick<HistoryRecord, 'startedAt' | 'endedAt'>, now: number): number | undefined => {
  const start = timeOf(startedAt);
  const end = endedAt === undefined ? now : timeOf(endedAt);
  return start === undefined || end === undefined ? undefined : Math.max(0, (end - start) / 1000);
};
