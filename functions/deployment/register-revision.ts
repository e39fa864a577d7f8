import { Images } from '../../aws/image.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { ServiceStates } from '../../aws/service-states.js';
import { TaskDefinitions } from '../../aws/task-definition.js';
import { WatchItems } from '../../aws/watch-items.js';
import * as beforeTaskMessages from '../../core/before-task/messages.js';
import { beforeTaskOf } from '../../core/before-task/settings.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { settingsOf } from '../../core/configuration/service-settings.js';
import { registryOf } from '../../core/image/image-reference.js';
import { sourceOf } from '../../core/lease/service-state.js';
import { isStillDeployed, notUndone } from '../../core/lease/undo.js';
import type { DeploymentRecord, ServiceState } from '../../core/records/records.js';
import { cancelledBeforeUpdate, lostDeployment } from '../../core/result/final-result.js';
import { after } from '../../core/result/moment.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { resultOf, unfinished } from '../../core/result/result.js';
import { mayBeStale } from '../../core/rollout/clock.js';
import type { WatchItem } from '../../core/rollout/watch-item.js';
import { type Decision, decided, WaitingStepInput } from '../../core/step/contracts.js';
import { isImageDeployment, rollbackSource } from '../../core/task-definition/revision-to-copy.js';
import { planService, rejectStrategy, rejectUndeployable } from '../../core/task-definition/service-plan.js';
import { defineWaitingStep } from '../runtime/define-waiting-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { detectExternalChange } from '../shared/detect-external-change.js';
import { resultOfFailedStage } from '../shared/fail-stage.js';
import { keepWaiting } from '../shared/keep-waiting.js';
import { registerCopy } from '../shared/register-copy.js';

type Deps = {
  readonly configuration: Configuration;
  readonly services: Pick<Services, 'describe'>;
  readonly taskDefinitions: Pick<TaskDefinitions, 'active' | 'describe' | 'register'>;
  readonly records: Pick<RecordRepository, 'enter' | 'write' | 'release'>;
  readonly states: Pick<ServiceStates, 'of'>;
  readonly watch: Pick<WatchItems, 'storeToken'>;
  readonly images: Pick<Images, 'has' | 'platformDigests'>;
  readonly rollouts: Pick<ServiceDeployments, 'changeTo'>;
};

type Answer = Decision<'proceed' | 'runTask' | 'wait' | 'finish'> | undefined;

/**
 * Task state `RegisterRevision`: registers a copy of the current revision, with the image by digest. While a rollout of another
 * deployer runs, it waits, until an event of ECS wakes it. `runTask`: a before task of that revision comes before the update.
 */
export const registerRevision =
  (deps: Deps) =>
  async (input: WaitingStepInput): Promise<Answer> => {
    const { service, record: recordName, execution, visit, token } = input;
    const record = await deps.records.enter(recordName, execution, visit);
    if (record === 'late') return undefined;
    if (record === 'lost') return decided('finish', lostDeployment(recordName));
    // Stored before the service is read: a change after the read answers the token.
    const seen = await deps.watch.storeToken(service, { record: recordName, execution }, visit, token);
    try {
      return await registerOrWait(deps, input, record, seen);
    } catch (error) {
      if (error instanceof RejectedInput) return decided('finish', error.result);
      throw error;
    }
  };

/** @throws RejectedInput for a service that cannot be deployed to */
const registerOrWait = async (
  deps: Deps,
  input: WaitingStepInput,
  record: DeploymentRecord,
  seen: WatchItem | undefined,
): Promise<Answer> => {
  const { service: name, record: recordName, visit, now } = input;
  const state = await deps.states.of(name);
  const { cancel, lease, expectedRevisions } = state;
  if (cancel?.record === recordName && record.updateRequestedAt === undefined) return decided('finish', cancelledBeforeUpdate(cancel));
  const failed = await resultOfFailedStage(deps.records, record);
  if (failed) return decided('finish', failed);
  const before = beforeTaskOf(deps.configuration, record);
  if (record.operation?.kind === 'beforeTask' && !before)
    return decided('finish', resultOf('SKIPPED', 'NOT_CONFIGURED', beforeTaskMessages.notConfigured(record.stage, name)));
  const isNewImage = isImageDeployment(record);
  // A revision that exists already may have an image of any repository.
  const of = isNewImage ? record.image?.repository : rollbackSource(record, state);
  const { repository, container, timeoutSeconds, strategies } = settingsOf(deps.configuration, name, of);
  const service = rejectUndeployable(name, await deps.services.describe(name));
  rejectStrategy(name, service, strategies);
  const { taskDefinition } = service;
  const { undoes } = record;
  if (undoes && !isStillDeployed(state, undoes, taskDefinition)) return decided('finish', notUndone(undoes));
  const current = { revision: taskDefinition, ...(await deps.taskDefinitions.describe(taskDefinition)) };
  // A rollout that takes longer than that may never end, and `force` does not wait.
  const deadline = after(lease?.since ?? record.startedAt, timeoutSeconds);
  const plan = planService(name, service, current.definition, {
    image: isNewImage ? record.image : undefined,
    repositoryUri: `${registryOf(record.execution)}/${repository}`,
    container,
    isOurRollout: hasUnresolvedRollout(state, taskDefinition),
    isSettled: isSettled(state, taskDefinition, now),
    mayWait: !record.force && Date.parse(now) < Date.parse(deadline),
  });
  if (plan.action === 'wait') return keepWaiting(input, seen, deadline);
  if (plan.action === 'finish') return decided('finish', plan.result);
  const changed = await detectExternalChange(deps, record, taskDefinition, expectedRevisions, current, plan.containers, now);
  if (changed) return decided('finish', changed);

  // It runs once: after another deployer's update, the image has another revision and no second run.
  const registered = decided(before && record.beforeTask?.ended?.outcome !== 'SUCCEEDED' ? 'runTask' : 'proceed', unfinished);
  // Run again after its answer was lost, the step finds the revision that it saved.
  if (record.revision !== undefined && record.previousRevision === taskDefinition) return registered;
  const registration = await registerCopy(deps, record, state, current, plan);
  // Late: a retry of this visit may have its token, and has not saved a revision yet.
  const isSaved = await deps.records.write(recordName, visit, {
    previousRevision: taskDefinition,
    ...(isNewImage && of !== undefined && { lastDeployedBefore: sourceOf(state, of).lastDeployed ?? null }),
    ...registration,
  });
  return isSaved ? registered : undefined;
};

/** Our last deployment ended without a result: its rollout may never end, so the deployment that fixes it does not wait. */
const hasUnresolvedRollout = ({ expectedRevisions = [] }: ServiceState, current: string): boolean =>
  expectedRevisions.length > 1 && expectedRevisions.includes(current);

/** Did our last deployment leave the service on this revision, so recently that reads may still show its rollout in progress? */
const isSettled = ({ expectedRevisions = [], settledAt }: ServiceState, current: string, now: string): boolean =>
  settledAt !== undefined &&
  mayBeStale({ finishedAt: settledAt }, now) &&
  expectedRevisions.length === 1 &&
  expectedRevisions.includes(current);

export const { step, handler } = defineWaitingStep({
  name: 'RegisterRevision',
  input: WaitingStepInput,
  permissions: atPackaging([
    {
      allow: ['ecr:BatchGetImage'],
      on: 'repositories',
      for: 'whether the image of a rollback still exists; the platforms of an image that is deployed again',
    },
    {
      allow: ['ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments', 'ecs:DescribeServiceRevisions'],
      on: 'services',
      for: 'what runs now, who deployed it, and whether another image was deployed since the push',
    },
    {
      allow: ['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions', 'ecs:RegisterTaskDefinition'],
      on: 'anyTaskDefinition',
      for: 'the copy with the new image; the newest revision, if a service has that copied',
    },
    { allow: ['ecs:TagResource'], on: 'newTaskDefinitions', for: 'the tags of the copy' },
    { allow: ['iam:PassRole'], on: 'taskRoles', for: 'the copy names the roles that its base names' },
    {
      allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      on: 'table',
      for: 'the record, the watch item, and whether its release has failed',
    },
  ]),
  onFailure: atPackaging('FAILED, nothing changed'),
  onRepeat: atPackaging('uses the revision that it saved. If it could not save it, it registers a second one, and the first is never used'),
  run: (environment) =>
    registerRevision({
      configuration: environment.configuration,
      services: new Services(environment.clients),
      taskDefinitions: new TaskDefinitions(environment.clients),
      records: new RecordRepository(tableIn(environment)),
      states: new ServiceStates(tableIn(environment)),
      watch: new WatchItems(tableIn(environment)),
      images: new Images(environment.clients),
      rollouts: new ServiceDeployments(environment.clients),
    }),
});
