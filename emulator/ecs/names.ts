import type { World } from '../world.js';

/** The last part of an ARN such as `…:service/production/web`; a name is its own. */
export const resourceId = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

export const clusterArn = (world: World, nameOrArn = 'default'): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : world.arn('ecs', `cluster/${nameOrArn}`);

export const serviceArn = (world: World, cluster: string | undefined, nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : world.arn('ecs', `service/${resourceId(cluster ?? 'default')}/${nameOrArn}`);

export const taskArn = (world: World, cluster: string | undefined, idOrArn: string): string =>
  idOrArn.startsWith('arn:') ? idOrArn : world.arn('ecs', `task/${resourceId(cluster ?? 'default')}/${idOrArn}`);
