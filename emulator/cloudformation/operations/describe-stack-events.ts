import { operation } from '../../operation.js';
import { findStack } from '../stack.js';
import { onStack } from './on-stack.js';
import { pageOf } from './page-of.js';

type Input = { readonly StackName: string; readonly NextToken?: string };

/** The events of a stack and its resources, newest first, in pages. */
export const describeStackEvents = operation<Input, unknown>({
  service: 'cloudformation',
  name: 'DescribeStackEvents',
  input: { StackName: 'string', NextToken: 'string' },
  required: ['StackName'],
  validationCode: 'ValidationError',
  permissions: onStack('DescribeStackEvents'),
  run: ({ StackName, NextToken }, { account }) => {
    const { id, name, events } = findStack(account, StackName);
    const { page, ...next } = pageOf([...events].reverse(), NextToken);
    return {
      StackEvents: page.map(({ id: EventId, logicalId, physicalId, type, status, reason, time }) => ({
        StackId: id,
        StackName: name,
        EventId,
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        ResourceStatus: status,
        ResourceStatusReason: reason,
        Timestamp: time,
      })),
      ...next,
    };
  },
});
