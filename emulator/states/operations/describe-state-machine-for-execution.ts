import { type Operation, operation } from '../../operation.js';
import type { Store } from '../store.js';

type Input = { readonly executionArn: string };

type Output = {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly updateDate: Date;
  readonly loggingConfiguration: object;
  readonly tracingConfiguration: object;
  readonly revisionId?: string;
};

/**
 * The machine as it was when the execution started, before any later change. Its permission is on the execution (service
 * authorization reference of Step Functions).
 */
export const describeStateMachineForExecution = (store: Store): Operation =>
  operation<Input, Output>({
    service: 'states',
    name: 'DescribeStateMachineForExecution',
    input: { executionArn: 'string' },
    required: ['executionArn'],
    permissions: ({ executionArn }) => [{ action: 'states:DescribeStateMachineForExecution', resource: executionArn }],
    run: ({ executionArn }) => {
      const { machine, definition, roleArn, machineUpdateDate, machineRevisionId } = store.execution(executionArn);
      return {
        stateMachineArn: machine.arn,
        name: machine.name,
        definition: definition.text,
        roleArn,
        updateDate: machineUpdateDate,
        loggingConfiguration: { includeExecutionData: false, level: 'OFF' },
        tracingConfiguration: { enabled: false },
        ...(machineRevisionId !== undefined && { revisionId: machineRevisionId }),
      };
    },
  });
