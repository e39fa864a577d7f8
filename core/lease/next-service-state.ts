import { digestOf } from '../image/image-reference.js';
import type { DeploymentRecord, KnownGood, ServiceState } from '../records/records.js';
import { isAlreadyRunning, type Reason, type Result } from '../result/result.js';
import { isImageDeployment } from '../task-definition/source-revision.js';
import { laterOf } from './priority.js';

/** A deployment that ended, and the service's state before it. */
type Ended = {
  readonly record: DeploymentRecord;
  readonly result: Result;
  readonly state: ServiceState;
  /** ISO 8601. */
  readonly now: string;
  /** When its image was pushed again while its release was in progress. */
  readonly pushedAgainAt?: string | undefined;
};

/** The new value of one field; undefined if it does not change. */
type Reducer<Field extends keyof ServiceState> = (ended: Ended) => ServiceState[Field] | undefined;

export type ServiceStateUpdate = Pick<ServiceState, 'lastDeployed' | 'expectedRevisions' | 'lastGood' | 'previousGood' | 'quarantine'>;

/** Reasons that speak of the image, and not of the moment. */
const imageReasons: ReadonlySet<Reason> = new Set(['CRASHED', 'UNHEALTHY', 'CANNOT_PULL', 'ALARM', 'CIRCUIT_BREAKER', 'CANCELLED']);

/** As many as an item has room for. */
const quarantineLimit = 20;

const operationOf = ({ record: { operation } }: Ended) => operation?.kind ?? 'image';

/** Did tasks run it? A desired count of 0 proves no image. */
const isProved = ({ record: { hadRunningTasks = true, revision, image }, result }: Ended): boolean =>
  result.outcome === 'SUCCEEDED' && hadRunningTasks && revision !== undefined && image !== undefined;

/**
 * The digest that turned out bad: the new one that failed, or the one that an operator rolled back from. A digest that has
 * worked is not bad because it did not start once more, and cancelling a rollback says nothing about its target.
 */
const badDigest = (ended: Ended): string | undefined => {
  const { record, result, state } = ended;
  const { image, previousImage = '' } = record;
  const previous = digestOf(previousImage);
  if (previous !== undefined && previous === image?.digest) return undefined;
  if (result.outcome === 'SUCCEEDED') return operationOf(ended) === 'rollback' ? previous : undefined;
  const hasWorked = [state.lastGood, state.previousGood].some((good) => good !== undefined && good.digest === image?.digest);
  const isRolledBack = result.outcome === 'ROLLED_BACK' || result.outcome === 'ROLLBACK_FAILED';
  return isRolledBack && isImageDeployment(record) && !hasWorked && imageReasons.has(result.reason) ? image?.digest : undefined;
};

const quarantine: Reducer<'quarantine'> = (ended) => {
  const { record, result, state, now } = ended;
  const bad = badDigest(ended);
  const isLifted = (digest: string): boolean => isProved(ended) && digest === record.image?.digest;
  const others = (state.quarantine ?? []).filter(({ digest }) => digest !== bad && !isLifted(digest));
  // An image that was not found has no digest.
  if (!bad) return others;
  const reason: Reason = result.outcome === 'SUCCEEDED' ? 'ROLLED_BACK_BY_OPERATOR' : result.reason;
  return [...others, { digest: bad, reason, at: now }].slice(-quarantineLimit);
};

/** The revisions of which the service runs one now; none if another deployer has it, unchanged if it was not updated. */
const expectedRevisions: Reducer<'expectedRevisions'> = ({
  record: { revision, previousRevision, rollbackTarget, revisionAtFailure, updateRequestedAt },
  result: { outcome },
}) => {
  if (updateRequestedAt === undefined) return undefined;
  if (outcome === 'SUPERSEDED') return [];
  const rollback = revisionAtFailure ?? rollbackTarget ?? previousRevision;
  const revisions =
    outcome === 'SUCCEEDED'
      ? [revision]
      : outcome === 'ROLLED_BACK'
        ? [rollback]
        : [revision, previousRevision, rollbackTarget, revisionAtFailure];
  return [...new Set(revisions.filter((one) => one !== undefined))];
};

/**
 * The time with which later pushes are compared. An operator's rollback makes every earlier push older than itself; a
 * redeployment of the same image makes it no younger.
 */
const pushTime = (ended: Ended, before: ServiceState['lastDeployed']): string => {
  const { record, pushedAgainAt } = ended;
  const { image, pushedAt, startedAt } = record;
  const isSame = operationOf(ended) === 'redeploy' && before?.digest === image?.digest;
  const own = isImageDeployment(record) ? (pushedAt ?? startedAt) : isSame && before ? before.pushedAt : startedAt;
  return laterOf(own, pushedAgainAt);
};

const lastDeployed: Reducer<'lastDeployed'> = (ended) => {
  const { record, result, state, pushedAgainAt } = ended;
  const { image, revision, pushedAt, startedAt } = record;
  const { lastGood: good, lastDeployed: before = good } = state;
  if (!image) return undefined;
  const tag = image.tag !== undefined && { tag: image.tag };
  if (isAlreadyRunning(result))
    return { digest: image.digest, ...tag, pushedAt: laterOf(laterOf(pushedAt ?? startedAt, pushedAgainAt), before?.pushedAt) };
  if (result.outcome !== 'SUCCEEDED' || revision === undefined) return undefined;
  return { digest: image.digest, ...tag, pushedAt: pushTime(ended, before) };
};

/**
 * What ran before the new known good revision. A redeployment does not change it; what an operator rolled back from, or
 * what does not work, is no rollback target.
 */
const previousRevision = (ended: Ended): Pick<KnownGood, 'previousRevision'> => {
  const { record, state } = ended;
  const { previousRevision, image, rollbackUnavailableReason } = record;
  if (operationOf(ended) === 'rollback' || rollbackUnavailableReason) return {};
  const previous = state.lastGood?.digest === image?.digest ? state.lastGood?.previousRevision : previousRevision;
  return previous === undefined ? {} : { previousRevision: previous };
};

const lastGood: Reducer<'lastGood'> = (ended) => {
  const { record, now } = ended;
  const what = lastDeployed(ended);
  if (!isProved(ended) || !what || record.revision === undefined) return undefined;
  return { revision: record.revision, ...what, at: now, ...previousRevision(ended) };
};

const previousGood: Reducer<'previousGood'> = (ended) => {
  const { record, state } = ended;
  const isOther = state.lastGood !== undefined && state.lastGood.digest !== record.image?.digest;
  return isProved(ended) && isOther && operationOf(ended) !== 'rollback' ? state.lastGood : undefined;
};

const reducers: { readonly [Field in keyof ServiceStateUpdate]-?: Reducer<Field> } = {
  lastDeployed,
  expectedRevisions,
  lastGood,
  previousGood,
  quarantine,
};

/** Computes what a deployment's result changes in its service's state. */
export const nextServiceState = (
  record: DeploymentRecord,
  result: Result,
  state: ServiceState,
  now: string,
  pushedAgainAt?: string,
): ServiceStateUpdate => {
  const ended: Ended = { record, result, state, now, pushedAgainAt };
  const changes = Object.entries(reducers).map(([field, reduce]) => [field, reduce(ended)] as const);
  return Object.fromEntries(changes.filter(([, value]) => value !== undefined));
};
