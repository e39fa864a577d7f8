import { type Operation, operation } from '../../operation.js';
import type { Store } from '../store.js';

type Input = { readonly stateMachineArn: string };

/** Deleting a machine that does not exist is no error. */
export const deleteStateMachine = (store: Store): Operation =>
  operation<Input, Record<string, never>>({
    service: 'states',
    name: 'DeleteStateMachine',
    input: { stateMachineArn: 'string' },
    required: ['stateMachineArn'],
    permissions: ({ stateMachineArn }) => [{ action: 'states:DeleteStateMachine', resource: stateMachineArn }],
    run: ({ stateMachineArn }) => {
      store.delete(stateMachineArn);
      return {};
    },
  });
