import { RecordRepository } from '../../aws/record-repository.js';
import { isNamed, isRefused, isTransient } from '../../aws/sdk-errors.js';
import { Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { WatchItems } from '../../aws/watch-items.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { limitsOf } from '../../core/configuration/service-settings.js';
import type { RecordName } from '../../core/records/record-name.js';
import { type DeploymentRecord, type Rollback, registered } from '../../core/records/records.js';
import { lostDeployment, stepFailed } from '../../core/result/final-result.js';
import * as messages from '../../core/result/messages.js';
import { type Result, type RollbackReason, resultOf, unfinished } from '../../core/result/result.js';
import { readClock } from '../../core/rollout/clock.js';
import { withFailures } from '../../core/rollout/counted-evidence.js';
import { noEvidence } from '../../core/rollout/evidence.js';
import { isDeleted, noneMissing } from '../../core/rollout/observation.js';
import { chooseRollbackMethod } from '../../core/rollout/rollback-method.js';
import { type Failure, succeeded, succeededDespite } from '../../core/rollout/rollout-decision.js';
import { rollbackNet } from '../../core/rollout/safety-net.js';
import { type Decision, decided, RollBackInput } from '../../core/step/contracts.js';
import type { Visit } from '../../core/step/visit.js';
import { acceptedDigests, isImageDeployment } from '../../core/task-definition/revision-to-copy.js';
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

/** Task state `RollBack`: reads ECS again, then stops the rollout, or updates the service, or finds nothing to roll back. */
export const rollBack =
  (deps: Deps) =>
  async ({
    service: name,
    record: recordName,
    result,
    caught,
    execution,
    visit,
    now,
  }: RollBackInput): Promise<Decision<'watch' | 'finish'>> => {
    const entered = await deps.records.enter(recordName, execution, visit);
    const later = { ...decided('watch', unfinished), ...rollbackNet };
    // No state waits for this one's answer.
    if (entered === 'late') return later;
    if (entered === 'lost') return decided('finish', lostDeployment(recordName));
    const record = registered(entered);
    const { revision, previousRevision, replacedRevisions = [], rollbackTarget, operation, image } = record;
    const to = rollbackTarget ?? previousRevision;

    // Run again after its answer was lost, the step finds its own update in progress, or complete.
    const seen = await observeRollout(deps, record, now);
    const limits = limitsOf(deps.configuration, name, isImageDeployment(record) ? image?.repository : undefined);
    const { since = now, stopRefusals = 0 } = record.rollback ?? {};
    const failure = failureOf(record, result, caught);
    const { deadline } = readClock({ ...record, rollback: { since } }, { ...seen, evidence: {} }, limits, now);
    const watch = { ...later, deadline };
    const finish = (of: Result): Decision<'finish'> => decided('finish', of);
    if (record.rollback?.method === 'update' && (seen.rollout || seen.service?.taskDefinition === to)) return watch;

    // Nothing counts any more; what events have counted is not in the record yet.
    const item = await deps.watch.beginRollback(name, recordName);
    const evidence = item ? withFailures(record.evidence ?? noEvidence, item) : (record.evidence ?? noEvidence);
    const observed = { ...seen, revision, previousRevision, replacedRevisions, rollbackTarget };
    const proof = { ...observed, operation: operation?.kind, evidence, digests: acceptedDigests(image) };
    // Neither the failure of a step nor that of tasks says that the rollout has not succeeded in the meantime.
    if (record.rollback === undefined && seen.rollout?.status === 'SUCCESSFUL') {
      const decision = caught.error === '' ? succeededDespite(proof, failure) : succeeded(proof);
      if (decision?.action === 'finish') {
        await deps.records.write(recordName, visit, { evidence, ...(seen.service?.desiredCount === 0 && { hadRunningTasks: false }) });
        return finish(decision.result);
      }
    }

    const method = chooseRollbackMethod(observed, record.rollback?.from);
    if (method === 'superseded') return finish(superseded(failure.message, seen.service));

    const begun: Rollback = { since, sentAt: now, method, ...failure };
    const sendUpdate = (): Promise<void> => {
      const rollback: Rollback = { ...begun, method: 'update', ...(seen.service && { from: seen.service.taskDefinition }) };
      return update(deps, { name: recordName, service: record.service, to, changes: { rollback, evidence }, visit });
    };
    if (method === 'update') {
      await sendUpdate();
      return watch;
    }
    const refused = stopRefusals > 0 && { stopRefusals };
    const isMine = await deps.records.write(recordName, visit, { rollback: { ...begun, ...refused }, evidence, notFound: noneMissing });
    if (!isMine) return watch;
    const refusal = method === 'stop' && seen.rollout ? await stop(deps, seen.rollout.arn) : undefined;
    // A rollout that ends on another status, or on another revision, has been stopped by then, or replaced.
    if (!refusal || !mayContinue(seen.rollout) || seen.service?.taskDefinition !== revision) return watch;
    if (isNamed(refusal, 'ConflictException') && stopRefusals === 0)
      await deps.records.write(recordName, visit, { rollback: { ...begun, stopRefusals: 1 } });
    else await sendUpdate();
    return watch;
  };

const mayContinue = (rollout: ObservedRollout['rollout']): boolean => rollout?.status === 'PENDING' || rollout?.status === 'IN_PROGRESS';

/** At most one call a visit: of two concurrent runs one sends it. If it never arrives, WatchRollout finds nothing and RollBack sends it again. */
const update = async (
  { services, records }: Deps,
  {
    name,
    service,
    to,
    changes,
    visit,
  }: { name: RecordName; service: string; to: string; changes: Partial<DeploymentRecord>; visit: Visit },
): Promise<void> => {
  if (!(await records.markAttempt(name, 'rollbackAttempt', visit, { ...changes, notFound: noneMissing }))) return;
  await services.update(service, to).catch(async (error: unknown) => {
    if (isRefused(error)) await records.write(name, visit, { rollbackAttempt: 0 });
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
