import { digestOf, parseImageReference } from '../image/image-reference.js';
import type { DeploymentRecord, KnownGood, ServiceState, Source } from '../records/records.js';
import { isAlreadyRunning, type Reason, type Result } from '../result/result.js';
import { isQuarantined, otherDigests, quarantineOf } from '../rollout/quarantine.js';
import { isImageDeployment } from '../task-definition/revision-to-copy.js';
import { isNewer } from './lease.js';
import { laterOf } from './priority.js';
import { type StateChange, sourceOf } from './service-state.js';

/** A deployment that has a result, and the state before it of its service and of its image's source. */
type Finished = {
  readonly record: DeploymentRecord;
  readonly result: Result;
  readonly state: ServiceState;
  /** Empty without an image. */
  readonly repository: string;
  readonly source: Source;
  /** ISO 8601. */
  readonly now: string;
  /** The last push of its image while its release was in progress. ISO 8601. */
  readonly pushedAgainAt?: string | undefined;
};

/** Failures that the image causes if a container that has it failed: it would fail again. Others, such as a lack of capacity, pass. */
const imageReasons: ReadonlySet<Reason> = new Set(['CRASHED', 'UNHEALTHY', 'CANNOT_PULL']);

/** The judgement of an operator, or of an alarm that the service's owner chose. */
const judgements: ReadonlySet<Reason> = new Set(['ALARM', 'CANCELLED']);

const speaksOfImage = ({ record: { evidence, beforeTask, verification }, result: { outcome, reason } }: Finished): boolean => {
  if (outcome === 'FAILED') return reason === 'BEFORE_TASK' && beforeTask?.ended?.speaksOfImage === true;
  if (reason === 'VERIFICATION') return verification?.failure?.speaksOfImage === true;
  return judgements.has(reason) || (imageReasons.has(reason) && evidence?.hasImageFailed === true);
};

/** Keeps the item small: DynamoDB takes 400 KB an item, and the newest failures are those that matter. */
const quarantineLimit = 20;

/** So many times in a row an operator can roll a source back. */
export const knownGoodLimit = 10;

const operationOf = ({ record: { operation } }: Finished) => operation?.kind ?? 'image';

/** An operator judges what they roll back from; a release that undoes what it changed says nothing about the image. */
const isByOperator = ({ record: { operation, undoes } }: Finished): boolean => undoes?.isByOperator ?? operation?.kind === 'rollback';

const isRollback = ({ record: { operation, undoes } }: Finished): boolean => undoes !== undefined || operation?.kind === 'rollback';

/** Did tasks of the service run the image? A desired count of 0 proves nothing about it, nor does a before task. */
const isProved = (finished: Finished): boolean => {
  const { hadRunningTasks = true, revision, image } = finished.record;
  const isRunning = finished.result.outcome === 'SUCCEEDED' && hadRunningTasks && operationOf(finished) !== 'beforeTask';
  return isRunning && revision !== undefined && image !== undefined;
};

/**
 * The digest to quarantine: the new one that failed, or the one that an operator rolled back from. A digest that has worked
 * before is not quarantined because a later start failed, and cancelling a rollback says nothing about its target.
 */
const badDigest = (finished: Finished): string | undefined => {
  const { record, result, state, repository } = finished;
  const { image, previousImage = '' } = record;
  const previous = digestOf(previousImage);
  if (previous !== undefined && previous === image?.digest) return undefined;
  if (result.outcome === 'SUCCEEDED') return isByOperator(finished) ? previous : undefined;
  const hasWorked = knownGoodOf(state, repository).some(({ digest }) => digest === image?.digest);
  const hasFailed = result.outcome === 'ROLLED_BACK' || result.outcome === 'ROLLBACK_FAILED' || result.outcome === 'FAILED';
  return hasFailed && isImageDeployment(record) && !hasWorked && speaksOfImage(finished) ? image?.digest : undefined;
};

/** Without the entries that have lapsed. */
const quarantine = (finished: Finished): NonNullable<Source['quarantine']> => {
  const { record, result, state, repository, now } = finished;
  const bad = badDigest(finished);
  const isLifted = (digest: string): boolean => isProved(finished) && digest === record.image?.digest;
  const rest = quarantineOf(state, repository).filter(({ digest }) => digest !== bad && !isLifted(digest));
  // Undefined, or empty: an image that is referenced by tag alone has no digest.
  if (!bad) return rest;
  const reason: Reason = result.outcome === 'SUCCEEDED' ? 'ROLLED_BACK_BY_OPERATOR' : result.reason;
  return [...rest, { digest: bad, reason, at: now, others: otherDigests(state, repository) }].slice(-quarantineLimit);
};

/**
 * The revisions of which the service runs one now; none if another deployer changed it, unchanged if no update was requested. A verification
 * that ended for another deployment leaves it on ours.
 */
const expectedRevisions = ({
  record: { revision, previousRevision, rollbackTarget, revisionAtFailure, updateRequestedAt, verification },
  result: { outcome },
}: Finished): ServiceState['expectedRevisions'] => {
  if (updateRequestedAt === undefined) return undefined;
  if (outcome === 'SUPERSEDED') return verification && revision !== undefined ? [revision] : [];
  const rollback = revisionAtFailure ?? rollbackTarget ?? previousRevision;
  const any = [revision, previousRevision, rollbackTarget, revisionAtFailure];
  const revisions = outcome === 'SUCCEEDED' ? [revision] : outcome === 'ROLLED_BACK' ? [rollback] : any;
  return [...new Set(revisions.filter((one) => one !== undefined))];
};

const settledAt = ({ record: { updateRequestedAt, verification }, result: { outcome }, now }: Finished): ServiceState['settledAt'] => {
  if (outcome === 'SUPERSEDED') return verification?.since;
  return updateRequestedAt !== undefined && (outcome === 'SUCCEEDED' || outcome === 'ROLLED_BACK') ? now : undefined;
};

/**
 * The time that later pushes are compared with. An operator's rollback or named revision counts from its start, so every earlier
 * push is older. A redeployment of the same image keeps the image's time.
 */
const pushTime = (finished: Finished, before: Source['lastDeployed']): string => {
  const { record, pushedAgainAt } = finished;
  const { image, pushedAt, startedAt } = record;
  const isSame = operationOf(finished) === 'redeploy' && before?.digest === image?.digest;
  if (isImageDeployment(record)) return laterOf(pushedAt ?? startedAt, pushedAgainAt);
  return laterOf(isSame && before ? before.pushedAt : startedAt, pushedAgainAt);
};

/** A release that undoes what it changed leaves the source as it was before, without anything deployed last if there was nothing. */
const lastDeployed = (finished: Finished): Source['lastDeployed'] | null => {
  const { undoes } = finished.record;
  if (!undoes || isByOperator(finished)) return deployed(finished);
  return finished.result.outcome === 'SUCCEEDED' ? undoes.lastDeployedBefore : undefined;
};

const deployed = (finished: Finished): Source['lastDeployed'] => {
  const { record, result, source, pushedAgainAt } = finished;
  const { image, revision, pushedAt, startedAt } = record;
  const { lastDeployed: before } = source;
  if (!image) return undefined;
  const tag = image.tag !== undefined && { tag: image.tag };
  if (isAlreadyRunning(result))
    return { digest: image.digest, ...tag, pushedAt: laterOf(laterOf(pushedAt ?? startedAt, pushedAgainAt), before?.pushedAt) };
  if (result.outcome !== 'SUCCEEDED' || revision === undefined) return undefined;
  return { digest: image.digest, ...tag, pushedAt: pushTime(finished, before) };
};

/**
 * Null once the image that a hold kept back is decided about, or a newer one is deployed. An operator's start that failed has changed
 * nothing, and decided nothing for the pushes.
 */
const withheld = (finished: Finished): null | undefined => {
  const { record, result, source } = finished;
  const { withheld: kept } = source;
  const isUndecided = result.reason === 'ON_HOLD' || (record.trigger.kind === 'hand' && result.outcome === 'FAILED');
  if (!kept || isUndecided) return undefined;
  // What a release undoes, it does not decide about.
  if (record.undoes && !isByOperator(finished)) return undefined;
  const last = deployed(finished);
  return record.image?.digest === kept.digest || (last && isNewer(last, kept)) ? null : undefined;
};

/**
 * What ran before the image was first known to be good, as a later rollback target. A revision with the same image, that an operator
 * rolled back from, that is quarantined, or that was not seen to work, is no target.
 */
const previousRevision = (finished: Finished): Pick<KnownGood, 'previousRevision'> => {
  const { record, state, repository } = finished;
  const { previousRevision, previousImage = '', image, rollbackUnavailableReason } = record;
  if (rollbackUnavailableReason) return {};
  const good = knownGoodOf(state, repository).find(({ digest }) => digest === image?.digest);
  const digest = digestOf(previousImage);
  const isTarget = !isRollback(finished) && !isQuarantined(state, digest) && (!digest || digest !== image?.digest);
  const previous = good ? good.previousRevision : isTarget ? previousRevision : undefined;
  return previous === undefined ? {} : { previousRevision: previous };
};

const knownGoodOf = ({ knownGood = [] }: ServiceState, repository: string): readonly KnownGood[] =>
  knownGood.filter((one) => one.repository === repository);

/**
 * What an operator rolled back from is known good no more, so that no later rollback leads to it, whether or not its quarantine has
 * lapsed; nor is the revision of what was undone. Undefined if nothing changes.
 */
const knownGood = (finished: Finished): ServiceState['knownGood'] => {
  const { record, result, state, repository, now } = finished;
  const { revision, undoes } = record;
  const what = deployed(finished);
  const bad = badDigest(finished);
  const undone = result.outcome === 'SUCCEEDED' ? undoes?.revision : undefined;
  const before = knownGoodOf(state, repository);
  const rest = before.filter((one) => one.digest !== bad && one.revision !== undone);
  const isGood = isProved(finished) && what !== undefined && revision !== undefined;
  if (!isGood && rest.length === before.length) return undefined;
  const good = isGood ? [{ revision, repository, ...what, at: now, ...previousRevision(finished) }] : [];
  const kept = new Set([...rest.filter(({ digest }) => digest !== good[0]?.digest), ...good].slice(-knownGoodLimit));
  return [...(state.knownGood ?? []).filter((one) => one.repository !== repository || kept.has(one)), ...good];
};

/** A named revision has every source's image: no earlier push is deployed over it. Which digest the others have is not recorded. */
const otherSources = (finished: Finished): StateChange['sources'] => {
  const { record, result, state } = finished;
  if (operationOf(finished) !== 'taskDefinition' || result.outcome !== 'SUCCEEDED') return {};
  const deployed = Object.entries(state.sources ?? {}).filter(([, source]) => source.lastDeployed !== undefined);
  return Object.fromEntries(deployed.map(([repository]) => [repository, { lastDeployed: { digest: '', pushedAt: record.startedAt } }]));
};

/** The source of a deployment. A rollback may lead to a revision whose container had an image of another repository, or of none in ECR. */
const repositoryOf = ({ operation, undoes, image, previousImage = '' }: DeploymentRecord): string => {
  if (undoes) return undoes.repository;
  const from = operation?.kind === 'rollback' ? (operation.repository ?? parseImageReference(previousImage)?.repository) : undefined;
  return from ?? image?.repository ?? '';
};

const withoutUndefined = <Members extends object>(members: { readonly [Key in keyof Members]: Members[Key] | undefined }): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;

/**
 * Computes what a deployment's result changes in its service's state: the members that change, and no others. `now` and
 * `pushedAgainAt` are ISO 8601.
 */
export const nextServiceState = (
  record: DeploymentRecord,
  result: Result,
  state: ServiceState,
  now: string,
  pushedAgainAt?: string,
): StateChange => {
  const repository = repositoryOf(record);
  const source = sourceOf(state, repository);
  const finished: Finished = { record, result, state, repository, source, now, pushedAgainAt };
  // It has deployed nothing, and decided nothing for the pushes that a hold keeps back.
  if (operationOf(finished) === 'beforeTask') return { sources: { [repository]: { quarantine: quarantine(finished) } } };
  const changed = { lastDeployed: lastDeployed(finished), quarantine: quarantine(finished), withheld: withheld(finished) };
  return withoutUndefined<StateChange>({
    expectedRevisions: expectedRevisions(finished),
    settledAt: settledAt(finished),
    knownGood: knownGood(finished),
    sources: { ...otherSources(finished), ...(repository !== '' && { [repository]: withoutUndefined(changed) }) },
  });
};
