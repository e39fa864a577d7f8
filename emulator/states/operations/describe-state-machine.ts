import { type Operation, operation } from '../../operation.js';
import type { Store } from '../store.js';

type Input = { readonly stateMachineArn: string };

type Output = {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly type: string;
  readonly creationDate: Date;
  readonly loggingConfiguration: object;
  readonly tracingConfiguration: object;
  readonly revisionId?: string;
};

export const describeStateMachine = (store: Store): Operation =>
  operation<Input, Output>({
    service: 'states',
    name: 'DescribeStateMachine',
    input: { stateMachineArn: 'string' },
    required: ['stateMachineArn'],
    permissions: ({ stateMachineArn }) => [{ action: 'states:DescribeStateMachine', resource: stateMachineArn }],
    run: ({ stateMachineArn }) => {
      const { name, status, definition, roleArn, creationDate, revisionId } = store.machine(stateMachineArn);
      return {
        stateMachineArn,
        name,
        status,
        definition: definition.text,
        roleArn,
        type: 'STANDARD',
        creationDate,
        loggingConfiguration: { includeExecutionData: false, level: 'OFF' },
        tracingConfiguration: { enabled: false },
        ...(revisionId !== undefined && { revisionId }),
      };
    },
  });
