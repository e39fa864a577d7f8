import { Alarms } from '../../aws/alarms.js';
import type { ClientSettings } from '../../aws/client-settings.js';
import { ImageContents } from '../../aws/image-content.js';
import { isTransient } from '../../aws/sdk-errors.js';
import { ServiceBatches } from '../../aws/service-batch.js';
import { TaskDefinitions } from '../../aws/task-definition.js';
import {
  type Configuration,
  findService,
  repositoryOf,
  type Service,
  type Stage,
  type Verification,
} from '../../core/configuration/configuration.js';
import { imageName } from '../../core/image/image-name.js';
import type { PlannedService } from '../../core/preflight/differences.js';
import { type Check, type Finding, withSeverity } from '../../core/preflight/finding.js';
import * as messages from '../../core/preflight/messages.js';
import { type AlarmFound, alarmChecks, verificationAlarmChecks } from '../../core/preflight/service-checks.js';
import type { Image } from '../../core/records/records.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { atPackaging, type Permission } from '../runtime/permissions.js';
import { checkImage } from './preflight-image.js';
import { onceInALook, Reads } from './preflight-reads.js';
import { checkService, type ServiceCheck } from './preflight-service.js';

export type PreflightDeps = {
  readonly content: Pick<ImageContents, 'status' | 'manifests' | 'missingLayers' | 'configuration'>;
  readonly services: Pick<ServiceBatches, 'describe'>;
  readonly taskDefinitions: Pick<TaskDefinitions, 'active'> & {
    /** Of a look, as `onceInALook` makes it. */
    readonly describeIn: ReturnType<typeof onceInALook>;
  };
  readonly alarms: Pick<Alarms, 'describe'>;
};

export type StageCheck = { readonly findings: readonly Finding[]; readonly services: readonly PlannedService[] };

/** The dependencies with the clients of a function. */
export const preflightWith = (clients: ClientSettings): PreflightDeps => {
  const taskDefinitions = new TaskDefinitions(clients);
  return {
    content: new ImageContents(clients),
    services: new ServiceBatches(clients),
    taskDefinitions: {
      active: (family) => taskDefinitions.active(family),
      describeIn: onceInALook((taskDefinition) => taskDefinitions.describe(taskDefinition)),
    },
    alarms: new Alarms(clients),
  };
};

/** What a function that checks stages is allowed: reads only. */
export const preflightPermissions = atPackaging([
  {
    allow: ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer'],
    on: 'repositories',
    for: 'whether the image is there with all of its parts, and its platforms',
  },
  { allow: ['ecs:DescribeServices'], on: 'servicesAlone', for: 'whether the services can be deployed, and their alarms' },
  {
    allow: ['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions'],
    on: 'anyTaskDefinition',
    for: 'what they run, what would be copied, and how the copy differs',
  },
  { allow: ['cloudwatch:DescribeAlarms'], on: 'alarms', for: 'whether the alarms of a service exist, and could say anything' },
] satisfies Permission[]);

/** What is checked: a stage of a release, or of slipway.yml. */
export type StageToCheck = {
  readonly image: Image;
  readonly stage: { readonly name: string; readonly deployments: readonly { readonly service: string }[] };
  readonly configuration: Configuration;
  /** Is the stage about to begin? Findings of a later one are warnings, and what AWS throttles of it is left to then. */
  readonly isCurrent: boolean;
  /** The same for every attempt of one look: a repeated one reads only what an earlier one could not. */
  readonly look: string;
};

/**
 * Checks a stage before it begins: everything that is known to keep its deployments from succeeding, at once, and what they would change.
 * A read that the function's role may not do is a finding.
 * @throws TransientAwsError or the error of AWS that may pass, of the stage that is about to begin
 */
export const checkStage = async (deps: PreflightDeps, asked: StageToCheck): Promise<StageCheck> => {
  const { image, stage, configuration, isCurrent } = asked;
  const reads = new Reads();
  const found: Found = { general: [], services: new Map(), alarms: [] };
  try {
    await checkAll(deps, reads, asked, found);
  } catch (error) {
    if (isCurrent || !isTransient(error)) throw error;
    found.general.push({ code: 'NOT_CHECKED', message: messages.throttled() });
  }
  const ofServices = stage.deployments.flatMap(({ service }) => [
    ...(found.services.get(service)?.checks ?? []),
    ...found.alarms.filter((check) => check.service === service),
  ]);
  const { alarms } = stageOf(configuration, image, stage) ?? {};
  const to = imageName(image.repository, image.tag, image.digest);
  return {
    findings: withSeverity([...found.general, ...ofServices, ...reads.checks], { isCurrent, alarms }),
    services: stage.deployments.map(
      ({ service }) =>
        found.services.get(service)?.planned ?? { service, from: '', to, isRunning: false, differences: { shown: [], more: 0 } },
    ),
  };
};

const stageOf = (configuration: Configuration, { repository }: Image, stage: { readonly name: string }): Stage | undefined =>
  repositoryOf(configuration, repository)?.stages.find(({ name }) => name === stage.name);

/** What was found before AWS throttled a read, if it did. */
type Found = { readonly general: Check[]; readonly services: Map<string, ServiceCheck>; readonly alarms: Check[] };

const checkAll = async (
  deps: PreflightDeps,
  reads: Reads,
  { image, stage, configuration, look }: StageToCheck,
  { general, services, alarms }: Found,
): Promise<void> => {
  const settings = stage.deployments.flatMap(({ service }) => {
    const found = findService(configuration, service, image.repository);
    if (!found) services.set(service, { checks: [{ code: 'NOT_CONFIGURED', service, message: messages.notConfigured(service) }] });
    return found?.service ?? [];
  });
  const names = settings.map(({ service }) => service);
  const described = await reads.allowed('ecs:DescribeServices', () => deps.services.describe(names), undefined);
  if (described) {
    const { active, describeIn } = deps.taskDefinitions;
    const beforeTask = stageOf(configuration, image, stage)?.before;
    const ofService = { configuration, beforeTask, taskDefinitions: { active, describe: describeIn(look) } };
    const check = async (one: Service): Promise<unknown> =>
      services.set(one.service, await checkService(ofService, reads, image, one, described.get(one.service)));
    // Throttled once, the rest would be throttled, too.
    await mapInBatches(settings, check, (_, error) => {
      throw error;
    });
    const guarded = settings.map(({ service, verify = {} }) => ({ service, verify, alarms: described.get(service)?.alarms ?? [] }));
    const all = [...new Set(guarded.flatMap((one) => [...one.alarms, ...(one.verify.alarms ?? [])]))];
    const inCloudWatch = await reads.allowed('cloudwatch:DescribeAlarms', () => deps.alarms.describe(all), undefined);
    if (inCloudWatch) alarms.push(...guarded.flatMap((one) => checkAlarms(one, inCloudWatch)));
  }
  const hosts = [...services.values()].flatMap(({ host }) => host ?? []);
  general.push(...(await checkImage(deps, reads, image, hosts)));
};

type Guarded = { readonly service: string; readonly verify: Verification; readonly alarms: readonly string[] };

const checkAlarms = ({ service, verify, alarms }: Guarded, found: ReadonlyMap<string, AlarmFound>): Check[] => [
  ...alarmChecks(service, alarms, found),
  ...verificationAlarmChecks(service, verify, found),
];
