import { Executions } from '../../aws/execution.js';
import { Images, isArtifact } from '../../aws/image.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { ReleaseHistory } from '../../aws/release-history.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { type Configuration, repositoryOf } from '../../core/configuration/configuration.js';
import { searchFrom } from '../../core/housekeeping/reconcile.js';
import { nameOfImage, registryOf, shortDigest } from '../../core/image/image-reference.js';
import { parseReleaseInput, type ReleaseInput } from '../../core/input/release-input.js';
import { sourceOf } from '../../core/lease/service-state.js';
import { nameOf } from '../../core/records/execution-name.js';
import { releaseName } from '../../core/records/record-name.js';
import type { Image, ReleaseRecord } from '../../core/records/records.js';
import { planOf, stageDecision, tagSkipReason } from '../../core/release/release-plan.js';
import * as messages from '../../core/result/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { type Result, resultOf } from '../../core/result/result.js';
import { ExecutionInput, type PlanDecision } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { findActiveRelease } from '../shared/claim-digest.js';

type Deps = {
  readonly configuration: Configuration;
  readonly registry: (execution: string) => string;
  readonly images: Pick<Images, 'find'>;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly records: Pick<
    RecordRepository,
    'open' | 'release' | 'update' | 'claim' | 'claimed' | 'recordLaterClaimPush' | 'deployment' | 'deploymentNamed'
  >;
  readonly states: Pick<ServiceStateRepository, 'of' | 'recordLaterPush'>;
  readonly history: Pick<ReleaseHistory, 'firstSeenAt' | 'releasesOf'>;
};

type Plan = Pick<ReleaseRecord, 'stages' | 'stage'>;

type Wanted = Exclude<ReleaseInput, { kind: 'skipped' }>;

/** Task state `PlanRelease`: validates the input, applies the tag policy, claims the digest, opens the record. */
export const planRelease =
  (deps: Deps) =>
  async ({ input, execution, startedAt }: ExecutionInput): Promise<PlanDecision> => {
    const ended = (result: Result, record = ''): PlanDecision => ({
      action: 'finish',
      record,
      stage: '',
      services: [],
      parallel: 1,
      result,
    });
    try {
      const start = parseReleaseInput(input, execution);
      if (start.kind === 'skipped') return ended(start.result);
      const refused = tagSkipReason(deps.configuration, start);
      if (refused && !repositoryOf(deps.configuration, start.repository)) return ended(refused);

      const name = releaseName(start.repository, startedAt, execution);
      const base: ReleaseRecord = {
        repository: start.repository,
        ...(start.tag !== undefined && { tag: start.tag }),
        execution,
        startedAt,
        pending: 'yes',
        ...(start.kind === 'hand' && start.force && { force: true }),
        trigger: 'trigger' in start ? start.trigger : { kind: start.kind },
        pushedAt: (start.kind === 'hand' ? undefined : start.pushedAt) ?? startedAt,
      };
      // Known from its first push on: a missed push before the first run of the reconciler is deployed later, too.
      await deps.history.firstSeenAt(start.repository, base.pushedAt ?? startedAt);
      const image = refused ?? (await resolve(deps, start, execution));
      if ('outcome' in image) {
        await deps.records.open(name, base);
        return ended(image, name);
      }
      const plan = planOf(deps.configuration, image, startedAt);
      const due = start.kind === 'releasedHold' ? await continued(deps, image, plan) : plan;
      const record = await opened(deps.records, name, { ...base, image, ...due });
      const other = await findActiveRelease(deps, name, record);
      if (other !== undefined) return ended(duplicate(messages.releaseInProgress(shortDigest(record.image.digest), nameOf(other))), name);
      const before = start.kind === 'push' ? await releasedBefore(deps, record) : undefined;
      if (before) return ended(duplicate(messages.releasedBefore(nameOf(before.execution))), name);
      return stageDecision(name, record, record.stage ?? '');
    } catch (error) {
      if (error instanceof RejectedInput) return ended(error.result);
      throw error;
    }
  };

/**
 * What a hold kept back continues at the stage where it was kept back: its release had passed the ones before, in which an operator may
 * have deployed another image since. A stage in which it failed since stops it, as it stops any release.
 */
const continued = async ({ states }: Deps, { repository, digest }: Image, plan: Plan): Promise<Plan> => {
  const { stages = [] } = plan;
  const concerns = async ({ service }: { readonly service: string }): Promise<boolean> => {
    const { withheld, quarantine = [] } = sourceOf(await states.of(service), repository);
    return withheld?.digest === digest || quarantine.some((one) => one.digest === digest);
  };
  const due = await Promise.all(stages.map(async ({ deployments }) => (await Promise.all(deployments.map(concerns))).includes(true)));
  const rest = stages.slice(Math.max(due.indexOf(true), 0));
  return { stages: rest, stage: rest[0]?.name ?? '' };
};

const duplicate = (message: string): Result => resultOf('SKIPPED', 'DUPLICATE_RELEASE', message);

/** The release that decided about this very push: an event may come twice, the second time much later. */
const releasedBefore = async ({ history }: Deps, { repository, image, pushedAt = '', execution }: Planned) => {
  const all = await history.releasesOf(repository, image.digest, searchFrom({ pushedAt }));
  return all.find(
    (one) =>
      one.execution !== execution &&
      one.endedAt !== undefined &&
      Date.parse(one.pushedAt ?? '') === Date.parse(pushedAt) &&
      one.result?.reason !== 'DUPLICATE_RELEASE',
  );
};

type Planned = ReleaseRecord & { readonly image: Image };

/** The record: run again after its answer was lost, the step continues with the image that it found first, because a tag may have moved. */
const opened = async (records: Deps['records'], name: string, planned: Planned): Promise<Planned> => {
  await records.open(name, planned);
  const record = await records.release(name);
  if (record.image) return { ...record, image: record.image };
  await records.update(name, planned);
  return planned;
};

/** The image of the input; a result if a push's tag has moved, which is no error of an operator. */
const resolve = async ({ images, registry }: Deps, start: Wanted, execution: string): Promise<Image | Result> => {
  const { repository, tag } = start;
  const digest = start.kind === 'reconcile' ? undefined : start.digest;
  if (start.kind === 'releasedHold') {
    const kept = await images.find(registry(execution), repository, { digest });
    return kept && !isArtifact(kept)
      ? { ...kept, ...(tag !== undefined && { tag }) }
      : resultOf('SKIPPED', 'TAG_MOVED', messages.imageGone(start.digest, repository));
  }
  const found = await images.find(registry(execution), repository, tag === undefined ? { digest } : { tag });
  if (found && isArtifact(found)) {
    const message = messages.notAnImage(nameOfImage({ repository, tag, digest }), found.artifactType);
    if (start.kind === 'hand') throw new RejectedInput(message);
    return resultOf('SKIPPED', 'NOT_AN_IMAGE', message);
  }
  if (!found && start.kind !== 'hand') return resultOf('SKIPPED', 'TAG_MOVED', messages.tagGone(tag ?? '', repository));
  if (found && start.kind === 'push') {
    if (found.digest !== digest) return resultOf('SKIPPED', 'TAG_MOVED', messages.tagMoved(tag ?? '', shortDigest(found.digest)));
    return found;
  }
  if (!found)
    throw new RejectedInput(
      `image ${nameOfImage({ repository, tag, digest })} is not in ${registry(execution)}; push it first, or check its ${tag === undefined ? 'digest' : 'tag'}`,
    );
  return found;
};

export const { step, handler } = defineStep({
  name: 'PlanRelease',
  input: ExecutionInput,
  permissions: atPackaging([
    {
      allow: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      on: 'repositories',
      for: 'the digest of a tag; the commit, from the labels of the image',
    },
    {
      allow: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
      on: 'table',
      for: 'the record and the claim on the digest; earlier releases of the push, the other release of the digest, and since when the repository is known',
    },
    { allow: ['states:DescribeExecution'], on: 'releaseExecutions', for: 'whether the execution that claimed the digest still runs' },
  ]),
  onFailure: atPackaging(
    'FAILED, nothing changed. The record and the claim may stay open; the next release of the digest takes the claim over',
  ),
  onRepeat: atPackaging(
    'finds its record by the name that follows from the execution, with the image that was found first; the claim is its own',
  ),
  run: (environment) =>
    planRelease({
      configuration: environment.configuration,
      registry: registryOf,
      images: new Images(environment.clients),
      executions: new Executions(environment.clients),
      records: new RecordRepository(tableIn(environment)),
      states: new ServiceStateRepository(tableIn(environment)),
      history: new ReleaseHistory(tableIn(environment)),
    }),
});
