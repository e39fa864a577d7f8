import type { ServiceInBatch } from '../../aws/service-batch.js';
import type { BeforeTask, Configuration, Service } from '../../core/configuration/configuration.js';
import type { Manifest } from '../../core/image/manifest.js';
import type { Image } from '../../core/records/records.js';
import type { Tag } from '../../core/task-definition/task-definition.js';
import type { PreflightDeps } from '../../functions/shared/preflight.js';
import { onceInALook } from '../../functions/shared/preflight-reads.js';
import { digest, image, registry } from '../core/given.js';
import { sdkError } from './given-failure.js';
import { serviceOn } from './given-service.js';

/** A revision of family web by its number: what differs from a task on Fargate with the container app. */
export type GivenRevision = { readonly definition?: object; readonly tags?: readonly Tag[]; readonly container?: object };

export type GivenPreflight = {
  /** The ACTIVE revisions of family web, by number. */
  readonly revisions?: Readonly<Record<number, GivenRevision>>;
  /** By `cluster/service`; undefined: there is none. */
  readonly services?: Readonly<Record<string, Partial<ServiceInBatch> | undefined>>;
  /** Every alarm exists, and evaluates over five minutes, but these. */
  readonly missingAlarms?: readonly string[];
  readonly inAlarm?: readonly string[];
  readonly status?: string | undefined;
  readonly manifests?: Readonly<Record<string, Manifest>>;
  readonly missingLayers?: readonly string[];
  /** Of the image that is no index. */
  readonly platform?: { readonly os?: string; readonly architecture?: string };
  /** Actions that AWS denies. */
  readonly denied?: readonly string[];
  /** Task definitions that ECS lets be read until it throttles. */
  readonly readsAtOnce?: number;
};

const arn = (number: number): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${number}`;

export const revisionOf = (number: number, { definition, tags = [], container }: GivenRevision = {}) => ({
  definition: {
    taskDefinitionArn: arn(number),
    family: 'web',
    revision: number,
    status: 'ACTIVE' as const,
    containerDefinitions: [{ name: 'app', image: `${registry}/my-learn-app:main-${number}`, ...container }],
    ...definition,
  },
  tags: [...tags],
});

/** A stage of my-learn-app with services of this configuration. */
export const configured = (
  services: readonly Partial<Service>[],
  more: { readonly alarms?: 'warn' | 'require'; readonly passRoles?: string[]; readonly before?: BeforeTask } = {},
): Configuration => ({
  notifications: { sns: true },
  ...(more.passRoles && { passRoles: more.passRoles }),
  repositories: {
    'my-learn-app': {
      name: 'my-learn-app',
      tags: ['main-*'],
      stages: [
        {
          name: 'production',
          ...(more.alarms && { alarms: more.alarms }),
          ...(more.before && { before: more.before }),
          services: services.map((changes, number) => ({
            service: `production/s${number}`,
            cluster: 'production',
            name: `s${number}`,
            container: 'app',
            timeoutSeconds: 1800,
            ...changes,
          })),
        },
      ],
    },
  },
});

const plainManifest: Manifest = { config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: 'config' }, layers: [] };

/** An account in which every read succeeds, and finds nothing but what a test gives. */
export const givenPreflight = (given: GivenPreflight = {}) => {
  const { revisions = { 7: {} }, denied = [], manifests = { [digest]: plainManifest } } = given;
  const calls: string[] = [];
  let left = given.readsAtOnce ?? Number.POSITIVE_INFINITY;
  const call = (action: string, what = ''): void => {
    calls.push(what === '' ? action : `${action} ${what}`);
    if (denied.includes(action)) throw sdkError('AccessDeniedException');
  };
  const numbers = Object.keys(revisions)
    .map(Number)
    .toSorted((one, other) => other - one);
  const deps: PreflightDeps = {
    content: {
      status: async () => {
        call('ecr:DescribeImages');
        return 'status' in given ? given.status : 'ACTIVE';
      },
      manifests: async (_, digests) => {
        if (digests.length > 0) call('ecr:BatchGetImage');
        return new Map(digests.flatMap((one) => (manifests[one] ? [[one, manifests[one]] as const] : [])));
      },
      missingLayers: async (_, digests) => {
        call('ecr:BatchCheckLayerAvailability');
        return new Set(digests.filter((one) => given.missingLayers?.includes(one)));
      },
      configuration: async () => {
        call('ecr:GetDownloadUrlForLayer');
        return given.platform ?? {};
      },
    },
    services: {
      describe: async (names) => {
        call('ecs:DescribeServices', names.join());
        const { services = {} } = given;
        const found = names.filter((name) => !(name in services) || services[name] !== undefined);
        return new Map(
          found.map((name) => [
            name,
            { ...serviceOn(arn(7)), isFargate: true, alarms: [], hasServiceConnect: false, tasks: [], ...services[name] },
          ]),
        );
      },
    },
    taskDefinitions: {
      active: async () => {
        call('ecs:ListTaskDefinitions');
        return numbers.map(arn);
      },
      describeIn: onceInALook(async (name) => {
        call('ecs:DescribeTaskDefinition', name.replace(/^.*\//, ''));
        if (left-- <= 0) throw sdkError('ThrottlingException');
        const number = name === 'web' ? numbers[0] : Number(name.split(':').at(-1));
        if (number === undefined || !revisions[number]) throw sdkError('ClientException');
        return revisionOf(number, revisions[number]);
      }),
    },
    alarms: {
      describe: async (names) => {
        call('cloudwatch:DescribeAlarms', names.join());
        const found = names.filter((name) => !given.missingAlarms?.includes(name));
        return new Map(found.map((name) => [name, { name, isInAlarm: given.inAlarm?.includes(name) ?? false, evaluationSeconds: 300 }]));
      },
    },
  };
  return {
    deps,
    calls,
    /** Lets so many task definitions be read again. */
    refill: (count: number) => {
      left = count;
    },
  };
};

/** What is asked of the stage of `configured`. */
export const stageOf = (configuration: Configuration, changes: { readonly image?: Image; readonly isCurrent?: boolean } = {}) => ({
  image: changes.image ?? image,
  configuration,
  stage: {
    name: 'production',
    deployments: configuration.repositories['my-learn-app']?.stages[0]?.services ?? [],
  },
  isCurrent: changes.isCurrent ?? true,
  look: 'one',
});
