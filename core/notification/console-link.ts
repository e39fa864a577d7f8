import { consoleOf } from '../image/partition.js';

export type Location = { readonly partition: string; readonly region: string; readonly account: string };

export const locationOf = (arn: string): Location => {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
};

/** Empty in a partition whose console has no known address. */
export const consoleUrl = ({ partition, region }: Location, path: string): string => {
  const host = consoleOf(partition);
  return host === undefined ? '' : `https://${region}.${host}/${path}`;
};

export const executionUrl = (arn: string): string => {
  const location = locationOf(arn);
  return consoleUrl(location, `states/home?region=${location.region}#/v2/executions/details/${arn}`);
};

export const serviceUrl = (location: Location, service: string): string => {
  const [cluster = '', name = ''] = service.split('/');
  return consoleUrl(location, `ecs/v2/clusters/${cluster}/services/${name}?region=${location.region}`);
};
