import type { Account } from '../account.js';

/** The last part of an ARN such as `…:service/production/web`; a name is returned as it is. */
export const resourceId = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

export const clusterArn = (account: Account, nameOrArn = 'default'): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : account.arn('ecs', `cluster/${nameOrArn}`);

export const serviceArn = (account: Account, cluster: string | undefined, nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : account.arn('ecs', `service/${resourceId(cluster ?? 'default')}/${nameOrArn}`);

export const taskArn = (account: Account, cluster: string | undefined, idOrArn: string): string =>
  idOrArn.startsWith('arn:') ? idOrArn : account.arn('ecs', `task/${resourceId(cluster ?? 'default')}/${idOrArn}`);
