import { RecordRepository } from '../../aws/record-repository.js';
import { isNamed, isRefused, isTransient } from '../../aws/sdk-errors.js';
import { Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { WatchItems } from '../../aws/watch-items.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { limitsOf } from '../../core/configuration/service-settings.js';
import type { RecordName } from '../../core/records/record-name.js';
import { type DeploymentRecord, type RegisteredDeployment, type Rollback, registered } from '../../core/records/records.js';
import { lostDeployment, stepFailed } from '../../core/result/final-result.js';
import * as messages from '../../core/result/messages.js';
import { type Result, type RollbackReason, resultOf, unfinished } from '../../core/result/result.js';
import { readClock } from '../../core/rollout/clock.js';
import { withFailures } from '../../core/rollout/counted-evidence.js';
import { type Evidence, noEvidence } from '../../core/rollout/evidence.js';
import { isDeleted, noneMissing } from '../../core/rollout/observation.js';
import { chooseRollbackMethod } from '../../core/rollout/rollback-method.js';
import { type Failure, succeeded, succeededDespite } from '../../core/rollout/rollout-decision.js';
import { rollbackNet } from '../../core/rollout/safety-net.js';
import { type Decision, decided, RollBackInput } from '../../core/step/contracts.js';
import type { Visit } from '../../core/step/visit.js';
import { acceptedDigests, knownSource } from '../../core/task-definition/revision-to-copy.js';
import { mustBeVerified } from '../../core/verification/planned-verification.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { type ObserveDependencies, type ObservedRollout, observeRollout } from '../shared/observe-rollout.js';

type Deps = ObserveDependencies & {
  readonly services: Pick<Services, 'describe' | 'update'>;
  readonly rollouts: Pick<ServiceDeployments, 'describe' | 'find' | 'newestServiceRevision' | 'stop'>;
  readonly records: Pick<RecordRepository, 'enter' | 'write' | 'markAttempt'>;
  readonly watch: Pick<WatchItems, 'beginRollback'>;
  readonly configuration: Configuration;
};

/** One rollback as a visit of the state begins it: of which deployment, what it has seen of it, and why. */
type Attempt = {
  readonly name: RecordName;
  readonly record: RegisteredDeployment;
  readonly visit: Visit;
  readonly seen: ObservedRollout;
  readonly evidence: Evidence;
  /** What is saved of it, but for the method. */
  readonly begun: Omit<Rollback, 'method'>;
};

/** Task state `RollBack`: reads ECS again, then stops the rollout, or updates the service, or finds nothing to roll back. */
export const rollBack =
  (deps: Deps) =>
  async ({ service, record: name, result, caught, execution, visit, now }: RollBackInput): Promise<Decision<'watch' | 'finish'>> => {
    const entered = await deps.records.enter(name, execution, visit);
    // No state waits for this one's answer.
    if (entered === 'late') return { ...decided('watch', unfinished), ...rollbackNet };
    if (entered === 'lost') return decided('finish', lostDeployment(name));
    const record = registered(entered);
    const seen = await observeRollout(deps, record, now);
    const { since = now } = record.rollback ?? {};
    const limits = limitsOf(deps.configuration, service, knownSource(record));
    const { deadline } = readClock({ ...record, rollback: { since } }, { ...seen, evidence: {} }, limits, now);
    const watch: Decision<'watch'> = { ...decided('watch', unfinished), ...rollbackNet, deadline };
    // Run again after its answer was lost, the step finds its own update in progress, or complete.
    if (record.rollback?.method === 'update' && (seen.rollout || seen.service?.taskDefinition === targetOf(record))) return watch;

    const isUnverified = mustBeVerified(deps.configuration, record, seen.service);
    // The looks failed, not the revision: the next one begins its verification.
    if (isUnverified && caught.error !== '' && caught.state !== 'Verify' && isCompleted(record, seen)) return watch;

    // Nothing counts any more; what events have counted is not in the record yet.
    const item = await deps.watch.beginRollback(service, name);
    const before = record.evidence ?? noEvidence;
    const failure = failureOf(record, result, caught);
    const evidence = item ? withFailures(before, item) : before;
    const attempt: Attempt = { name, record, visit, seen, evidence, begun: { since, sentAt: now, ...failure } };
    const success = isUnverified ? undefined : successOf(attempt, caught);
    if (success) {
      await deps.records.write(name, visit, { evidence, ...(seen.service?.desiredCount === 0 && { hadRunningTasks: false }) });
      return decided('finish', success);
    }

    const { revision, previousRevision, rollbackTarget } = record;
    const method = chooseRollbackMethod({ ...seen, revision, previousRevision, rollbackTarget }, record.rollback?.from);
    if (method === 'superseded') return decided('finish', superseded(failure.message, seen.service));
    await (method === 'update' ? update(deps, attempt) : stop(deps, attempt, method));
    return watch;
  };

const targetOf = ({ rollbackTarget, previousRevision }: RegisteredDeployment): string => rollbackTarget ?? previousRevision;

const isCompleted = ({ rollback }: RegisteredDeployment, { rollout }: ObservedRollout): boolean =>
  rollback === undefined && rollout?.status === 'SUCCESSFUL';

/** Neither the failure of a step nor that of tasks says that the rollout has not succeeded in the meantime. */
const successOf = ({ record, seen, evidence, begun }: Attempt, caught: RollBackInput['caught']): Result | undefined => {
  if (!isCompleted(record, seen)) return undefined;
  const { revision, previousRevision, replacedRevisions = [], operation, image } = record;
  const digests = acceptedDigests(image);
  const proof = { ...seen, revision, previousRevision, replacedRevisions, operation: operation?.kind, evidence, digests };
  const decision = caught.error === '' ? succeededDespite(proof, begun) : succeeded(proof);
  return decision?.action === 'finish' ? decision.result : undefined;
};

/** At most one call a visit: of two concurrent runs one sends it. If it never arrives, WatchRollout finds nothing and RollBack sends it again. */
const update = async ({ services, records }: Deps, { name, record, visit, seen, evidence, begun }: Attempt): Promise<void> => {
  const rollback: Rollback = { ...begun, method: 'update', ...(seen.service && { from: seen.service.taskDefinition }) };
  if (!(await records.markAttempt(name, 'rollbackAttempt', visit, { rollback, evidence, notFound: noneMissing }))) return;
  await services.update(record.service, targetOf(record)).catch(async (error: unknown) => {
    if (isRefused(error)) await records.write(name, visit, { rollbackAttempt: 0 });
    throw error;
  });
};

/** Stops the rollout; `none`: there is none to stop. One that ECS does not stop, though it continues, is followed by an update. */
const stop = async (deps: Deps, attempt: Attempt, method: 'stop' | 'none'): Promise<void> => {
  const { name, record, visit, seen, evidence, begun } = attempt;
  const { stopRefusals = 0 } = record.rollback ?? {};
  const rollback: Rollback = { ...begun, method, ...(stopRefusals > 0 && { stopRefusals }) };
  if (!(await deps.records.write(name, visit, { rollback, evidence, notFound: noneMissing }))) return;
  const refusal = method === 'stop' && seen.rollout ? await refusedStop(deps.rollouts.stop(seen.rollout.arn)) : undefined;
  // A rollout that ends on another status, or on another revision, has been stopped by then, or replaced.
  if (!refusal || !mayContinue(seen.rollout) || seen.service?.taskDefinition !== record.revision) return;
  if (isNamed(refusal, 'ConflictException') && stopRefusals === 0)
    await deps.records.write(name, visit, { rollback: { ...rollback, stopRefusals: 1 } });
  else await update(deps, attempt);
};

const mayContinue = (rollout: ObservedRollout['rollout']): boolean => rollout?.status === 'PENDING' || rollout?.status === 'IN_PROGRESS';

/** Why ECS refuses to stop the rollout; undefined if it does not. One that has just ended it refuses with a ConflictException. */
const refusedStop = async (call: Promise<void>): Promise<unknown> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (isRefused(error) && !isTransient(error)) return error;
    throw error;
  }
};

/** Why the service is rolled back: the first reason stays, though the method may change. */
const failureOf = ({ rollback }: DeploymentRecord, result: Result, caught: RollBackInput['caught']): Failure => {
  if (rollback) return { reason: rollback.reason, message: rollback.message };
  if (caught.error === '' && result.outcome === 'ROLLBACK_FAILED')
    return { reason: result.reason as RollbackReason, message: result.message };
  return { reason: 'AWS_ERROR', message: stepFailed(caught) };
};

const superseded = (failure: string, service: ObservedRollout['service']): Result =>
  isDeleted(service)
    ? resultOf('SUPERSEDED', 'SERVICE_DELETED', messages.deletedBeforeRollback(failure))
    : resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.supersededBeforeRollback(failure));

export const { step, handler } = defineStep({
  name: 'RollBack',
  input: RollBackInput,
  permissions: atPackaging([
    {
      allow: [
        'ecs:DescribeServices',
        'ecs:ListServiceDeployments',
        'ecs:DescribeServiceDeployments',
        'ecs:DescribeServiceRevisions',
        'ecs:StopServiceDeployment',
        'ecs:UpdateService',
      ],
      on: 'services',
      for: 'the rollback',
    },
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the record and the watch item' },
  ]),
  onFailure: atPackaging(
    'another read and another try; after three failures ROLLBACK_FAILED, or UNKNOWN where not even the reason is known',
  ),
  onRepeat: atPackaging('stops what is being stopped already, or finds the update that is under way'),
  run: (environment) =>
    rollBack({
      services: new Services(environment.clients),
      rollouts: new ServiceDeployments(environment.clients),
      records: new RecordRepository(tableIn(environment)),
      watch: new WatchItems(tableIn(environment)),
      configuration: environment.configuration,
    }),
});
