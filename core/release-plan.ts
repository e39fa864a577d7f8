import { type Configuration, repositoryOf } from './configuration.js';
import { type StageDecision, unfinished } from './contracts.js';
import { slug } from './execution-name.js';
import { type Ending, isAlreadyRunning, type Outcome, worstOf } from './outcome.js';
import { type DeploymentRecord, type Image, pinned, type RecordName, type ReleaseRecord, type StageDeployment } from './records.js';
import { Refusal } from './refusal.js';
import type { ReleaseStart } from './start.js';
import { matchTag } from './tag-policy.js';

/**
 * Why this start deploys nothing; undefined when it may go on. A push is skipped; a person is told what is wrong.
 * @throws Refusal
 */
export const skippedBy = (configuration: Configuration, start: Exclude<ReleaseStart, { kind: 'skipped' }>): string | undefined => {
  const repository = repositoryOf(configuration, start.repository);
  if (!repository) {
    const known = Object.keys(configuration.repositories).join(', ');
    const sentence = `repository ${start.repository} is not in slipway.yml; it names ${known}`;
    if (start.kind === 'hand') throw new Refusal(sentence);
    return sentence;
  }
  // A digest was chosen by a person; the policy speaks of tags.
  if (start.tag === undefined || (start.kind === 'hand' && start.force)) return undefined;
  const { allowed, reason } = matchTag(repository.tags, start.tag);
  if (allowed) return undefined;
  if (start.kind === 'hand') throw new Refusal(`${reason}; give "force": true to deploy it all the same`);
  return reason;
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
  const reference = image === undefined ? '' : image.tag === undefined ? pinned(image) : pinned(image).replace('@', `:${image.tag}@`);
  return {
    next: 'go',
    record,
    stage,
    services: deploymentsOf(release, stage).map(({ service, name }) => ({ service, name, image: reference })),
    ending: unfinished,
  };
};

/** How a deployment ended, or that nobody knows. */
export type ServiceVerdict = {
  readonly service: string;
  readonly record: Pick<DeploymentRecord, 'outcome' | 'cause' | 'sentence' | 'touched'> | undefined;
};

const outcomeOf = ({ record }: ServiceVerdict): Outcome => record?.outcome ?? (record?.touched === undefined ? 'FAILED' : 'UNKNOWN');

/** Past services that succeeded or run it already, a release goes on; anything else stops it. */
const letsPass = (verdict: ServiceVerdict): boolean => outcomeOf(verdict) === 'SUCCEEDED' || isAlreadyRunning(verdict.record ?? {});

/** A release's ending after some stages: the worst of its deployments'. */
export const releaseEnding = (verdicts: readonly ServiceVerdict[]): Ending => {
  if (verdicts.length === 0) return { outcome: 'SKIPPED', cause: '', sentence: 'slipway.yml names no service for it' };
  const skippedOnly = verdicts.length > 0 && verdicts.every((verdict) => outcomeOf(verdict) === 'SKIPPED');
  const counted = skippedOnly ? verdicts : verdicts.filter((verdict) => !(outcomeOf(verdict) === 'SKIPPED' && letsPass(verdict)));
  const outcome = worstOf(counted.map(outcomeOf));
  const culprit = counted.find((verdict) => outcomeOf(verdict) === outcome);
  const sentence =
    culprit?.record?.sentence ??
    (culprit?.record === undefined ? 'its deployment left no record: see its execution' : 'its deployment did not tell how it ended');
  const good = verdicts.filter(letsPass).length;
  return {
    outcome,
    cause: culprit?.record?.cause ?? (culprit && !culprit.record ? 'AWS_ERROR' : ''),
    sentence: outcome === 'SUCCEEDED' ? `${good} of ${verdicts.length} services run it` : culprit ? `${culprit.service}: ${sentence}` : '',
  };
};

/** The stage after this one, if all of this one's deployments let the release pass. */
export const nextStage = ({ stages = [] }: ReleaseRecord, stage: string, verdicts: readonly ServiceVerdict[]): string | undefined => {
  if (!verdicts.every(letsPass)) return undefined;
  return stages[stages.findIndex(({ name }) => name === stage) + 1]?.name;
};
