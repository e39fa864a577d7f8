import { RecordRepository } from '../../aws/record-repository.js';
import { isNamed, isRefused, isTransient } from '../../aws/sdk-errors.js';
import { Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { lateCallGuardSeconds } from '../../core/lease/lease.js';
import type { RecordName } from '../../core/records/record-name.js';
import { type DeploymentRecord, type Rollback, registered } from '../../core/records/records.js';
import { stepFailed } from '../../core/result/final-result.js';
import * as messages from '../../core/result/messages.js';
import { type Result, type RollbackReason, resultOf, unfinished } from '../../core/result/result.js';
import { noEvidence } from '../../core/rollout/evidence.js';
import { isDeleted } from '../../core/rollout/observation.js';
import { secondsUntilNextVisit } from '../../core/rollout/poll-interval.js';
import { chooseRollbackMethod } from '../../core/rollout/rollback-method.js';
import { type Failure, succeeded } from '../../core/rollout/rollout-decision.js';
import { type Decision, RollBackInput } from '../../core/step/contracts.js';
import { acceptedDigests } from '../../core/task-definition/revision-to-copy.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { type ObserveDependencies, type ObservedRollout, observeRollout } from '../shared/observe-rollout.js';

type Deps = ObserveDependencies & {
  readonly services: Pick<Services, 'describe' | 'update'>;
  readonly rollouts: Pick<ServiceDeployments, 'describe' | 'find' | 'newestServiceRevision' | 'stop'>;
  readonly records: Pick<RecordRepository, 'deployment' | 'update' | 'markAttempt'>;
};

/** Task state `RollBack`: reads ECS again, then stops the rollout, or updates the service, or finds nothing to roll back. */
export const rollBack =
  (deps: Deps) =>
  async ({ record: recordName, result, caught, visit, now }: RollBackInput): Promise<Decision<'wait' | 'finish'>> => {
    const record = registered(await deps.records.deployment(recordName));
    const { revision, previousRevision, replacedRevisions = [], rollbackTarget } = record;
    const to = rollbackTarget ?? previousRevision;
    const secondsSoFar = (Date.parse(now) - Date.parse(record.rollback?.since ?? now)) / 1000;
    const watch = {
      action: 'wait',
      waitSeconds: Math.max(lateCallGuardSeconds, secondsUntilNextVisit(secondsSoFar)),
      result: unfinished,
    } as const;
    const finish = (of: Result): Decision<'finish'> => ({ action: 'finish', waitSeconds: 0, result: of });

    // Run again after its answer was lost, the step finds its own update in progress, or complete.
    const seen = await observeRollout(deps, record, now);
    if (record.rollback?.method === 'update' && (seen.rollout || seen.service?.taskDefinition === to)) return watch;

    const observed = { ...seen, revision, previousRevision, replacedRevisions, rollbackTarget };
    // The failure of a step says nothing about the rollout, which may have succeeded in the meantime.
    if (record.rollback === undefined && caught.error !== '' && seen.rollout?.status === 'SUCCESSFUL') {
      const { operation, evidence = noEvidence, image } = record;
      const decision = succeeded({ ...observed, operation: operation?.kind, evidence, digests: acceptedDigests(image) });
      if (decision.action === 'finish') {
        if (seen.service?.desiredCount === 0) await deps.records.update(recordName, { hadRunningTasks: false });
        return finish(decision.result);
      }
    }

    const failure = failureOf(record, result, caught);
    const method = chooseRollbackMethod(observed, record.rollback?.from);
    if (method === 'superseded') return finish(superseded(failure.message, seen.service));

    const { since = now, stopRefusals = 0 } = record.rollback ?? {};
    const begun: Rollback = { since, method, ...failure };
    const sendUpdate = (): Promise<void> => {
      const rollback: Rollback = { ...begun, method: 'update', ...(seen.service && { from: seen.service.taskDefinition }) };
      return update(deps, { name: recordName, service: record.service, to, rollback, visit });
    };
    if (method === 'update') {
      await sendUpdate();
      return watch;
    }
    await deps.records.update(recordName, { rollback: { ...begun, ...(stopRefusals > 0 && { stopRefusals }) }, notFoundCount: 0 });
    const refusal = method === 'stop' && seen.rollout ? await stop(deps, seen.rollout.arn) : undefined;
    // A rollout that ends on another status, or on another revision, has been stopped by then, or replaced.
    if (!refusal || !mayContinue(seen.rollout) || seen.service?.taskDefinition !== revision) return watch;
    if (isNamed(refusal, 'ConflictException') && stopRefusals === 0)
      await deps.records.update(recordName, { rollback: { ...begun, stopRefusals: 1 } });
    else await sendUpdate();
    return watch;
  };

const mayContinue = (rollout: ObservedRollout['rollout']): boolean => rollout?.status === 'PENDING' || rollout?.status === 'IN_PROGRESS';

/** At most one call a visit: of two concurrent runs one sends it. If it never arrives, WatchRollout finds nothing and RollBack sends it again. */
const update = async (
  { services, records }: Deps,
  { name, service, to, rollback, visit }: { name: RecordName; service: string; to: string; rollback: Rollback; visit: string },
): Promise<void> => {
  if (!(await records.markAttempt(name, 'rollbackAttemptId', visit, { rollback, notFoundCount: 0 }))) return;
  await services.update(service, to).catch(async (error: unknown) => {
    if (isRefused(error)) await records.update(name, { rollbackAttemptId: '' });
    throw error;
  });
};

/** Answers why ECS refuses to stop the rollout; undefined if it does not. One that has just ended it refuses with a ConflictException. */
const stop = async ({ rollouts }: Deps, arn: string): Promise<unknown> => {
  try {
    await rollouts.stop(arn);
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
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the record' },
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
    }),
});
