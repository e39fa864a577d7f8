import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { type CreatedAt, isBeforeHistory, isHistory, periodOf } from './history.js';
import { serviceArn } from './names.js';
import { checkNumber, foundAndMissing, type Page, pageOf } from './pages.js';
import { serviceDeploymentRead, serviceRevisionRead } from './rate-limits.js';
import { type ServiceDeploymentStatus, serviceDeploymentStatuses } from './records.js';
import { onServiceAnd } from './rollout-permissions.js';
import type { EcsState } from './state.js';

type ListInput = Page & {
  readonly service: string;
  readonly cluster?: string;
  readonly status?: readonly ServiceDeploymentStatus[];
  readonly createdAt?: CreatedAt;
};

type View = {
  readonly serviceDeploymentArn: string;
  readonly targetServiceRevision: { readonly arn: string };
  readonly status: ServiceDeploymentStatus;
  readonly createdAt: Date;
  readonly [member: string]: unknown;
};

const summaryMembers = [
  'serviceDeploymentArn',
  'serviceArn',
  'clusterArn',
  'startedAt',
  'createdAt',
  'finishedAt',
  'status',
  'statusReason',
];

const summaryOf = (view: View): object => ({
  ...Object.fromEntries(summaryMembers.flatMap((name) => (view[name] === undefined ? [] : [[name, view[name]]]))),
  targetServiceRevisionArn: view.targetServiceRevision.arn,
});

export const listServiceDeployments = (state: EcsState): Operation =>
  operation<ListInput, unknown>({
    service: 'ecs',
    name: 'ListServiceDeployments',
    input: {
      service: 'string',
      cluster: 'string',
      status: { list: { oneOf: serviceDeploymentStatuses } },
      createdAt: { members: { after: 'timestamp', before: 'timestamp' } },
      nextToken: 'string',
      maxResults: 'number',
    },
    required: ['service'],
    rateLimit: serviceDeploymentRead,
    permissions: ({ cluster, service }, account) => [
      { action: 'ecs:ListServiceDeployments', resource: serviceArn(account, cluster, service) },
    ],
    run: ({ cluster, service: nameOrArn, status = [], createdAt = {}, maxResults = 20, ...input }) => {
      const service = state.service(cluster, nameOrArn);
      if (service.status === 'INACTIVE') throw new AwsError('ServiceNotFoundException', 'Service not found.');
      const asOf = state.asOf();
      const { after, before } = periodOf(createdAt, state.now);
      const views = service.serviceDeployments.flatMap(({ arn }) => {
        const view = state.versions.read<View>(arn, asOf);
        if (!view || isHistory(view.createdAt, state.now) || (status.length > 0 && !status.includes(view.status))) return [];
        const time = view.createdAt.getTime();
        return time >= after && time <= before ? [view] : [];
      });
      const { page, ...token } = pageOf(views, { ...input, maxResults });
      return { serviceDeployments: page.map(summaryOf), ...token };
    },
  });

type DescribeInput = { readonly serviceDeploymentArns: readonly string[] };

export const describeServiceDeployments = (state: EcsState): Operation =>
  operation<DescribeInput, unknown>({
    service: 'ecs',
    name: 'DescribeServiceDeployments',
    input: { serviceDeploymentArns: { list: 'string' } },
    required: ['serviceDeploymentArns'],
    rateLimit: serviceDeploymentRead,
    permissions: ({ serviceDeploymentArns }) => onServiceAnd('ecs:DescribeServiceDeployments', serviceDeploymentArns),
    run: ({ serviceDeploymentArns }) => {
      checkNumber(serviceDeploymentArns, 20, 'serviceDeploymentArns');
      const asOf = state.asOf();
      const { found, failures } = foundAndMissing(serviceDeploymentArns, (arn) => {
        const record = state.serviceDeployments.get(arn);
        return record && !isHistory(record.createdAt, state.now) ? state.versions.read(arn, asOf) : undefined;
      });
      return { serviceDeployments: found, failures };
    },
  });

type DescribeRevisionsInput = { readonly serviceRevisionArns: readonly string[] };

export const describeServiceRevisions = (state: EcsState): Operation =>
  operation<DescribeRevisionsInput, unknown>({
    service: 'ecs',
    name: 'DescribeServiceRevisions',
    input: { serviceRevisionArns: { list: 'string' } },
    required: ['serviceRevisionArns'],
    rateLimit: serviceRevisionRead,
    permissions: ({ serviceRevisionArns }) => onServiceAnd('ecs:DescribeServiceRevisions', serviceRevisionArns),
    run: ({ serviceRevisionArns }) => {
      checkNumber(serviceRevisionArns, 20, 'serviceRevisionArns');
      const asOf = state.asOf();
      const { found, failures } = foundAndMissing(serviceRevisionArns, (arn) => {
        const revision = state.serviceRevisions.get(arn);
        return revision && !isBeforeHistory(revision.createdAt) ? state.versions.read(arn, asOf) : undefined;
      });
      return { serviceRevisions: found, failures };
    },
  });
