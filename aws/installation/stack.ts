import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import type { Read, StackFacts } from '../../core/doctor/facts.js';
import { type ClientSettings, clientFor } from '../client-settings.js';
import { allPages, both, read } from './read.js';

const cloudFormation = clientFor(CloudFormationClient);

/** Undefined if there is no stack of this name. */
const described = async (settings: ClientSettings, StackName: string) => {
  try {
    const { Stacks: [stack] = [] } = await cloudFormation(settings).send(new DescribeStacksCommand({ StackName }));
    return stack;
  } catch (error) {
    // CloudFormation has no code of its own for it: ValidationError, "Stack with id … does not exist".
    if ((error as Error).name === 'ValidationError' && /does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
};

/** The stack and its resources. */
export const readStack = async (settings: ClientSettings, StackName: string): Promise<Read<StackFacts | undefined>> => {
  const stack = await read('cloudformation:DescribeStacks', () => described(settings, StackName));
  if ('unread' in stack) return stack;
  if (!stack.value) return { value: undefined };
  const resources = await read('cloudformation:ListStackResources', () =>
    allPages(async (NextToken) => {
      const answer = await cloudFormation(settings).send(new ListStackResourcesCommand({ StackName, NextToken }));
      return { items: answer.StackResourceSummaries, next: answer.NextToken };
    }),
  );
  const answered = both(stack, resources);
  if ('unread' in answered) return answered;
  const [facts, all] = answered.value;
  return {
    value: {
      status: facts?.StackStatus ?? '',
      statusReason: facts?.StackStatusReason,
      resources: all.map(({ LogicalResourceId = '', PhysicalResourceId = '', ResourceType = '' }) => ({
        logicalId: LogicalResourceId,
        physicalId: PhysicalResourceId,
        type: ResourceType,
      })),
    },
  };
};
