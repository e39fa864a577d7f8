import { AwsError, NotEmulated } from '../../errors.js';
import { type Operation, operation } from '../../operation.js';
import { checkName } from '../check-name.js';
import type { Store } from '../store.js';
import { passRole } from './pass-role.js';

type Input = {
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly type?: string;
};

type Output = { readonly stateMachineArn: string; readonly creationDate: Date };

export const createStateMachine = (store: Store): Operation =>
  operation<Input, Output>({
    service: 'states',
    name: 'CreateStateMachine',
    input: { name: 'string', definition: 'string', roleArn: 'string', type: 'string' },
    required: ['name', 'definition', 'roleArn'],
    permissions: ({ name, roleArn }, account) => [
      { action: 'states:CreateStateMachine', resource: account.arn('states', `stateMachine:${name}`) },
      passRole(roleArn),
    ],
    /** Idempotent for the same definition and role. */
    run: ({ name, definition, roleArn, type = 'STANDARD' }, { account }) => {
      if (type !== 'STANDARD') throw new NotEmulated(`a state machine of type ${type}`);
      checkName(name);
      const arn = account.arn('states', `stateMachine:${name}`);
      const known = store.machines.get(arn);
      if (known?.status === 'DELETING') throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`);
      if (known && (known.definition.text !== definition || known.roleArn !== roleArn)) {
        throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
      }
      const { creationDate } = known ?? store.create({ name, arn, roleArn, definition });
      return { stateMachineArn: arn, creationDate };
    },
  });
