import { digestOf } from './image-reference.js';
import { laterOf } from './rank.js';
import type { DeploymentRecord, ServiceState } from './records.js';
import { isAlreadyRunning, type Reason, type Result } from './result/result.js';
import { isByImage } from './wanted.js';

/** Reasons that speak of the image, and not of the moment. */
const imageReasons: ReadonlySet<Reason> = new Set(['CRASHED', 'UNHEALTHY', 'CANNOT_PULL', 'ALARM', 'CIRCUIT_BREAKER', 'CANCELLED']);

/** As many as an item has room for. */
const quarantineLimit = 20;

type Learned = Pick<ServiceState, 'deployed' | 'left' | 'lastGood' | 'goodBefore' | 'quarantine'>;

/**
 * The digest that turned out bad: the new one that failed, or the one that a person rolled back from. What has worked is
 * not bad because it did not start once more, and a person who cancels a way back does not speak of where it led.
 */
const badDigest = (record: DeploymentRecord, { outcome, reason }: Result, state: ServiceState): string | undefined => {
  const { operation, image, previousImage = '' } = record;
  const before = digestOf(previousImage);
  if (before !== undefined && before === image?.digest) return undefined;
  if (outcome === 'SUCCEEDED') return operation?.kind === 'rollback' ? before : undefined;
  const hasWorked = [state.lastGood, state.goodBefore].some((good) => good !== undefined && good.digest === image?.digest);
  const isTakenBack = outcome === 'ROLLED_BACK' || outcome === 'ROLLBACK_FAILED';
  return isTakenBack && isByImage(record) && !hasWorked && imageReasons.has(reason) ? image?.digest : undefined;
};

/**
 * The time with which later pushes are compared. A person who goes back wants it to stay so: a push of before his rollback
 * is older than it. To run the same once more makes it no younger.
 */
const ageOf = ({ operation, image, pushedAt, startedAt }: DeploymentRecord, before: ServiceState['deployed']): string => {
  if (operation === undefined || operation.kind === 'image') return pushedAt ?? startedAt;
  return operation.kind === 'redeploy' && before && before.digest === image?.digest ? before.pushedAt : startedAt;
};

/** The revisions on one of which it has left the service; none where somebody else took it over, nothing where it was never touched. */
const leftOn = ({ revision, base, wayTo, endedOn, touched }: DeploymentRecord, { outcome }: Result): Pick<Learned, 'left'> => {
  if (touched === undefined) return {};
  if (outcome === 'SUPERSEDED') return { left: [] };
  const back = endedOn ?? wayTo ?? base;
  const revisions = outcome === 'SUCCEEDED' ? [revision] : outcome === 'ROLLED_BACK' ? [back] : [revision, base, wayTo, endedOn];
  return { left: [...new Set(revisions.filter((one) => one !== undefined))] };
};

/** What ran before it; to run the same once more does not change that, and what was rolled back from, or does not work, is no way back. */
const baseOf = (
  { base, image, operation, noWayBack }: DeploymentRecord,
  lastGood: ServiceState['lastGood'],
): { readonly base?: string } => {
  if (operation?.kind === 'rollback' || noWayBack) return {};
  const before = lastGood?.digest === image?.digest ? lastGood?.base : base;
  return before === undefined ? {} : { base: before };
};

/**
 * What a deployment's end teaches about its service: what works, and what is not to be tried again by itself.
 * `pushedAgainAt` is when its image was pushed once more while its release was under way.
 */
export const learnedFrom = (
  record: DeploymentRecord,
  result: Result,
  state: ServiceState,
  now: string,
  pushedAgainAt?: string,
): Learned => {
  const { revision, image, operation, ran = true } = record;
  const bad = badDigest(record, result, state);
  const hasSucceeded = result.outcome === 'SUCCEEDED';
  const others = (state.quarantine ?? []).filter(({ digest }) => digest !== bad && !(hasSucceeded && ran && digest === image?.digest));
  const quarantine = bad ? [...others, { digest: bad, reason: result.reason, at: now }].slice(-quarantineLimit) : others;
  const { lastGood, deployed = lastGood } = state;
  const taught = { quarantine, ...leftOn(record, result) };
  if (image && isAlreadyRunning(result)) {
    const pushedAt = laterOf(laterOf(record.pushedAt ?? record.startedAt, pushedAgainAt), deployed?.pushedAt);
    return { ...taught, deployed: { digest: image.digest, ...(image.tag !== undefined && { tag: image.tag }), pushedAt } };
  }
  if (!hasSucceeded || revision === undefined || image === undefined) return taught;
  const what = {
    digest: image.digest,
    ...(image.tag !== undefined && { tag: image.tag }),
    pushedAt: laterOf(ageOf(record, deployed), pushedAgainAt),
  };
  if (!ran) return { ...taught, deployed: what };
  const isOther = lastGood !== undefined && lastGood.digest !== image.digest;
  return {
    ...taught,
    deployed: what,
    lastGood: { revision, ...what, at: now, ...baseOf(record, lastGood) },
    ...(isOther && operation?.kind !== 'rollback' && { goodBefore: lastGood }),
  };
};
