import { defaultParallel } from '../configuration/configuration.js';
import type { RecordName } from '../records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, ReleaseStage, StageDeployment } from '../records/records.js';
import { missingResult } from '../result/final-result.js';
import * as messages from '../result/messages.js';
import { isAlreadyRunning, type Outcome, type Result, resultOf, unfinished, worstOutcome } from '../result/result.js';
import type { StageDecision } from '../step/contracts.js';
import { stageNamed } from './claim-digest.js';
import { paced } from './pacing.js';

export const deploymentsOf = (release: ReleaseRecord, stage: string): readonly StageDeployment[] =>
  stageNamed(release, stage)?.deployments ?? [];

/** The stages of a release up to this one. */
export const stagesUntil = ({ stages = [] }: ReleaseRecord, stage: string): readonly ReleaseStage[] =>
  stages.slice(0, stages.findIndex(({ name }) => name === stage) + 1);

/** A decision about the services of a stage. A deployment finds the image in the record of the release. */
export const stageDecision = <Action extends string>(
  action: Action,
  record: RecordName,
  release: ReleaseRecord,
  stage: string,
): StageDecision<Action> => {
  const parallel = stageNamed(release, stage)?.parallel ?? defaultParallel;
  return { action, record, stage, services: paced(deploymentsOf(release, stage), parallel), parallel, result: unfinished };
};

/** The decision to begin a stage: with its before task if it has one, alone. */
export const beginDecision = (record: RecordName, release: ReleaseRecord, stage: string): StageDecision<'prepare' | 'proceed'> => {
  const { before } = stageNamed(release, stage) ?? {};
  if (!before) return stageDecision('proceed', record, release, stage);
  return { action: 'prepare', record, stage, services: paced([before], 1), parallel: 1, result: unfinished };
};

/** A deployment of a stage with its record; without a record, or a result in it, its result is unknown. */
export type DeploymentResult = {
  readonly service: string;
  readonly record: Pick<DeploymentRecord, 'result' | 'updateRequestedAt'> | undefined;
};

const outcomeOf = ({ record }: DeploymentResult): Outcome =>
  record?.result?.outcome ?? (record?.updateRequestedAt === undefined ? 'FAILED' : 'UNKNOWN');

/** Was it skipped because slipway.yml no longer names its service? */
const isRemoved = ({ record }: DeploymentResult): boolean => record?.result?.reason === 'NOT_CONFIGURED';

/**
 * A release continues past services that succeeded, already run the image, or are no longer in slipway.yml; every other result
 * stops it.
 */
const allowsPromotion = (deployment: DeploymentResult): boolean =>
  outcomeOf(deployment) === 'SUCCEEDED' || isAlreadyRunning(deployment.record?.result) || isRemoved(deployment);

/**
 * Do all deployments of a stage, or its before task, let the release continue? Not if slipway.yml names none of their services, or the
 * task, any more.
 */
export const isStagePassed = (deployments: readonly DeploymentResult[]): boolean =>
  deployments.every(allowsPromotion) && !deployments.every(isRemoved);

/**
 * The result of a release from its deployments: the worst of them; PARTIAL if some services run the image and others were
 * skipped. Services that already ran it count only if there are no others.
 */
export const releaseResult = (deployments: readonly DeploymentResult[]): Result => {
  if (deployments.length === 0) return resultOf('SKIPPED', 'NOT_CONFIGURED', messages.noService());
  const hasSucceeded = deployments.some((deployment) => outcomeOf(deployment) === 'SUCCEEDED');
  const others = deployments.filter(({ record }) => !isAlreadyRunning(record?.result));
  const counted = others.length > 0 ? others : deployments;
  const worst = worstOutcome(counted.map(outcomeOf));
  const worstDeployments = counted.filter((deployment) => outcomeOf(deployment) === worst);
  // What ended because another service of its stage failed is not the cause.
  const worstDeployment = worstDeployments.find(({ record }) => record?.result?.reason !== 'STAGE_FAILED') ?? worstDeployments[0];
  if (worst === 'SUCCEEDED' || worstDeployment === undefined)
    return resultOf('SUCCEEDED', 'DEPLOYED', messages.servicesRunning(deployments.filter(allowsPromotion).length, deployments.length));
  const result = worstDeployment.record?.result ?? missingResult(worstDeployment.record);
  return {
    ...result,
    outcome: result.outcome === 'SKIPPED' && hasSucceeded ? 'PARTIAL' : result.outcome,
    message: messages.ofService(worstDeployment.service, result.message),
  };
};

/** The name of the stage after this one, if all deployments of this one succeeded or already run the image; else undefined. */
export const nextStage = ({ stages = [] }: ReleaseRecord, stage: string, deployments: readonly DeploymentResult[]): string | undefined => {
  if (!isStagePassed(deployments)) return undefined;
  return stages[stages.findIndex(({ name }) => name === stage) + 1]?.name;
};

/** The result of a release that ends before a stage: it is PARTIAL, not skipped, if an earlier stage changed a service. */
export const afterStages = (result: Result, earlier: readonly DeploymentResult[]): Result => {
  const hasSucceeded = earlier.some((deployment) => outcomeOf(deployment) === 'SUCCEEDED');
  return result.outcome === 'SKIPPED' && hasSucceeded ? { ...result, outcome: 'PARTIAL' } : result;
};
