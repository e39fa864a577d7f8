import type { Image, Trigger } from '../records/records.js';

/** What decides who goes first where two want to deploy one service. */
export type Priority = {
  readonly isByHand: boolean;
  /** Of the push event; of a start by hand, when it was started. ISO 8601. */
  readonly pushedAt: string;
  readonly digest: string;
  readonly execution: string;
};

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

/** Of two times; ISO 8601, with or without milliseconds. */
export const isBefore = (one: string, other: string): boolean => Date.parse(one) < Date.parse(other);

/** Of two times, the later. */
export const laterOf = (one: string, other: string | undefined): string => (other !== undefined && isBefore(one, other) ? other : one);

const newer = (one: string, other: string): number => (one === other ? 0 : one > other ? 1 : -1);

/** By hand before automatic, then the later push, then the higher digest, then the execution's ARN: never a draw between two. */
export const hasPriorityOver = (one: Priority, other: Priority): boolean => {
  const order =
    Number(one.isByHand) - Number(other.isByHand) ||
    newer(new Date(one.pushedAt).toISOString(), new Date(other.pushedAt).toISOString()) ||
    newer(one.digest, other.digest) ||
    newer(one.execution, other.execution);
  return order > 0;
};
