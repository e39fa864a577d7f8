import type { Image, Priority, Trigger } from '../records/records.js';

/** The priority of a deployment; without an image its digest is empty, which is the lowest. */
export const priorityOf = (start: {
  readonly trigger: Trigger;
  readonly pushedAt?: string | undefined;
  readonly startedAt: string;
  readonly image?: Image | undefined;
  readonly execution: string;
}): Priority => ({
  isByHand: start.trigger.kind === 'hand',
  pushedAt: start.pushedAt ?? start.startedAt,
  digest: start.image?.digest ?? '',
  execution: start.execution,
});

/** Is `one` earlier than `other`? Both ISO 8601, with or without milliseconds, so not comparable as text. */
export const isBefore = (one: string, other: string): boolean => Date.parse(one) < Date.parse(other);

/** The later of two times, ISO 8601. */
export const laterOf = (one: string, other: string | undefined): string => (other !== undefined && isBefore(one, other) ? other : one);

const compareText = (one: string, other: string): number => (one === other ? 0 : one > other ? 1 : -1);

/** By hand before automatic, then the later push, then the higher digest, then the execution's ARN: a strict total order. */
export const hasPriorityOver = (one: Priority, other: Priority): boolean => {
  const order =
    Number(one.isByHand) - Number(other.isByHand) ||
    compareText(new Date(one.pushedAt).toISOString(), new Date(other.pushedAt).toISOString()) ||
    compareText(one.digest, other.digest) ||
    compareText(one.execution, other.execution);
  return order > 0;
};
