import { type Operation, operation } from '../operation.js';
import type { Shape } from '../shape.js';
import { clusterArn, resourceId } from './names.js';
import { checkNumber, foundAndMissing, type Page, pageOf } from './pages.js';
import { clusterModify, clusterRead } from './rate-limits.js';
import type { Cluster, Tag } from './records.js';
import type { EcsState } from './state.js';
import { checkTags } from './tags.js';

export const tagsShape: Shape = { list: { members: { key: 'string', value: 'string' } } };

const view = (state: EcsState, cluster: Cluster): Record<string, unknown> => {
  const tasks = state.tasksOf(cluster);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
    activeServicesCount: [...cluster.services.values()].filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    ...cluster.settings,
    tags: cluster.tags,
  };
};

type CreateClusterInput = { readonly clusterName?: string; readonly tags?: readonly Tag[]; readonly [member: string]: unknown };

export const createCluster = (state: EcsState): Operation =>
  operation<CreateClusterInput, unknown>({
    service: 'ecs',
    name: 'CreateCluster',
    input: { clusterName: 'string', tags: tagsShape, settings: 'any', capacityProviders: 'any', defaultCapacityProviderStrategy: 'any' },
    rateLimit: clusterModify,
    run: ({ clusterName: name = 'default', tags = [], ...settings }, { account }) => {
      const cluster: Cluster = state.clusters.get(name) ?? {
        name,
        arn: account.arn('ecs', `cluster/${name}`),
        services: new Map(),
        tasks: new Map(),
        settings,
        tags: checkTags(tags),
      };
      state.clusters.set(name, cluster);
      return { cluster: view(state, cluster) };
    },
  });

export const listClusters = (state: EcsState): Operation =>
  operation<Page, unknown>({
    service: 'ecs',
    name: 'ListClusters',
    input: { nextToken: 'string', maxResults: 'number' },
    rateLimit: clusterRead,
    run: (input) => {
      const { page, ...token } = pageOf([...state.clusters.values()], input);
      return { clusterArns: page.map(({ arn }) => arn), ...token };
    },
  });

type DescribeClustersInput = { readonly clusters?: readonly string[]; readonly include?: readonly string[] };

export const describeClusters = (state: EcsState): Operation =>
  operation<DescribeClustersInput, unknown>({
    service: 'ecs',
    name: 'DescribeClusters',
    input: {
      clusters: { list: 'string' },
      include: { list: { oneOf: ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'] } },
    },
    rateLimit: clusterRead,
    permissions: ({ clusters = ['default'] }, account) =>
      clusters.map((cluster) => ({ action: 'ecs:DescribeClusters', resource: clusterArn(account, cluster) })),
    run: ({ clusters = ['default'], include = [] }, { account }) => {
      checkNumber(clusters, 100, 'clusters');
      const arns = clusters.map((cluster) => clusterArn(account, cluster));
      const { found, failures } = foundAndMissing(arns, (arn) => state.clusters.get(resourceId(arn)));
      const views = found.map((cluster) => view(state, cluster));
      return { clusters: include.includes('TAGS') ? views : views.map(({ tags: _, ...rest }) => ({ ...rest, tags: [] })), failures };
    },
  });
