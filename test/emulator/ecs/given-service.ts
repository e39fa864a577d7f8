import type { Behaviour, PlatformImage } from '../../../emulator/ecr/api.js';
import { createEcs } from '../../../emulator/ecs/index.js';
import { type AccountOptions, EmulatedAccount } from '../../../emulator/emulated-account.js';
import type { BusEvent } from '../../../emulator/events/api.js';
import type { Services } from '../../../emulator/services.js';

export const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

type Image = { digest: string; behaviour: Behaviour; isIndex?: boolean; platforms?: PlatformImage[] };

export type Given = ReturnType<typeof givenEcs>;

/** An account with ECS and fakes of the services that ECS uses. Reads are fresh unless a test says otherwise. */
export const givenEcs = (options: AccountOptions = {}) => {
  const account = new EmulatedAccount({ staleReadMs: 0, ...options });
  const images: Record<string, Image> = {
    [`${registry}/web:1`]: { digest: digest('a'), behaviour: 'healthy' },
    [`${registry}/web:2`]: { digest: digest('b'), behaviour: 'healthy' },
    [`${registry}/web:crash`]: { digest: digest('c'), behaviour: 'crashes-on-start' },
    [`${registry}/web:sick`]: { digest: digest('d'), behaviour: 'never-healthy' },
    [`${registry}/web:slow`]: { digest: digest('e'), behaviour: 'slow-to-start' },
    [`${registry}/web:later`]: { digest: digest('f'), behaviour: 'crashes-later' },
    [`${registry}/web:migrates`]: { digest: digest('m'), behaviour: 'migrates' },
    [`${registry}/web:fails`]: { digest: digest('n'), behaviour: 'migration-fails' },
    [`${registry}/web:hangs`]: { digest: digest('o'), behaviour: 'migration-hangs' },
    [`${registry}/web:arm`]: {
      digest: digest('9'),
      behaviour: 'healthy',
      platforms: [{ digest: digest('9'), os: 'linux', architecture: 'arm64' }],
    },
    [`${registry}/web:index`]: {
      digest: digest('6'),
      behaviour: 'healthy',
      isIndex: true,
      platforms: [
        { digest: digest('4'), os: 'linux', architecture: 'arm64' },
        { digest: digest('5'), os: 'linux', architecture: 'amd64' },
      ],
    },
    [`${registry}/web:arm-index`]: {
      digest: digest('7'),
      behaviour: 'healthy',
      isIndex: true,
      platforms: [{ digest: digest('8'), os: 'linux', architecture: 'arm64' }],
    },
  };
  const alarms: Record<string, 'OK' | 'ALARM'> = {};
  const events: Pick<BusEvent, 'detail-type' | 'detail' | 'resources'>[] = [];
  const logs: string[] = [];
  const ecs = createEcs(account);
  account.services = {
    ecs,
    iam: { isAllowed: () => true, keyPermissionsFor: () => [] },
    ecr: {
      hosts: () => true,
      pull: (image: string) => {
        const found = images[image] ?? Object.values(images).find((other) => other.digest === image.split('@')[1]);
        return found && { isIndex: false, platforms: [{ digest: found.digest }], ...found };
      },
    },
    events: { emit: (event: BusEvent) => events.push(event) },
    secrets: { exists: (arn: string) => arn.endsWith(':secret:token-AbCdEf') },
    cloudwatch: { stateOf: (name: string) => alarms[name] },
    logs: { write: (group: string, stream: string, message: string) => logs.push(`${group} ${stream} ${message}`) },
  } as unknown as Services;

  // biome-ignore lint/suspicious/noExplicitAny: tests read the answers' members freely
  const call = async (name: string, input: object = {}): Promise<any> => {
    const caller = { arn: 'arn:aws:iam::123456789012:user/test', kind: 'user' } as const;
    return account.clock.during(() => account.request(caller, 'ecs', name, input));
  };
  const register = async (tag: string, container: object = {}, rest: object = {}): Promise<string> => {
    const containerDefinitions = [{ name: 'app', image: `${registry}/web:${tag}`, memory: 256, ...container }];
    const answer = await call('RegisterTaskDefinition', { family: 'web', containerDefinitions, ...rest });
    return answer.taskDefinition.taskDefinitionArn;
  };
  const minutes = (count: number): Promise<void> => account.clock.advance(count * 60_000);
  const serviceDeployment = async (index = 0) => {
    const arn = ecs.service('production', 'web')?.serviceDeployments[index]?.arn;
    return (await call('DescribeServiceDeployments', { serviceDeploymentArns: [arn] })).serviceDeployments[0];
  };
  const describe = async () => (await call('DescribeServices', { cluster: 'production', services: ['web'] })).services[0];
  const update = (input: object) => call('UpdateService', { cluster: 'production', service: 'web', ...input });

  return { account, ecs, images, alarms, events, logs, call, register, minutes, serviceDeployment, describe, update };
};

export const circuitBreaker = (rollback: boolean) => ({ deploymentCircuitBreaker: { enable: true, rollback } });

/** A service `production/web` which runs `web:1`, steady. */
export const givenService = async (options: AccountOptions = {}, input: object = {}, container: object = {}) => {
  const given = givenEcs(options);
  await given.call('CreateCluster', { clusterName: 'production' });
  const first = await given.register('1', container);
  await given.call('CreateService', { cluster: 'production', serviceName: 'web', taskDefinition: first, desiredCount: 2, ...input });
  await given.minutes(5);
  return { ...given, first };
};
