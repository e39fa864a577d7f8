import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { type Page, pageOf } from './pages.js';
import { taskDefinitionModify, taskDefinitionRead } from './rate-limits.js';
import type { EcsState } from './state.js';
import { taskDefinitionView } from './task-definition-view.js';

type Reference = { readonly taskDefinition: string; readonly include?: readonly string[] };

export const describeTaskDefinition = (state: EcsState): Operation =>
  operation<Reference, unknown>({
    service: 'ecs',
    name: 'DescribeTaskDefinition',
    input: { taskDefinition: 'string', include: { list: { oneOf: ['TAGS'] } } },
    required: ['taskDefinition'],
    rateLimit: taskDefinitionRead,
    run: ({ taskDefinition, include = [] }) => {
      const found = state.findTaskDefinition(taskDefinition);
      const view = found && state.versions.read(found.arn, state.asOf());
      if (!view) throw new AwsError('ClientException', 'Unable to describe task definition.');
      return { taskDefinition: view, ...(include.includes('TAGS') && { tags: found.tags }) };
    },
  });

export const deregisterTaskDefinition = (state: EcsState): Operation =>
  operation<Reference, unknown>({
    service: 'ecs',
    name: 'DeregisterTaskDefinition',
    input: { taskDefinition: 'string' },
    required: ['taskDefinition'],
    rateLimit: taskDefinitionModify,
    run: ({ taskDefinition }) => {
      const found = taskDefinition.includes(':') ? state.findTaskDefinition(taskDefinition) : undefined;
      if (!found) throw new AwsError('ClientException', 'The specified task definition does not exist.');
      found.status = 'INACTIVE';
      found.deregisteredAt ??= state.date();
      const view = taskDefinitionView(found);
      state.versions.record(found.arn, view);
      return { taskDefinition: view };
    },
  });

type ListInput = Page & { readonly familyPrefix?: string; readonly status?: string; readonly sort?: string };

export const listTaskDefinitions = (state: EcsState): Operation =>
  operation<ListInput, unknown>({
    service: 'ecs',
    name: 'ListTaskDefinitions',
    input: {
      familyPrefix: 'string',
      status: { oneOf: ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'] },
      sort: { oneOf: ['ASC', 'DESC'] },
      nextToken: 'string',
      maxResults: 'number',
    },
    rateLimit: taskDefinitionRead,
    run: ({ familyPrefix, status = 'ACTIVE', sort = 'ASC', ...input }) => {
      const asOf = state.asOf();
      // Despite its name it is the full family name.
      const families = familyPrefix === undefined ? [...state.families.keys()].sort() : [familyPrefix];
      const arns = families
        .flatMap((family) => state.families.get(family) ?? [])
        .filter(({ arn }) => state.versions.read<{ status: string }>(arn, asOf)?.status === status)
        .map(({ arn }) => arn);
      const { page, ...token } = pageOf(sort === 'DESC' ? arns.reverse() : arns, input);
      return { taskDefinitionArns: page, ...token };
    },
  });
