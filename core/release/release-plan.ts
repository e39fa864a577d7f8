import { type Configuration, defaultParallel, repositoryOf } from '../configuration/configuration.js';
import type { ReleaseInput } from '../input/release-input.js';
import { suggestionFor } from '../input/suggestion.js';
import { matchTag } from '../policy/tag-policy.js';
import { slug } from '../records/execution-name.js';
import type { RecordName } from '../records/record-name.js';
import type { DeploymentRecord, Image, ReleaseRecord, StageDeployment } from '../records/records.js';
import { missingResult } from '../result/final-result.js';
import * as messages from '../result/messages.js';
import { RejectedInput } from '../result/rejected-input.js';
import { isAlreadyRunning, type Outcome, type Result, resultOf, unfinished, worstOutcome } from '../result/result.js';
import type { StageDecision } from '../step/contracts.js';
import { paced } from './pacing.js';

/**
 * Why the tag policy skips this start; undefined if it may be released.
 * @throws RejectedInput for an operator's start, instead of a result
 */
export const tagSkipReason = (configuration: Configuration, start: Exclude<ReleaseInput, { kind: 'skipped' }>): Result | undefined => {
  const repository = repositoryOf(configuration, start.repository);
  if (!repository) {
    const names = Object.keys(configuration.repositories);
    const message = messages.repositoryNotConfigured(start.repository, names, suggestionFor(start.repository, names));
    if (start.kind === 'hand') throw new RejectedInput(message);
    return resultOf('SKIPPED', 'NOT_CONFIGURED', message);
  }
  // An operator chose a digest; the policy is about tags.
  if (start.tag === undefined || (start.kind === 'hand' && start.force)) return undefined;
  const { isAllowed, message } = matchTag(repository.tags, start.tag);
  if (isAllowed) return undefined;
  if (start.kind === 'hand') throw new RejectedInput(`${message}; start it with "force": true to deploy it anyway`);
  return resultOf('SKIPPED', 'TAG_NOT_MATCHED', message);
};

/**
 * The name of a child execution: at most 80 characters, only those that Step Functions accepts, and equal whenever the release
 * plans again. The position in the plan keeps services apart whose names are cut to the same text.
 */
const childName = (service: string, position: string, { digest }: Image, startedAt: string): string =>
  `${slug(service).slice(0, 36)}-${digest.slice(7, 19)}-${startedAt.replace(/\D/g, '').slice(0, 17)}-${position}`;

/** The plan of a release: the stages of the image's repository, with a named execution for each service. `startedAt` is ISO 8601. */
export const planOf = (configuration: Configuration, image: Image, startedAt: string): Pick<ReleaseRecord, 'stages' | 'stage'> => {
  const stages = (repositoryOf(configuration, image.repository)?.stages ?? []).map(({ name, services }, stage) => ({
    name,
    deployments: services.map(({ service }, index) => ({
      service,
      name: childName(service, `${stage + 1}-${index + 1}`, image, startedAt),
    })),
  }));
  return { stages, stage: stages[0]?.name ?? '' };
};

export const deploymentsOf = ({ stages = [] }: ReleaseRecord, stage: string): readonly StageDeployment[] =>
  stages.find(({ name }) => name === stage)?.deployments ?? [];

/** The decision to deploy a stage. A deployment finds the image in the record of the release. */
export const stageDecision = (record: RecordName, release: ReleaseRecord, stage: string): StageDecision<'proceed'> => {
  const parallel = release.stages?.find(({ name }) => name === stage)?.parallel ?? defaultParallel;
  return { action: 'proceed', record, stage, services: paced(deploymentsOf(release, stage), parallel), parallel, result: unfinished };
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

/** Do all deployments of a stage let the release continue? Not if slipway.yml names none of their services any more. */
export const isStagePassed = (deployments: readonly DeploymentResult[]): boolean =>
  deployments.every(allowsPromotion) && !deployments.every(isRemoved);

/**
 * The result of a release from its deployments: the worst of them; PARTIAL if some services run the image and others were
 * skipped. Services that already ran it count only if every service was skipped.
 */
export const releaseResult = (deployments: readonly DeploymentResult[]): Result => {
  if (deployments.length === 0) return resultOf('SKIPPED', 'NOT_CONFIGURED', messages.noService());
  const hasSucceeded = deployments.some((deployment) => outcomeOf(deployment) === 'SUCCEEDED');
  const isAllSkipped = deployments.every((deployment) => outcomeOf(deployment) === 'SKIPPED');
  const counted = isAllSkipped ? deployments : deployments.filter(({ record }) => !isAlreadyRunning(record?.result));
  const worst = worstOutcome(counted.map(outcomeOf));
  const worstDeployment = counted.find((deployment) => outcomeOf(deployment) === worst);
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
