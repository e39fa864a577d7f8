import { operation } from '../../operation.js';
import { deployedStacks, findStack } from '../stack.js';
import { onStack } from './on-stack.js';

type Input = { readonly StackName?: string };

/** Describes one stack, or all. A missing one is a ValidationError, as on AWS. */
export const describeStacks = operation<Input, unknown>({
  service: 'cloudformation',
  name: 'DescribeStacks',
  input: { StackName: 'string' },
  validationCode: 'ValidationError',
  permissions: onStack('DescribeStacks'),
  run: ({ StackName }, { account }) => ({
    Stacks: (StackName === undefined ? deployedStacks(account) : [findStack(account, StackName)]).map(
      ({ id, name, status, creationTime, outputs }) => ({
        StackId: id,
        StackName: name,
        StackStatus: status,
        CreationTime: creationTime,
        Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      }),
    ),
  }),
});
