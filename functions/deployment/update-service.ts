import { RecordRepository } from '../../aws/record-repository.js';
import { isRefused } from '../../aws/sdk-errors.js';
import { type ServiceDescription, Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { ServiceStates } from '../../aws/service-states.js';
import { WatchItems } from '../../aws/watch-items.js';
import * as beforeTaskMessages from '../../core/before-task/messages.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { limitsOf } from '../../core/configuration/service-settings.js';
import { type DeploymentRecord, registered } from '../../core/records/records.js';
import { cancelledBeforeUpdate, lostDeployment } from '../../core/result/final-result.js';
import * as messages from '../../core/result/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { type Result, resultOf, unfinished } from '../../core/result/result.js';
import { readClock } from '../../core/rollout/clock.js';
import { noneMissing } from '../../core/rollout/observation.js';
import { uncertainNet } from '../../core/rollout/safety-net.js';
import { expectedOf } from '../../core/rollout/watch-item.js';
import { type Decision, DeploymentStepInput, decided } from '../../core/step/contracts.js';
import { knownSource } from '../../core/task-definition/revision-to-copy.js';
import { rejectUndeployable } from '../../core/task-definition/service-plan.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';

type Deps = {
  readonly configuration: Configuration;
  readonly services: Pick<Services, 'describe' | 'update'>;
  readonly rollouts: Pick<ServiceDeployments, 'find'>;
  readonly records: Pick<RecordRepository, 'enter' | 'write' | 'markAttempt'>;
  readonly states: Pick<ServiceStates, 'of'>;
  readonly watch: Pick<WatchItems, 'expect' | 'acknowledge'>;
};

/** Task state `UpdateService`: the one update forward, with nothing but the task definition. */
export const updateService =
  ({ configuration, services, rollouts, records, states, watch }: Deps) =>
  async ({
    service: name,
    record: recordName,
    execution,
    visit,
    now,
  }: DeploymentStepInput): Promise<Decision<'watch' | 'register' | 'finish'>> => {
    const entered = await records.enter(recordName, execution, visit);
    // WatchRollout finds out what became of an update that may have been sent.
    const uncertain = { ...decided('watch', unfinished), ...uncertainNet };
    // No state waits for this one's answer.
    if (entered === 'late') return uncertain;
    if (entered === 'lost') return decided('finish', lostDeployment(recordName));
    const record = registered(entered);
    const { previousRevision, revision, updateRequestedAt, updateAttempt, containers = [], startedAt } = record;

    // Run again in the same visit, after an update that may have reached ECS: reads may not show it yet, so it is not sent
    // again. If it never arrived, WatchRollout finds nothing and the machine returns here.
    if (updateAttempt === visit.number) return uncertain;
    if (updateRequestedAt !== undefined && (await rollouts.find(name, revision, { since: startedAt, now }, containers))) return uncertain;

    const { lease, cancel } = await states.of(name);
    if (lease?.execution !== execution) return decided('finish', leaseLost(updateRequestedAt));
    if (cancel?.record === recordName && updateRequestedAt === undefined) return decided('finish', cancelledBeforeUpdate(cancel));

    const withoutUpdate = resultWithoutUpdate(record);
    if (withoutUpdate) return decided('finish', withoutUpdate);

    let service: ServiceDescription;
    try {
      service = rejectUndeployable(name, await services.describe(name));
      if (service.taskDefinition === revision) return uncertain;
      if (service.taskDefinition !== previousRevision) return decided('register', unfinished);
    } catch (error) {
      if (error instanceof RejectedInput) return decided('finish', error.result);
      throw error;
    }

    const limits = limitsOf(configuration, name, knownSource(record));
    // From now on tasks of the revision may start, and fail.
    await watch.expect(name, recordName, expectedOf(record, limits, service));
    const requested = {
      updateRequestedAt: updateRequestedAt ?? now,
      replacedRevisions: service.deployments.map(({ taskDefinition }) => taskDefinition),
    };
    if (!(await records.markAttempt(recordName, 'updateAttempt', visit, { ...requested, notFound: noneMissing }))) return uncertain;
    const deploymentId = await services.update(name, revision).catch(async (error: unknown) => {
      if (isRefused(error)) await records.write(recordName, visit, { updateAttempt: 0 });
      throw error;
    });
    if (deploymentId !== undefined) await watch.acknowledge(name, recordName, deploymentId);
    const { deadline } = readClock({ ...record, ...requested }, { rollout: undefined, service, evidence: {} }, limits, now);
    return { ...decided('watch', unfinished), deadline };
  };

/** The result of a deployment that may not update its service, or was started for the before task alone; undefined for any other one. */
const resultWithoutUpdate = ({ operation, beforeTask }: DeploymentRecord): Result | undefined => {
  const isAlone = operation?.kind === 'beforeTask';
  if (!beforeTask && !isAlone) return undefined;
  if (beforeTask?.ended?.outcome !== 'SUCCEEDED')
    return resultOf('FAILED', 'BEFORE_TASK', messages.and(beforeTaskMessages.notSucceeded(), messages.serviceUnchanged()));
  return isAlone ? resultOf('SUCCEEDED', 'BEFORE_TASK_COMPLETED', beforeTaskMessages.completed(beforeTask.container)) : undefined;
};

/** Without the lease nothing is sent; an update that was sent before is not judged here. */
const leaseLost = (updateRequestedAt: string | undefined): Result =>
  updateRequestedAt === undefined
    ? resultOf('FAILED', 'ABORTED', messages.and(messages.leaseLost(), messages.serviceUnchanged()))
    : resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.leaseLost());

export const { step, handler } = defineStep({
  name: 'UpdateService',
  input: DeploymentStepInput,
  permissions: atPackaging([
    {
      allow: [
        'ecs:DescribeServices',
        'ecs:ListServiceDeployments',
        'ecs:DescribeServiceDeployments',
        'ecs:DescribeServiceRevisions',
        'ecs:UpdateService',
      ],
      on: 'services',
      for: 'the update, and whether it was made already',
    },
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the record and the watch item' },
  ]),
  onFailure: atPackaging('RollBack reads what became of the update: rolled back, or FAILED because nothing changed'),
  onRepeat: atPackaging(
    'an update that may have reached ECS is not sent again: the reads that follow find it, or find after three of them that it never arrived',
  ),
  run: (environment) =>
    updateService({
      configuration: environment.configuration,
      services: new Services(environment.clients),
      rollouts: new ServiceDeployments(environment.clients),
      records: new RecordRepository(tableIn(environment)),
      states: new ServiceStates(tableIn(environment)),
      watch: new WatchItems(tableIn(environment)),
    }),
});
