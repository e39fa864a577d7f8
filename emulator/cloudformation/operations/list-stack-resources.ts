import { operation } from '../../operation.js';
import { findStack } from '../stack.js';
import { onStack } from './on-stack.js';
import { pageOf } from './page-of.js';

type Input = { readonly StackName: string; readonly NextToken?: string };

/** The resources of a stack, in pages; the physical ID is what Ref gives. */
export const listStackResources = operation<Input, unknown>({
  service: 'cloudformation',
  name: 'ListStackResources',
  input: { StackName: 'string', NextToken: 'string' },
  required: ['StackName'],
  validationCode: 'ValidationError',
  permissions: onStack('ListStackResources'),
  run: ({ StackName, NextToken }, { account }) => {
    const { resources, events } = findStack(account, StackName);
    const newestOf = new Map(events.map((event) => [event.logicalId, event]));
    const { page, ...next } = pageOf([...resources], NextToken);
    return {
      StackResourceSummaries: page.map(([LogicalResourceId, { ref, type }]) => ({
        LogicalResourceId,
        PhysicalResourceId: ref,
        ResourceType: type,
        ResourceStatus: newestOf.get(LogicalResourceId)?.status ?? 'CREATE_COMPLETE',
        LastUpdatedTimestamp: newestOf.get(LogicalResourceId)?.time,
      })),
      ...next,
    };
  },
});
