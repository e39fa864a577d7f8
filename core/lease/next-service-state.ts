import { digestOf } from '../image/image-reference.js';
import type { DeploymentRecord, KnownGood, ServiceState } from '../records/records.js';
import { isAlreadyRunning, type Reason, type Result } from '../result/result.js';
import { isImageDeployment } from '../task-definition/revision-to-copy.js';
import { laterOf } from './priority.js';

/** A deployment that has a result, and the service's state before it. */
type Finished = {
  readonly record: DeploymentRecord;
  readonly result: Result;
  readonly state: ServiceState;
  /** ISO 8601. */
  readonly now: string;
  /** The last push of its image while its release was in progress. ISO 8601. */
  readonly pushedAgainAt?: string | undefined;
};

/** The new value of one field; undefined if it does not change. */
type Reducer<Field extends keyof ServiceState> = (finished: Finished) => ServiceState[Field] | undefined;

export type ServiceStateUpdate = Pick<ServiceState, 'lastDeployed' | 'expectedRevisions' | 'lastGood' | 'previousGood' | 'quarantine'>;

/** Failures that the image causes if a container that has it failed: it would fail again. Others, such as a lack of capacity, pass. */
const imageReasons: ReadonlySet<Reason> = new Set(['CRASHED', 'UNHEALTHY', 'CANNOT_PULL']);

/** The judgement of an operator, or of an alarm that the service's owner chose. */
const judgements: ReadonlySet<Reason> = new Set(['ALARM', 'CANCELLED']);

const speaksOfImage = ({ record: { evidence }, result: { reason } }: Finished): boolean =>
  judgements.has(reason) || (imageReasons.has(reason) && evidence?.hasImageFailed === true);

/** Keeps the item small: DynamoDB takes 400 KB an item, and the newest failures are those that matter. */
const quarantineLimit = 20;

const operationOf = ({ record: { operation } }: Finished) => operation?.kind ?? 'image';

/** Did tasks run the image? A desired count of 0 proves nothing about it. */
const isProved = ({ record: { hadRunningTasks = true, revision, image }, result }: Finished): boolean =>
  result.outcome === 'SUCCEEDED' && hadRunningTasks && revision !== undefined && image !== undefined;

/**
 * The digest to quarantine: the new one that failed, or the one that an operator rolled back from. A digest that has worked
 * before is not quarantined because a later start failed, and cancelling a rollback says nothing about its target.
 */
const badDigest = (finished: Finished): string | undefined => {
  const { record, result, state } = finished;
  const { image, previousImage = '' } = record;
  const previous = digestOf(previousImage);
  if (previous !== undefined && previous === image?.digest) return undefined;
  if (result.outcome === 'SUCCEEDED') return operationOf(finished) === 'rollback' ? previous : undefined;
  const hasWorked = [state.lastGood, state.previousGood].some((good) => good !== undefined && good.digest === image?.digest);
  const isRolledBack = result.outcome === 'ROLLED_BACK' || result.outcome === 'ROLLBACK_FAILED';
  return isRolledBack && isImageDeployment(record) && !hasWorked && speaksOfImage(finished) ? image?.digest : undefined;
};

const quarantine: Reducer<'quarantine'> = (finished) => {
  const { record, result, state, now } = finished;
  const bad = badDigest(finished);
  const isLifted = (digest: string): boolean => isProved(finished) && digest === record.image?.digest;
  const others = (state.quarantine ?? []).filter(({ digest }) => digest !== bad && !isLifted(digest));
  // Undefined, or empty: an image that is referenced by tag alone has no digest.
  if (!bad) return others;
  const reason: Reason = result.outcome === 'SUCCEEDED' ? 'ROLLED_BACK_BY_OPERATOR' : result.reason;
  return [...others, { digest: bad, reason, at: now }].slice(-quarantineLimit);
};

/** The revisions of which the service runs one now; none if another deployer changed it, unchanged if no update was requested. */
const expectedRevisions: Reducer<'expectedRevisions'> = ({
  record: { revision, previousRevision, rollbackTarget, revisionAtFailure, updateRequestedAt },
  result: { outcome },
}) => {
  if (updateRequestedAt === undefined) return undefined;
  if (outcome === 'SUPERSEDED') return [];
  const rollback = revisionAtFailure ?? rollbackTarget ?? previousRevision;
  const any = [revision, previousRevision, rollbackTarget, revisionAtFailure];
  const revisions = outcome === 'SUCCEEDED' ? [revision] : outcome === 'ROLLED_BACK' ? [rollback] : any;
  return [...new Set(revisions.filter((one) => one !== undefined))];
};

/**
 * The time that later pushes are compared with. An operator's rollback or named revision counts from its start, so every earlier
 * push is older. A redeployment of the same image keeps the image's time.
 */
const pushTime = (finished: Finished, before: ServiceState['lastDeployed']): string => {
  const { record, pushedAgainAt } = finished;
  const { image, pushedAt, startedAt } = record;
  const isSame = operationOf(finished) === 'redeploy' && before?.digest === image?.digest;
  if (isImageDeployment(record)) return laterOf(pushedAt ?? startedAt, pushedAgainAt);
  return laterOf(isSame && before ? before.pushedAt : startedAt, pushedAgainAt);
};

const lastDeployed: Reducer<'lastDeployed'> = (finished) => {
  const { record, result, state, pushedAgainAt } = finished;
  const { image, revision, pushedAt, startedAt } = record;
  const { lastGood: good, lastDeployed: before = good } = state;
  if (!image) return undefined;
  const tag = image.tag !== undefined && { tag: image.tag };
  if (isAlreadyRunning(result))
    return { digest: image.digest, ...tag, pushedAt: laterOf(laterOf(pushedAt ?? startedAt, pushedAgainAt), before?.pushedAt) };
  if (result.outcome !== 'SUCCEEDED' || revision === undefined) return undefined;
  return { digest: image.digest, ...tag, pushedAt: pushTime(finished, before) };
};

/**
 * What ran before the new known good revision, as a later rollback target. A redeployment keeps it. A revision that an operator
 * rolled back from, or that was not seen to work, is no target.
 */
const previousRevision = (finished: Finished): Pick<KnownGood, 'previousRevision'> => {
  const { record, state } = finished;
  const { previousRevision, image, rollbackUnavailableReason } = record;
  if (operationOf(finished) === 'rollback' || rollbackUnavailableReason) return {};
  const previous = state.lastGood?.digest === image?.digest ? state.lastGood?.previousRevision : previousRevision;
  return previous === undefined ? {} : { previousRevision: previous };
};

const lastGood: Reducer<'lastGood'> = (finished) => {
  const { record, now } = finished;
  const what = lastDeployed(finished);
  if (!isProved(finished) || !what || record.revision === undefined) return undefined;
  return { revision: record.revision, ...what, at: now, ...previousRevision(finished) };
};

const previousGood: Reducer<'previousGood'> = (finished) => {
  const { record, state } = finished;
  const isOther = state.lastGood !== undefined && state.lastGood.digest !== record.image?.digest;
  return isProved(finished) && isOther && operationOf(finished) !== 'rollback' ? state.lastGood : undefined;
};

const reducers: { readonly [Field in keyof ServiceStateUpdate]-?: Reducer<Field> } = {
  lastDeployed,
  expectedRevisions,
  lastGood,
  previousGood,
  quarantine,
};

/**
 * Computes the next service state from a deployment's result: the members that change, and no others. `now` and `pushedAgainAt`
 * are ISO 8601.
 */
export const nextServiceState = (
  record: DeploymentRecord,
  result: Result,
  state: ServiceState,
  now: string,
  pushedAgainAt?: string,
): ServiceStateUpdate => {
  const finished: Finished = { record, result, state, now, pushedAgainAt };
  const changes = Object.entries(reducers).map(([field, reduce]) => [field, reduce(finished)] as const);
  return Object.fromEntries(changes.filter(([, value]) => value !== undefined));
};
