import { AwsError } from '../../errors.js';
import { type Operation, operation } from '../../operation.js';
import { checkName } from '../check-name.js';
import { Document, maximumBytes } from '../interpreter/document.js';
import type { Store } from '../store.js';
import { checkLength } from './check-length.js';

type Input = { readonly stateMachineArn: string; readonly name?: string; readonly input?: string };

type Output = { readonly executionArn: string; readonly startDate: Date };

const parse = (input: string): Document => {
  checkLength('input', input, maximumBytes);
  try {
    return new Document(JSON.parse(input), input);
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(error as Error).message}'`);
  }
};

/**
 * The name and input of a running execution return that execution; any other used name is
 * ExecutionAlreadyExists, also with the same input once it has ended (AWS's API reference of StartExecution).
 */
export const startExecution = (store: Store): Operation =>
  operation<Input, Output>({
    service: 'states',
    name: 'StartExecution',
    input: { stateMachineArn: 'string', name: 'string', input: 'string' },
    required: ['stateMachineArn'],
    rateLimit: { name: 'states.StartExecution', burst: 1300, perSecond: 300 },
    permissions: ({ stateMachineArn }) => [{ action: 'states:StartExecution', resource: stateMachineArn }],
    run: ({ stateMachineArn, name, input = '{}' }, { account }) => {
      if (name !== undefined) checkName(name);
      const machine = store.machine(stateMachineArn);
      if (machine.status === 'DELETING') throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${stateMachineArn}'`);
      const document = parse(input);
      const known = name !== undefined && store.executions.get(store.executionArn(machine, name));
      if (known) {
        if (known.status === 'RUNNING' && known.input.json === input) return { executionArn: known.arn, startDate: known.startDate };
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${known.arn}'`);
      }
      const { arn, startDate } = store.start(machine, name ?? account.random.uuid(), document);
      return { executionArn: arn, startDate };
    },
  });
