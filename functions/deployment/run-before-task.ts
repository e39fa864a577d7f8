import { BeforeTasks } from '../../aws/before-tasks.js';
import { ContainerLogs } from '../../aws/container-logs.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { Services } from '../../aws/service.js';
import { ServiceStates } from '../../aws/service-states.js';
import { WatchItems } from '../../aws/watch-items.js';
import { hasBeforeTasks } from '../../core/configuration/hooks.js';
import { registered } from '../../core/records/records.js';
import { lostDeployment } from '../../core/result/final-result.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { unfinished } from '../../core/result/result.js';
import { type Decision, decidedByError, type ErrorDecision, WaitingStepInput } from '../../core/step/contracts.js';
import { isTimeOld } from '../../core/step/visit.js';
import { defineWaitingStep } from '../runtime/define-waiting-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { answerTo } from '../shared/before-task-answer.js';
import { type BeforeTaskDependencies, type BeforeTaskLook, isRequested } from '../shared/before-task-look.js';
import { findTask, startTask } from '../shared/start-before-task.js';
import { watchTask } from '../shared/watch-before-task.js';

/**
 * Task state `RunBeforeTask`: starts the before task with the new image, and waits until an event of ECS says that it has stopped. It
 * is run once: an answer that was lost repeats the request with its client token, and where that may have expired, no other one is sent.
 */
export const runBeforeTask =
  (deps: BeforeTaskDependencies) =>
  async (input: WaitingStepInput): Promise<Decision<'proceed'> | ErrorDecision<'LookAgain' | 'Finish'> | undefined> => {
    const { service, record: recordName, execution, visit, token } = input;
    const entered = await deps.records.enter(recordName, execution, visit);
    if (entered === 'late') return undefined;
    if (entered === 'lost') return decidedByError('Finish', lostDeployment(recordName));
    const record = registered(entered);
    // Stored before the task is described: what happens after that answers the token.
    const item = await deps.watch.storeToken(service, { record: recordName, execution }, visit, token);
    const state = await deps.states.of(service);
    const cancel = state.cancel?.record === recordName ? state.cancel : undefined;
    const look: BeforeTaskLook = { input, record, item, cancel, isHolder: state.lease?.execution === execution };
    const run = record.beforeTask;
    try {
      if (run?.ended) return await answerTo(deps, look, run.ended);
      // By an old time the client token of a request may have expired, and a task that starts now would be over its timeout.
      if (run?.task === undefined && isTimeOld(visit)) return { ...decidedByError('LookAgain', unfinished), deadline: input.deadline };
      if (!run || !isRequested(run)) return await startTask(deps, look);
      return await (run.task === undefined ? findTask(deps, look, run) : watchTask(deps, look, run, run.task));
    } catch (error) {
      if (error instanceof RejectedInput) return decidedByError('Finish', error.result);
      throw error;
    }
  };

export const { step, handler } = defineWaitingStep({
  name: 'RunBeforeTask',
  input: WaitingStepInput,
  decidesByError: true,
  permissions: atPackaging([
    { allow: ['ecs:DescribeServices'], on: 'servicesAlone', for: 'how the tasks of the service are launched', onlyIf: hasBeforeTasks },
    { allow: ['ecs:RunTask'], on: 'runnableTaskDefinitions', for: 'the before task', onlyIf: hasBeforeTasks },
    { allow: ['iam:PassRole'], on: 'taskRoles', for: 'the task definition names roles', onlyIf: hasBeforeTasks },
    { allow: ['ecs:ListTasks'], on: 'clusters', for: 'whether a before task of an earlier deployment still runs', onlyIf: hasBeforeTasks },
    {
      allow: ['ecs:DescribeTasks', 'ecs:StopTask'],
      on: 'tasks',
      for: 'how it ended; its timeout, and an operator who has it stopped',
      onlyIf: hasBeforeTasks,
    },
    { allow: ['logs:GetLogEvents'], on: 'logGroups', for: 'the last lines of a before task that failed', onlyIf: hasBeforeTasks },
    {
      allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      on: 'table',
      for: 'the record, the watch item, and whether its release has failed',
    },
  ]),
  onFailure: atPackaging('FAILED, the service is not changed; a task that runs is not stopped, and the message names it'),
  onRepeat: atPackaging('repeats the request with the same client token, which ECS answers with the same task'),
  run: (environment) => {
    const { clients, configuration } = environment;
    const table = tableIn(environment);
    return runBeforeTask({
      configuration,
      services: new Services(clients),
      tasks: new BeforeTasks(clients),
      logs: new ContainerLogs(clients),
      records: new RecordRepository(table),
      states: new ServiceStates(table),
      watch: new WatchItems(table),
    });
  },
});
