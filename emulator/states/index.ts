import type { EmulatedAccount } from '../emulated-account.js';
import type { States } from './api.js';
import { createStateMachine } from './operations/create-state-machine.js';
import { deleteStateMachine } from './operations/delete-state-machine.js';
import { describeExecution } from './operations/describe-execution.js';
import { describeStateMachine } from './operations/describe-state-machine.js';
import { describeStateMachineForExecution } from './operations/describe-state-machine-for-execution.js';
import { getExecutionHistory } from './operations/get-execution-history.js';
import { listExecutions } from './operations/list-executions.js';
import { listStateMachines } from './operations/list-state-machines.js';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './operations/send-task.js';
import { startExecution } from './operations/start-execution.js';
import { stopExecution } from './operations/stop-execution.js';
import { updateStateMachine } from './operations/update-state-machine.js';
import { validateStateMachineDefinition } from './operations/validate-state-machine-definition.js';
import { Store } from './store.js';

const operations = [
  createStateMachine,
  updateStateMachine,
  deleteStateMachine,
  describeStateMachine,
  listStateMachines,
  startExecution,
  stopExecution,
  describeExecution,
  describeStateMachineForExecution,
  listExecutions,
  getExecutionHistory,
  sendTaskSuccess,
  sendTaskFailure,
  sendTaskHeartbeat,
  validateStateMachineDefinition,
];

/** AWS Step Functions: registers its operations and returns its API for the other services. */
export const createStates = (account: EmulatedAccount): States => {
  const store = new Store(account);
  account.add(operations.map((create) => create(store)));
  return {
    createStateMachine: (spec) => {
      const known = store.machines.get(spec.arn);
      if (known) store.update(known, spec);
      else store.create(spec);
    },
    executions: (machineArn) =>
      [...store.executions.values()]
        .filter(({ machine }) => machineArn === undefined || machine.arn === machineArn)
        .map(({ arn, name, machine, status, startDate, stopDate, input, output, error, cause }) => ({
          arn,
          name,
          machineArn: machine.arn,
          status,
          startTime: startDate.getTime(),
          stopTime: stopDate?.getTime(),
          input: input.value,
          output: output === undefined ? undefined : (JSON.parse(output) as unknown),
          error,
          cause,
        })),
    history: (executionArn) => store.execution(executionArn).history.events,
    transitions: (executionArn) => store.execution(executionArn).transitions,
  };
};
