import { setTimeout } from 'node:timers/promises';
import { Images, isArtifact } from '../../aws/image.js';
import { ImageScans } from '../../aws/image-scans.js';
import { PassedStages } from '../../aws/passed-stages.js';
import { isTransient } from '../../aws/sdk-errors.js';
import { ServiceStates } from '../../aws/service-states.js';
import {
  type Approval,
  type BeforeTask,
  type Configuration,
  type Freeze,
  repositoryOf,
  type Stage,
  type Window,
} from '../../core/configuration/configuration.js';
import { imageName } from '../../core/image/image-name.js';
import { nameOfImage, registryOf } from '../../core/image/image-reference.js';
import { type Explanation, explain } from '../../core/policy/explain.js';
import { reach } from '../../core/policy/tag-policy.js';
import * as messages from '../../core/preflight/messages.js';
import { RefusedQuery } from '../../core/query/refused-query.js';
import type { QueryRequest } from '../../core/query/request.js';
import type { Image, ServiceState } from '../../core/records/records.js';
import { type Opening, openingOf } from '../../core/release/window.js';
import { rejectUnknownRepository } from '../query/known-names.js';
import { type Environment, variable } from '../runtime/environment.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { checkStage, type PreflightDeps, preflightPermissions, preflightWith, type StageCheck } from './preflight.js';
import { type ScanForecast, scanForecast } from './scan-forecast.js';
import { scanPermissions } from './scan-gate.js';

export type PlanDeps = PreflightDeps & {
  readonly configuration: Configuration;
  readonly registry: string;
  readonly images: Pick<Images, 'find'>;
  readonly states: Pick<ServiceStates, 'of'>;
  readonly passed: Pick<PassedStages, 'of'>;
  readonly scans: Pick<ImageScans, 'of'>;
  readonly now: () => Date;
  /** Waits, in milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>;
};

/** What a stage waits for before it begins. `opening`: whether window and freezes let it begin now. */
type Gates = {
  readonly requires?: string;
  readonly approval?: Approval;
  readonly window?: Window;
  readonly freeze?: readonly Freeze[];
  readonly opening?: Opening;
  /** Of the first stage: what the scan of the image says now. */
  readonly scan?: ScanForecast;
};

/** What a push of the image would do now. `stages` are those that its tag reaches. */
export type Plan = {
  readonly repository: string;
  readonly image: string;
  readonly digest: string;
  readonly explain: readonly Explanation[];
  readonly stages: readonly ({
    readonly stage: string;
    readonly gates: Gates;
    readonly beforeTasks: readonly PlannedTask[];
  } & StageCheck)[];
};

/** A before task of a stage or of one of its services, which runs unless the service that it is like runs the image already. */
export type PlannedTask = { readonly of: 'stage' | 'service'; readonly service: string } & Pick<
  BeforeTask,
  'container' | 'command' | 'timeoutSeconds'
>;

type PlanInput = Pick<Extract<QueryRequest, { query: 'explain' | 'plan' }>, 'repository' | 'tag' | 'digest' | 'byHand'>;

/**
 * What a push of an image, or a start by hand, would do now. It reads, and changes nothing.
 * @throws RefusedQuery NOT_CONFIGURED for a repository that slipway.yml does not name, NOT_FOUND for an image that does not exist
 */
export const plan =
  (deps: PlanDeps) =>
  async (asked: PlanInput): Promise<Plan> => {
    const now = deps.now().toISOString();
    const image = await find(deps, asked);
    const reached = (repositoryOf(deps.configuration, asked.repository)?.stages ?? []).filter((stage) => isReached(deps, asked, stage));
    const stages = [];
    for (const stage of reached)
      stages.push({
        stage: stage.name,
        gates: { ...gatesOf(stage, now), ...(stage === reached[0] && (await scanGateOf(deps, image, reached, now))) },
        beforeTasks: beforeTasksOf(stage),
        ...(await check(deps, image, stage, now)),
      });
    const { repository, tag, digest } = image;
    return {
      repository,
      image: imageName(repository, tag, digest),
      digest,
      explain: await explained(deps, asked, image, stages, now),
      stages,
    };
  };

const find = async ({ configuration, images, registry }: PlanDeps, { repository, tag, digest }: PlanInput): Promise<Image> => {
  rejectUnknownRepository(configuration, repository);
  const found = await images.find(registry, repository, { tag, digest });
  const name = nameOfImage({ repository, tag, digest });
  if (!found) throw new RefusedQuery('NOT_FOUND', messages.imageNotFound(name, registry));
  if (isArtifact(found)) throw new RefusedQuery('NOT_FOUND', messages.notAnImage(name, found.artifactType));
  return found;
};

/** An operator who has a digest has no tag for the policy to decide about. */
const isReached = ({ configuration }: PlanDeps, { repository, tag }: PlanInput, stage: Stage): boolean => {
  const settings = repositoryOf(configuration, repository);
  return settings !== undefined && (tag === undefined || reach(settings, stage, tag).isReached);
};

const gatesOf = (stage: Stage, now: string): Gates => {
  const { requires, approval, window, freeze } = stage;
  return {
    ...(requires !== undefined && { requires }),
    ...(approval && { approval }),
    ...(window && { window }),
    ...(freeze && { freeze }),
    ...((window || freeze) && { opening: openingOf(stage, now) }),
  };
};

/** In the order in which they begin. Without their environment, which may have secrets. */
const beforeTasksOf = ({ before, services }: Stage): PlannedTask[] => {
  const planned = (of: PlannedTask['of'], { like, container, command, timeoutSeconds }: BeforeTask): PlannedTask => ({
    of,
    service: like,
    ...(container !== undefined && { container }),
    command,
    timeoutSeconds,
  });
  return [...(before ? [planned('stage', before)] : []), ...services.flatMap((one) => (one.before ? planned('service', one.before) : []))];
};

/** Seconds for which ECS may throttle the reads of one stage: it lets 20 task definitions a second be read. */
const patience = 20;

const check = (deps: PlanDeps, image: Image, { name, services }: Stage, now: string): Promise<StageCheck> => {
  const stage = { name, deployments: services };
  return patiently(deps, () => checkStage(deps, { image, stage, configuration: deps.configuration, isCurrent: true, look: now }));
};

/** A release waits for the scan of its image before its first stage. */
const scanGateOf = async (deps: PlanDeps, image: Image, stages: readonly Stage[], now: string): Promise<Pick<Gates, 'scan'>> => {
  const { configuration } = deps;
  const settings = repositoryOf(configuration, image.repository)?.scan;
  if (!settings) return {};
  const services = stages.flatMap((stage) => stage.services.map(({ service }) => service));
  return { scan: await patiently(deps, () => scanForecast(deps, settings, { image, services, configuration, look: now })) };
};

/** Each attempt reads only what the ones before it could not. */
const patiently = async <Answer>(deps: Pick<PlanDeps, 'pause'>, read: () => Promise<Answer>): Promise<Answer> => {
  for (let left = patience; ; left--) {
    try {
      return await read();
    } catch (error) {
      if (left === 0 || !isTransient(error)) throw error;
      await deps.pause(1000);
    }
  }
};

/** The facts are those of a push that arrives now, or of a start by hand. */
const explained = async (
  { configuration, states, passed }: PlanDeps,
  { repository, tag, byHand }: PlanInput,
  { digest }: Image,
  stages: readonly StageCheck[],
  now: string,
): Promise<readonly Explanation[]> => {
  const services = new Map<string, { state: ServiceState; runsDigest: boolean }>();
  await mapInBatches(
    stages.flatMap((stage) => stage.services),
    async ({ service, isRunning }) => services.set(service, { state: await states.of(service), runsDigest: isRunning }),
    (_, error) => {
      throw error;
    },
  );
  const passedStages = await passed.of(repository, digest);
  const { hold: holdOfAll } = await states.of('*');
  return explain(
    configuration,
    { repository, tag },
    { digest, pushedAt: now, now, isByHand: byHand === true, passedStages, holdOfAll, services },
  );
};

export const planPermissions = atPackaging([
  ...(preflightPermissions ?? []),
  ...(scanPermissions ?? []),
  {
    allow: ['dynamodb:GetItem'],
    on: 'table' as const,
    for: 'holds, quarantines, what was deployed last, and stages that the image has passed',
  },
]);

/** What `plan` reads, in the environment of a function. */
export const planWith = (environment: Environment): PlanDeps => ({
  ...preflightWith(environment.clients),
  configuration: environment.configuration,
  registry: registryOf(variable(environment, 'RELEASE_MACHINE_ARN')),
  images: new Images(environment.clients),
  scans: new ImageScans(environment.clients),
  states: new ServiceStates(tableIn(environment)),
  passed: new PassedStages(tableIn(environment)),
  now: environment.now,
  pause: setTimeout,
});
