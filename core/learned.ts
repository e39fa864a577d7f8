import { digestOf } from './image-reference.js';
import type { Cause, Ending } from './outcome.js';
import type { DeploymentRecord, ServiceState } from './records.js';

/** Causes that speak of the image, and not of the moment. */
const imageCauses: ReadonlySet<Cause | ''> = new Set(['CRASHED', 'UNHEALTHY', 'CANNOT_PULL', 'ALARM', 'CIRCUIT_BREAKER', 'CANCELLED']);

/** As many as an item has room for. */
const quarantineLimit = 20;

type Learned = Pick<ServiceState, 'lastGood' | 'goodBefore' | 'quarantine'>;

/** The digest that turned out bad: the new one that failed, or the one that a person rolled back from. */
const badDigest = ({ goal, image, previousImage = '' }: DeploymentRecord, { outcome, cause }: Ending): string | undefined => {
  if ((outcome === 'ROLLED_BACK' || outcome === 'ROLLBACK_FAILED') && imageCauses.has(cause)) return image?.digest;
  const leftBehind = outcome === 'SUCCEEDED' && goal?.kind === 'rollback' ? digestOf(previousImage) : undefined;
  return leftBehind === image?.digest ? undefined : leftBehind;
};

/**
 * The time with which later pushes are compared. A person who goes back wants it to stay so: a push of before his rollback
 * is older than it. To run the same once more makes it no younger.
 */
const ageOf = ({ goal, image, pushedAt, startedAt }: DeploymentRecord, lastGood: ServiceState['lastGood']): string => {
  if (goal === undefined || goal.kind === 'image') return pushedAt ?? startedAt;
  return goal.kind === 'redeploy' && lastGood && lastGood.digest === image?.digest ? lastGood.pushedAt : startedAt;
};

/** What a deployment's end teaches about its service: what works, and what is not to be tried again by itself. */
export const learnedFrom = (record: DeploymentRecord, ending: Ending, state: ServiceState, now: string): Learned => {
  const { revision, image, goal, ran = true } = record;
  const bad = badDigest(record, ending);
  const isProven = ending.outcome === 'SUCCEEDED' && ran;
  const others = (state.quarantine ?? []).filter(({ digest }) => digest !== bad && !(isProven && digest === image?.digest));
  const quarantine = bad
    ? [...others, { digest: bad, cause: ending.cause || 'rolled back by hand', at: now }].slice(-quarantineLimit)
    : others;
  if (!isProven || revision === undefined || image === undefined) return { quarantine };
  const { lastGood } = state;
  const isOther = lastGood !== undefined && lastGood.digest !== image.digest;
  return {
    quarantine,
    lastGood: {
      revision,
      digest: image.digest,
      ...(image.tag !== undefined && { tag: image.tag }),
      pushedAt: ageOf(record, lastGood),
      at: now,
    },
    ...(isOther && goal?.kind !== 'rollback' && { goodBefore: lastGood }),
  };
};
