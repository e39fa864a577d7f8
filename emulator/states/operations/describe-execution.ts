import { type Operation, operation } from '../../operation.js';
import type { Store } from '../store.js';

type Input = { readonly executionArn: string };

const reasons = { RUNNING: 'RUNNING', SUCCEEDED: 'SUCCEEDED' } as const;

/** Members without a value are left out. */
const withoutUndefined = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

export const describeExecution = (store: Store): Operation =>
  operation<Input, Record<string, unknown>>({
    service: 'states',
    name: 'DescribeExecution',
    input: { executionArn: 'string' },
    required: ['executionArn'],
    rateLimit: { name: 'states.DescribeExecution', burst: 300, perSecond: 15 },
    permissions: ({ executionArn }) => [{ action: 'states:DescribeExecution', resource: executionArn }],
    run: ({ executionArn }) => {
      const { machine, name, status, startDate, stopDate, input, output, error, cause } = store.execution(executionArn);
      const isRedrivable = !(status in reasons);
      return withoutUndefined({
        executionArn,
        stateMachineArn: machine.arn,
        name,
        status,
        startDate,
        stopDate,
        input: input.json,
        inputDetails: { included: true },
        output,
        outputDetails: output === undefined ? undefined : { included: true },
        error,
        cause,
        redriveCount: 0,
        redriveStatus: isRedrivable ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
        redriveStatusReason: isRedrivable ? undefined : `Execution is ${status} and cannot be redriven`,
      });
    },
  });
