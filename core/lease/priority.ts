import { compareVersions } from '../policy/version.js';
import type { Image, Priority, QueueEntry, ServiceState, Trigger, Undone } from '../records/records.js';

/**
 * The priority of a deployment; without an image its source is empty, and its digest, too, which is the lowest. What undoes a deployment
 * has that one's priority: everything newer goes first.
 */
export const priorityOf = (start: {
  readonly trigger: Trigger;
  readonly pushedAt?: string | undefined;
  readonly startedAt: string;
  readonly image?: Image | undefined;
  readonly isVersioned?: true | undefined;
  readonly undoes?: Undone | undefined;
  readonly execution: string;
}): Priority => {
  const { repository = '', digest = '' } = start.undoes ?? start.image ?? {};
  const version = start.undoes ? start.undoes.version : start.isVersioned && start.image?.tag;
  return {
    isByHand: start.trigger.kind === 'hand',
    source: repository,
    pushedAt: start.pushedAt ?? start.startedAt,
    digest,
    ...(version !== undefined && { version }),
    execution: start.execution,
  };
};

/** The place of every start by hand. No repository has this name: theirs are in lower case (ECR API, `repositoryName`). */
export const operatorPlace = 'OPERATOR';

/** The place in the queue that a deployment may take; one waits in each. */
export const placeOf = ({ isByHand, source }: Priority): string => (isByHand ? operatorPlace : source);

/** Is `one` earlier than `other`? Both ISO 8601, with or without milliseconds, so not comparable as text. */
export const isBefore = (one: string, other: string): boolean => Date.parse(one) < Date.parse(other);

/** The later of two times, ISO 8601. */
export const laterOf = (one: string, other: string | undefined): string => (other !== undefined && isBefore(one, other) ? other : one);

const compareText = (one: string, other: string): number => (one === other ? 0 : one > other ? 1 : -1);

/**
 * Of two deployments that compete for one source's place: the higher version, if both have one, then the later push, then the higher
 * digest, then the execution's ARN. Without versions that is a strict total order; beside them, two pushes are compared as if there were
 * no third one. Deployments of different places never displace each other.
 */
export const hasPriorityOver = (one: Priority, other: Priority): boolean => {
  const order =
    versionOrder(one.version, other.version) ||
    compareText(new Date(one.pushedAt).toISOString(), new Date(other.pushedAt).toISOString()) ||
    compareText(one.digest, other.digest) ||
    compareText(one.execution, other.execution);
  return placeOf(one) === placeOf(other) && order > 0;
};

/** Positive if the first is the higher version, negative if it is the lower; 0 if they are equal, or one of them is none. */
export const versionOrder = (one: string | undefined, other: string | undefined): number =>
  one === undefined || other === undefined ? 0 : (compareVersions(one, other) ?? 0);

type Waiting = { readonly place: string; readonly since: string };

/**
 * Of two places in the queue, the one whose turn is first: the operators', then the one that has been taken for longer. A newer
 * push that takes its source's place keeps the place's time, so no source can keep another one from its turn.
 */
export const isAheadOf = (one: Waiting, other: Waiting): boolean => {
  const order =
    Number(other.place === operatorPlace) - Number(one.place === operatorPlace) ||
    Date.parse(one.since) - Date.parse(other.since) ||
    compareText(one.place, other.place);
  return order < 0;
};

/** The deployments that wait for the lease, the one whose turn is first first. */
export const inTurn = (queued: ServiceState['queued'] = {}): readonly (QueueEntry & { readonly place: string })[] =>
  Object.entries(queued)
    .map(([place, entry]) => ({ ...entry, place }))
    .sort((one, other) => (isAheadOf(one, other) ? -1 : 1));
