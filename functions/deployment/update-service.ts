import { RecordRepository } from '../../aws/record-repository.js';
import { isRefused } from '../../aws/sdk-errors.js';
import { Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { ServiceStates } from '../../aws/service-states.js';
import { lateCallGuardSeconds } from '../../core/lease/lease.js';
import { registered } from '../../core/records/records.js';
import { cancelledBeforeUpdate } from '../../core/result/final-result.js';
import * as messages from '../../core/result/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { type Result, resultOf, unfinished } from '../../core/result/result.js';
import { type Decision, UpdateServiceInput } from '../../core/step/contracts.js';
import { rejectUndeployable } from '../../core/task-definition/service-plan.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';

type Deps = {
  readonly services: Pick<Services, 'describe' | 'update'>;
  readonly rollouts: Pick<ServiceDeployments, 'find'>;
  readonly records: Pick<RecordRepository, 'deployment' | 'update' | 'markAttempt'>;
  readonly states: Pick<ServiceStates, 'of'>;
};

const end = (result: Result): Decision<'finish'> => ({ action: 'finish', waitSeconds: 0, result });

/** Task state `UpdateService`: the one update forward, with nothing but the task definition. */
export const updateService =
  ({ services, rollouts, records, states }: Deps) =>
  async ({ service: name, record: recordName, visit, now }: UpdateServiceInput): Promise<Decision<'wait' | 'register' | 'finish'>> => {
    const {
      previousRevision,
      revision,
      updateRequestedAt,
      updateAttemptId,
      containers = [],
      startedAt,
      execution,
    } = registered(await records.deployment(recordName));
    const watch = { action: 'wait', waitSeconds: lateCallGuardSeconds, result: unfinished } as const;

    // Run again in the same visit, after an update that may have reached ECS: reads may not show it yet, so it is not sent
    // again. If it never arrived, WatchRollout finds nothing and the machine returns here.
    if (updateAttemptId === visit) return watch;
    if (updateRequestedAt !== undefined && (await rollouts.find(name, revision, { since: startedAt, now }, containers))) return watch;

    const { lease, cancel } = await states.of(name);
    if (lease?.execution !== execution) return end(leaseLost(updateRequestedAt));
    // Before a run says that nothing changed, it keeps another run of this visit from changing it.
    const isUnsent = async (): Promise<boolean> =>
      updateRequestedAt !== undefined || records.markAttempt(recordName, 'updateAttemptId', visit, {});
    if (cancel?.record === recordName && updateRequestedAt === undefined)
      return (await isUnsent()) ? end(cancelledBeforeUpdate(cancel)) : watch;

    let replacedRevisions: string[];
    try {
      const service = rejectUndeployable(name, await services.describe(name));
      replacedRevisions = service.deployments.map(({ taskDefinition }) => taskDefinition);
      if (service.taskDefinition === revision) return watch;
      if (service.taskDefinition !== previousRevision) return { action: 'register', waitSeconds: lateCallGuardSeconds, result: unfinished };
    } catch (error) {
      if (error instanceof RejectedInput) return (await isUnsent()) ? end(error.result) : watch;
      throw error;
    }

    const attempt = { updateRequestedAt: updateRequestedAt ?? now, replacedRevisions, notFoundCount: 0 };
    if (!(await records.markAttempt(recordName, 'updateAttemptId', visit, attempt))) return watch;
    await services.update(name, revision).catch(async (error: unknown) => {
      if (isRefused(error)) await records.update(recordName, { updateAttemptId: '' });
      throw error;
    });
    return watch;
  };

/** Without the lease nothing is sent; an update that was sent before is not judged here. */
const leaseLost = (updateRequestedAt: string | undefined): Result =>
  updateRequestedAt === undefined
    ? resultOf('FAILED', 'ABORTED', messages.and(messages.leaseLost(), messages.serviceUnchanged()))
    : resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.leaseLost());

export const { step, handler } = defineStep({
  name: 'UpdateService',
  input: UpdateServiceInput,
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
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the record' },
  ]),
  onFailure: atPackaging('RollBack reads what became of the update: rolled back, or FAILED because nothing changed'),
  onRepeat: atPackaging(
    'an update that may have reached ECS is not sent again: the reads that follow find it, or find after three of them that it never arrived',
  ),
  run: (environment) =>
    updateService({
      services: new Services(environment.clients),
      rollouts: new ServiceDeployments(environment.clients),
      records: new RecordRepository(tableIn(environment)),
      states: new ServiceStates(tableIn(environment)),
    }),
});
