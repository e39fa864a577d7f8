import { type Configuration, repositoryOf } from '../configuration/configuration.js';
import type { ReleaseInput } from '../input/release-input.js';
import { matchTag } from '../policy/tag-policy.js';
import { slug } from '../records/execution-name.js';
import {
  type DeploymentRecord,
  type Image,
  imageUriWithDigest,
  type RecordName,
  type ReleaseRecord,
  type StageDeployment,
} from '../records/records.js';
import * as messages from '../result/messages.js';
import { RejectedInput } from '../result/rejected-input.js';
import { isAlreadyRunning, type Outcome, type Result, resultOf, unfinished, worstOutcome } from '../result/result.js';
import type { StageDecision } from '../step/contracts.js';

/**
 * Why this start deploys nothing; undefined when it may go on. A push is skipped; a person is told what is wrong.
 * @throws RejectedInput
 */
export const tagSkipReason = (configuration: Configuration, start: Exclude<ReleaseInput, { kind: 'skipped' }>): Result | undefined => {
  const repository = repositoryOf(configuration, start.repository);
  if (!repository) {
    const message = messages.repositoryNotConfigured(start.repository, Object.keys(configuration.repositories));
    if (start.kind === 'hand') throw new RejectedInput(message);
    return resultOf('SKIPPED', 'NOT_CONFIGURED', message);
  }
  // An operator chose a digest; the policy is about tags.
  if (start.tag === undefined || (start.kind === 'hand' && start.force)) return undefined;
  const { allowed, reason } = matchTag(repository.tags, start.tag);
  if (allowed) return undefined;
  if (start.kind === 'hand') throw new RejectedInput(`${reason}; give "force": true to deploy it all the same`);
  return resultOf('SKIPPED', 'TAG_NOT_MATCHED', reason);
};

/**
 * The name of a child execution: at most 80 characters, none of those that Step Functions refuses, and the same
 * whenever the release asks for it again. The place in the plan tells apart what the short form of two names does not.
 */
const childName = (service: string, place: string, { digest }: Image, startedAt: string): string =>
  `${slug(service).slice(0, 36)}-${digest.slice(7, 19)}-${startedAt.replace(/\D/g, '').slice(0, 17)}-${place}`;

/** The stages of an image, with the executions that will deploy it. */
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

/** Deploy this stage. */
export const stageDecision = (record: RecordName, release: ReleaseRecord, stage: string): StageDecision => {
  const { image } = release;
  const reference =
    image === undefined
      ? ''
      : image.tag === undefined
        ? imageUriWithDigest(image)
        : imageUriWithDigest(image).replace('@', `:${image.tag}@`);
  return {
    action: 'proceed',
    record,
    stage,
    services: deploymentsOf(release, stage).map(({ service, name }) => ({ service, name, image: reference })),
    result: unfinished,
  };
};

/** How a deployment ended, or that nobody knows. */
export type DeploymentResult = {
  readonly service: string;
  readonly record: Pick<DeploymentRecord, 'result' | 'updateRequestedAt'> | undefined;
};

const outcomeOf = ({ record }: DeploymentResult): Outcome =>
  record?.result?.outcome ?? (record?.updateRequestedAt === undefined ? 'FAILED' : 'UNKNOWN');

/** Past services that succeeded or run it already, a release goes on; anything else stops it. */
const allowsPromotion = (decision: DeploymentResult): boolean =>
  outcomeOf(decision) === 'SUCCEEDED' || isAlreadyRunning(decision.record?.result);

/** A release's result after some stages: the worst of its deployments', PARTIAL if some run the image and others skipped it. */
export const releaseResult = (results: readonly DeploymentResult[]): Result => {
  if (results.length === 0) return resultOf('SKIPPED', 'NOT_CONFIGURED', messages.noService());
  const passed = results.filter(allowsPromotion).length;
  const skippedOnly = results.every((decision) => outcomeOf(decision) === 'SKIPPED');
  const counted = skippedOnly ? results : results.filter((decision) => !(outcomeOf(decision) === 'SKIPPED' && allowsPromotion(decision)));
  const worst = worstOutcome(counted.map(outcomeOf));
  const worstDeployment = counted.find((decision) => outcomeOf(decision) === worst);
  if (worst === 'SUCCEEDED' || worstDeployment === undefined)
    return resultOf('SUCCEEDED', 'DEPLOYED', messages.servicesRunning(passed, results.length));
  const { outcome, reason, message, runbook } = worstDeployment.record?.result ?? missingResult(worstDeployment);
  const isPartial = outcome === 'SKIPPED' && results.some((decision) => outcomeOf(decision) === 'SUCCEEDED');
  return {
    outcome: isPartial ? 'PARTIAL' : outcome,
    reason,
    message: messages.ofService(worstDeployment.service, message),
    ...(runbook !== undefined && { runbook }),
  };
};

const missingResult = ({ record }: DeploymentResult): Result => {
  if (record?.updateRequestedAt !== undefined) return resultOf('UNKNOWN', 'AWS_ERROR', messages.noResult(), 'RESULT_MISSING');
  return resultOf('FAILED', 'AWS_ERROR', record ? messages.noResult() : messages.noRecord());
};

/** The stage after this one, if all of this one's deployments let the release pass. */
export const nextStage = ({ stages = [] }: ReleaseRecord, stage: string, results: readonly DeploymentResult[]): string | undefined => {
  if (!results.every(allowsPromotion)) return undefined;
  return stages[stages.findIndex(({ name }) => name === stage) + 1]?.name;
};
