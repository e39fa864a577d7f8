import { type Configuration, type Repository, repositoryOf, type Stage } from '../configuration/configuration.js';
import type { ReleaseInput } from '../input/release-input.js';
import { suggestionFor } from '../input/suggestion.js';
import { type Reach, reach } from '../policy/tag-policy.js';
import { slug } from '../records/execution-name.js';
import type { Image, ReleaseRecord, ReleaseStage } from '../records/records.js';
import * as messages from '../result/messages.js';
import { RejectedInput } from '../result/rejected-input.js';
import { type Result, resultOf } from '../result/result.js';

/** The start of a release of an image. */
export type ImageStart = Exclude<ReleaseInput, { kind: 'skipped' | 'rollback' }>;

/** Which stages a release deploys, in order, the first of them, and which ones the tag does not reach. */
export type Plan = Required<Pick<ReleaseRecord, 'stages' | 'stage' | 'passedOver'>>;

/** @throws RejectedInput for an operator's start of a repository that slipway.yml does not name; else that is a result */
export const configuredRepository = (
  configuration: Configuration,
  start: Exclude<ReleaseInput, { kind: 'skipped' }>,
): Repository | Result => {
  const repository = repositoryOf(configuration, start.repository);
  if (repository) return repository;
  const names = Object.keys(configuration.repositories);
  const message = messages.repositoryNotConfigured(start.repository, names, suggestionFor(start.repository, names));
  if (start.kind === 'hand' || start.kind === 'rollback') throw new RejectedInput(message);
  return resultOf('SKIPPED', 'NOT_CONFIGURED', message);
};

/**
 * Why the tag policy skips this start; undefined if the tag reaches a stage.
 * @throws RejectedInput for an operator's start, instead of a result
 */
export const tagSkipReason = (repository: Repository, start: ImageStart): Result | undefined => {
  const { tag } = start;
  // An operator chose a digest; the policy is about tags.
  if (tag === undefined || (start.kind === 'hand' && start.force)) return undefined;
  const all = repository.stages.map((stage) => reach(repository, stage, tag));
  if (all.some(({ isReached }) => isReached)) return undefined;
  const message = [...new Set(all.map((one) => one.message))].join('; ');
  if (start.kind === 'hand') throw new RejectedInput(`${message}; start it with "force": true to deploy it anyway`);
  return resultOf('SKIPPED', 'TAG_NOT_MATCHED', message);
};

/**
 * The name of a child execution: at most 80 characters, only those that Step Functions accepts, and equal whenever the release
 * plans again. The position in slipway.yml keeps services apart whose names are cut to the same text.
 */
const childName = (service: string, position: string, { digest }: Image, startedAt: string): string =>
  `${slug(service).slice(0, 36)}-${digest.slice(7, 19)}-${startedAt.replace(/\D/g, '').slice(0, 17)}-${position}`;

/** Without a tag, every stage: an operator chose a digest, or passes the policy. */
const reachOf = (tag: string | undefined, repository: Repository, stage: Stage): Pick<Reach, 'isReached' | 'isVersioned' | 'message'> =>
  tag === undefined ? { isReached: true, isVersioned: false, message: '' } : reach(repository, stage, tag);

/**
 * The plan of a release: the stages of the image's repository that its tag reaches, with a named execution for each service. A forced
 * one reaches every stage. `startedAt` is ISO 8601.
 */
export const planOf = (configuration: Configuration, image: Image, startedAt: string, isForced = false): Plan => {
  const repository = repositoryOf(configuration, image.repository);
  if (!repository) return { stages: [], stage: '', passedOver: [] };
  const all = repository.stages.map((stage, index) => {
    const { isReached, isVersioned, message } = reachOf(isForced ? undefined : image.tag, repository, stage);
    const planned: ReleaseStage = {
      name: stage.name,
      deployments: stage.services.map(({ service }, position) => ({
        service,
        name: childName(service, `${index + 1}-${position + 1}`, image, startedAt),
      })),
      // No service has this position: theirs begin at 1.
      ...(stage.before && {
        before: { service: stage.before.like, name: childName(stage.before.like, `${index + 1}-0`, image, startedAt) },
      }),
      ...(isVersioned && { isVersioned }),
      ...(stage.parallel !== undefined && { parallel: stage.parallel }),
      ...(stage.onFailure === 'rollBackAll' && { onFailure: stage.onFailure }),
      ...(stage.rollBackScope === 'release' && { rollBackScope: stage.rollBackScope }),
    };
    return { planned, isReached, message };
  });
  const stages = all.filter(({ isReached }) => isReached).map(({ planned }) => planned);
  const passedOver = all.filter(({ isReached }) => !isReached).map(({ planned, message }) => ({ stage: planned.name, message }));
  return { ...planWith(stages), passedOver };
};

/** A plan that begins with the first of these stages. */
export const planWith = (stages: readonly ReleaseStage[]): Omit<Plan, 'passedOver'> => ({ stages, stage: stages[0]?.name ?? '' });
