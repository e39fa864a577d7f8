import { type Operation, operation } from '../operation.js';
import { serviceArn } from './names.js';
import { checkNumber, foundAndMissing, type Page, pageOf } from './pages.js';
import { serviceRead } from './rate-limits.js';
import { launchTypes, schedulingStrategies } from './service-shape.js';
import type { EcsState } from './state.js';

type DescribeInput = { readonly cluster?: string; readonly services: readonly string[]; readonly include?: readonly string[] };

export const describeServices = (state: EcsState): Operation =>
  operation<DescribeInput, unknown>({
    service: 'ecs',
    name: 'DescribeServices',
    input: { cluster: 'string', services: { list: 'string' }, include: { list: { oneOf: ['TAGS'] } } },
    required: ['services'],
    rateLimit: serviceRead,
    permissions: ({ cluster, services }, account) =>
      services.map((service) => ({ action: 'ecs:DescribeServices', resource: serviceArn(account, cluster, service) })),
    run: ({ cluster, services, include = [] }) => {
      checkNumber(services, 10, 'services');
      state.cluster(cluster);
      const asOf = state.asOf();
      const arns = services.map((service) => state.serviceArn(cluster, service));
      const { found, failures } = foundAndMissing(arns, (arn) => state.versions.read<{ tags?: unknown }>(arn, asOf));
      return { services: include.includes('TAGS') ? found : found.map(({ tags: _, ...service }) => service), failures };
    },
  });

type ListInput = Page & { readonly cluster?: string; readonly launchType?: string; readonly schedulingStrategy?: string };

export const listServices = (state: EcsState): Operation =>
  operation<ListInput, unknown>({
    service: 'ecs',
    name: 'ListServices',
    input: {
      cluster: 'string',
      nextToken: 'string',
      maxResults: 'number',
      launchType: launchTypes,
      schedulingStrategy: schedulingStrategies,
    },
    rateLimit: serviceRead,
    run: ({ cluster, launchType, schedulingStrategy, maxResults = 10, ...input }) => {
      const asOf = state.asOf();
      const arns = [...state.cluster(cluster).services.values()].flatMap(({ arn }) => {
        const view = state.versions.read<{ status: string; launchType: string; schedulingStrategy: string }>(arn, asOf);
        const isListed =
          view !== undefined &&
          view.status !== 'INACTIVE' &&
          (launchType === undefined || view.launchType === launchType) &&
          (schedulingStrategy === undefined || view.schedulingStrategy === schedulingStrategy);
        return isListed ? [arn] : [];
      });
      const { page, ...token } = pageOf(arns, { ...input, maxResults });
      return { serviceArns: page, ...token };
    },
  });
