import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { consoleUrl, type Location } from '../../core/notification/console-link.js';

/** A name in a fragment of the console of CloudWatch: encoded twice, with `$` in place of `%`. */
const encoded = (name: string): string => encodeURIComponent(encodeURIComponent(name)).replaceAll('%', '$');

/**
 * Where the console shows the lines of a container, or of the first that has a log group; undefined if none has one, or the console of
 * the partition has no known address.
 */
export const logUrlOf = (location: Location, { containerDefinitions = [] }: TaskDefinition, container?: string): string | undefined => {
  const logged = containerDefinitions.filter(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs');
  const { options } = (logged.find(({ name }) => name === container) ?? logged[0])?.logConfiguration ?? {};
  const group = options?.['awslogs-group'];
  const region = options?.['awslogs-region'] ?? location.region;
  if (group === undefined || !/^[a-z0-9-]+$/.test(region)) return undefined;
  const url = consoleUrl({ ...location, region }, `cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${encoded(group)}`);
  return url === '' ? undefined : url;
};
