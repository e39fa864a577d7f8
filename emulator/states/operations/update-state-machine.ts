import { AwsError } from '../../errors.js';
import { type Operation, operation } from '../../operation.js';
import type { Store } from '../store.js';
import { passRole } from './pass-role.js';

type Input = { readonly stateMachineArn: string; readonly definition?: string; readonly roleArn?: string };

type Output = { readonly updateDate: Date; readonly revisionId: string | undefined };

/** Running executions keep what they started with. */
export const updateStateMachine = (store: Store): Operation =>
  operation<Input, Output>({
    service: 'states',
    name: 'UpdateStateMachine',
    input: { stateMachineArn: 'string', definition: 'string', roleArn: 'string' },
    required: ['stateMachineArn'],
    permissions: ({ stateMachineArn, roleArn }) => [
      { action: 'states:UpdateStateMachine', resource: stateMachineArn },
      ...(roleArn === undefined ? [] : [passRole(roleArn)]),
    ],
    run: ({ stateMachineArn, definition, roleArn }, { account }) => {
      const machine = store.machine(stateMachineArn);
      if (machine.status === 'DELETING') throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${stateMachineArn}'`);
      if (definition === undefined && roleArn === undefined) {
        throw new AwsError(
          'MissingRequiredParameter',
          'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
        );
      }
      store.update(machine, { definition, roleArn });
      return { updateDate: account.clock.date(), revisionId: machine.revisionId };
    },
  });
