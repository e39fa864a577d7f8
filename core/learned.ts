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
  return outcome === 'SUCCEEDED' && goal?.kind === 'rollback' ? digestOf(previousImage) : undefined;
};

/** What a deployment's end teaches about its service: what works, and what is not to be tried again by itself. */
export const learnedFrom = (record: DeploymentRecord, ending: Ending, state: ServiceState, now: string): Learned => {
  const { revision, image, pushedAt, startedAt, goal, ran = true } = record;
  const bad = badDigest(record, ending);
  const others = (state.quarantine ?? []).filter(
    ({ digest }) => digest !== bad && !(ending.outcome === 'SUCCEEDED' && digest === image?.digest),
  );
  const quarantine = bad
    ? [...others, { digest: bad, cause: ending.cause || 'rolled back by hand', at: now }].slice(-quarantineLimit)
    : others;
  const isGood = ending.outcome === 'SUCCEEDED' && ran && revision !== undefined && image !== undefined;
  if (!isGood) return { quarantine };
  const { lastGood } = state;
  const isOther = lastGood !== undefined && lastGood.digest !== image.digest;
  return {
    quarantine,
    // A person who rolls back wants what was pushed before to stay: a push of before his rollback is older than it.
    lastGood: {
      revision,
      digest: image.digest,
      ...(image.tag !== undefined && { tag: image.tag }),
      pushedAt: goal?.kind === 'image' || goal === undefined ? (pushedAt ?? startedAt) : startedAt,
      at: now,
    },
    ...(isOther && goal?.kind !== 'rollback' && { goodBefore: lastGood }),
  };
};
