import { Executions } from '../../aws/execution.js';
import { Images } from '../../aws/image.js';
import { PassedStages } from '../../aws/passed-stages.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { ReleaseHistory } from '../../aws/release-history.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { type Configuration, type Repository, repositoryOf } from '../../core/configuration/configuration.js';
import { plannedStages, searchFrom } from '../../core/housekeeping/reconcile.js';
import { registryOf, shortDigest } from '../../core/image/image-reference.js';
import { parseReleaseInput, type ReleaseInput } from '../../core/input/release-input.js';
import { sourceOf } from '../../core/lease/service-state.js';
import { nameOf } from '../../core/records/execution-name.js';
import { type RecordName, releaseName } from '../../core/records/record-name.js';
import type { Image, ReleaseRecord } from '../../core/records/records.js';
import { hasStagesOf, pushOf } from '../../core/release/claim-digest.js';
import * as releaseMessages from '../../core/release/messages.js';
import { configuredRepository, type ImageStart, planOf, planWith, tagSkipReason } from '../../core/release/planned-stages.js';
import { stageDecision } from '../../core/release/release-plan.js';
import { undoDecision } from '../../core/release/undo.js';
import * as messages from '../../core/result/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { type Result, resultOf } from '../../core/result/result.js';
import { scanDeadline } from '../../core/scan/scan-deadline.js';
import { ExecutionInput, type PlanDecision } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { type Claimed, claimDigest, type Planned } from '../shared/claim-digest.js';
import { ignoreMissingRecord } from '../shared/ignore-missing-record.js';
import { planRollback } from '../shared/plan-rollback.js';
import { resolveImage } from '../shared/resolve-image.js';

type Deps = {
  readonly configuration: Configuration;
  readonly registry: (execution: string) => string;
  readonly images: Pick<Images, 'find'>;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly records: Pick<
    RecordRepository,
    | 'open'
    | 'release'
    | 'update'
    | 'decide'
    | 'claim'
    | 'takeOverClaim'
    | 'claimed'
    | 'recordLaterPushes'
    | 'joinStages'
    | 'deployment'
    | 'deploymentNamed'
  >;
  readonly states: Pick<ServiceStateRepository, 'of' | 'recordLaterPush'>;
  readonly history: Pick<ReleaseHistory, 'firstSeenAt' | 'releasesOf' | 'newestFirst'>;
  readonly passed: Pick<PassedStages, 'of'>;
};

/** `other` stands for a release that has no stage left. */
type Stages = Pick<ReleaseRecord, 'stages' | 'stage' | 'other'>;

/** A start of a configured repository, and the record that it opens. */
type Started<Start> = { readonly start: Start; readonly name: RecordName; readonly base: ReleaseRecord };

/** Task state `PlanRelease`: validates the input, applies the tag policy, claims the digest, opens the record. */
export const planRelease =
  (deps: Deps) =>
  async ({ input, execution, startedAt }: ExecutionInput): Promise<PlanDecision> => {
    try {
      const start = parseReleaseInput(input, execution);
      if (start.kind === 'skipped') return ended(start.result);
      const repository = configuredRepository(deps.configuration, start);
      if ('outcome' in repository) return ended(repository);
      const started = { name: releaseName(start.repository, startedAt, execution), base: baseOf(start, execution, startedAt) };
      return start.kind === 'rollback'
        ? await planForRollback(deps, { ...started, start }, repository)
        : await planForImage(deps, { ...started, start }, repository);
    } catch (error) {
      if (error instanceof RejectedInput) return ended(error.result);
      throw error;
    }
  };

const ended = (result: Result, record = ''): PlanDecision => ({
  action: 'finish',
  record,
  stage: '',
  services: [],
  parallel: 1,
  result,
  deadline: '',
});

const baseOf = (start: Exclude<ReleaseInput, { kind: 'skipped' }>, execution: string, startedAt: string): ReleaseRecord => ({
  repository: start.repository,
  ...('tag' in start && start.tag !== undefined && { tag: start.tag }),
  execution,
  startedAt,
  pending: 'yes',
  ...(start.kind === 'hand' && start.force && { force: true }),
  ...(start.kind === 'hand' && start.ignoreWindow && { ignoreWindow: true }),
  ...(start.kind === 'hand' && start.ignoreScan && { ignoreScan: true }),
  trigger: start.trigger,
  pushedAt: ('pushedAt' in start ? start.pushedAt : undefined) ?? startedAt,
});

const planForImage = async (deps: Deps, started: Started<ImageStart>, repository: Repository): Promise<PlanDecision> => {
  const { configuration, records, history, images, registry } = deps;
  const { start, name, base } = started;
  const { execution, startedAt } = base;
  const refused = tagSkipReason(repository, start);
  const stages = repository.stages.map((stage) => stage.name);
  // Known from its first push on: a missed push before the first run of the reconciler is deployed later, too.
  await history.firstSeenAt(repository.name, stages, pushOf(base));
  const image = refused ?? (await resolveImage(images, registry(execution), start));
  if ('outcome' in image) {
    await records.open(name, base);
    return ended(image, name);
  }
  const { passedOver, ...plan } = planOf(configuration, image, startedAt, base.force);
  const due = await dueOf(deps, started, image, plan);
  const record = await opened(records, name, { ...base, image, ...due, ...(passedOver.length > 0 && { passedOver }) });
  if (record.stages.length === 0) return ended(duplicate(releaseMessages.plannedBefore(record.image.tag ?? '')), name);
  const claimed = await claimDigest(deps, name, record);
  if (claimed.action !== 'proceed') {
    if (claimed.other !== undefined) await records.update(name, { other: claimed.other });
    return ended(resultOfOther(claimed, record), name);
  }
  const { release } = claimed;
  const before = start.kind === 'push' ? await releasedBefore(deps, release) : undefined;
  // Unless another release has joined it meanwhile, which counts on it.
  if (before && (await records.decide(name, release.stages))) {
    await records.update(name, { other: recordOf(before) });
    return ended(duplicate(messages.releasedBefore(nameOf(before.execution))), name);
  }
  return { ...stageDecision('proceed', name, release, release.stage ?? ''), deadline: scanDeadline(repository, release) };
};

const recordOf = ({ repository, startedAt, execution }: ReleaseRecord): RecordName => releaseName(repository, startedAt, execution);

const duplicate = (message: string): Result => resultOf('SKIPPED', 'DUPLICATE_RELEASE', message);

const resultOfOther = ({ action, to }: Exclude<Claimed, { action: 'proceed' }>, { stages, image }: Planned): Result => {
  if (action === 'leave') return duplicate(messages.releaseInProgress(shortDigest(image.digest), nameOf(to)));
  const names = stages.map(({ name }) => name);
  return resultOf('SKIPPED', 'JOINED_RELEASE', releaseMessages.joinedRelease(names, nameOf(to)));
};

/** The stages of the plan that a start is for. */
const dueOf = async (deps: Deps, { start, base }: Started<ImageStart>, image: Image, plan: Stages): Promise<Stages> => {
  if (start.kind === 'releasedHold') return continued(deps, image, plan);
  return start.kind === 'reconcile' ? neverPlanned(deps, base, image, plan) : plan;
};

/**
 * What a hold kept back continues at the stage where it was kept back: its release had passed the ones before, in which an operator may
 * have deployed another image since. A stage in which it failed since stops it, as it stops any release.
 */
const continued = async ({ states }: Deps, { repository, digest }: Image, { stages = [] }: Stages): Promise<Stages> => {
  const concerns = async ({ service }: { readonly service: string }): Promise<boolean> => {
    const { withheld, quarantine = [] } = sourceOf(await states.of(service), repository);
    return withheld?.digest === digest || quarantine.some((one) => one.digest === digest);
  };
  const due = await Promise.all(stages.map(async ({ deployments }) => (await Promise.all(deployments.map(concerns))).includes(true)));
  return planWith(stages.slice(Math.max(due.indexOf(true), 0)));
};

/** What no release has planned since the push: a stage that was rejected, or in which the image failed, is not deployed again. */
const neverPlanned = async (
  { configuration, history, passed }: Deps,
  base: ReleaseRecord,
  { repository, digest }: Image,
  plan: Stages,
): Promise<Stages> => {
  const all = await history.releasesOf(repository, digest, searchFrom({ pushedAt: pushOf(base) }));
  const others = all.filter(({ execution }) => execution !== base.execution);
  const configured = repositoryOf(configuration, repository) ?? { stages: [] };
  const planned = plannedStages(configured, others, await passed.of(repository, digest));
  const due = planWith((plan.stages ?? []).filter(({ name }) => !planned.has(name)));
  const newest = others.filter(({ result }) => !isLeftToOther(result)).at(-1);
  return { ...due, ...(due.stages.length === 0 && newest && { other: recordOf(newest) }) };
};

const isLeftToOther = (result: Result | undefined): boolean =>
  result?.reason === 'DUPLICATE_RELEASE' || result?.reason === 'JOINED_RELEASE';

/** The release that decided about this very push: an event may come twice, the second time much later. */
const releasedBefore = async ({ history }: Deps, release: Planned): Promise<ReleaseRecord | undefined> => {
  const isSame = (its: string, wanted: string): boolean => Date.parse(its) === Date.parse(wanted);
  const all = await history.releasesOf(release.repository, release.image.digest, searchFrom({ pushedAt: pushOf(release) }));
  // It may have left stages to other releases of the image, which were pushed at another time.
  const isItsEvent = (one: ReleaseRecord): boolean => one.tag === release.tag && isSame(pushOf(one), pushOf(release));
  return all.find(
    (one) =>
      one.execution !== release.execution &&
      one.endedAt !== undefined &&
      one.result?.reason !== 'DUPLICATE_RELEASE' &&
      (isItsEvent(one) || (one.result?.reason !== 'JOINED_RELEASE' && hasStagesOf(one, release, isSame))),
  );
};

/** The record: run again after its answer was lost, the step continues with the image that it found first, because a tag may have moved. */
const opened = async (records: Deps['records'], name: RecordName, planned: ReleaseRecord & { readonly image: Image }): Promise<Planned> => {
  await records.open(name, planned);
  const record = await records.release(name);
  if (record.image) return { ...record, image: record.image, stages: record.stages ?? [] };
  await records.update(name, planned);
  return { ...planned, stages: planned.stages ?? [] };
};

/** A rollback deploys no digest, so it claims none; it waits for no gate. */
const planForRollback = async (
  deps: Deps,
  { start, name, base }: Started<Extract<ReleaseInput, { kind: 'rollback' }>>,
  repository: Repository,
): Promise<PlanDecision> => {
  const { records } = deps;
  const before = await records.release(name).catch(ignoreMissingRecord);
  const plan = before?.rollback ? { rollback: before.rollback } : await planRollback(deps, name, start, repository);
  if ('outcome' in plan) {
    await records.open(name, base);
    return ended(plan, name);
  }
  await records.open(name, { ...base, ...plan });
  // An earlier invocation may have found nothing to roll back: without the plan in it, its deployments would not know what they undo.
  if (before && !before.rollback) await records.update(name, plan);
  return { ...undoDecision('deploy', name, '', plan.rollback.deployments), deadline: '' };
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
      for: 'the records, the claim on the digest and its pushes; earlier releases, the other releases of the digest, and since when the stages are known',
    },
    { allow: ['states:DescribeExecution'], on: 'releaseExecutions', for: 'whether the execution that claimed the digest still runs' },
  ]),
  onFailure: atPackaging(
    'FAILED, nothing changed. The record and the claim may stay open; the next release of the digest takes the claim over',
  ),
  onRepeat: atPackaging(
    'finds its record by the name that follows from the execution, with the image that was found first; the claim is its own, or the release that it joined is found by its record',
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
      passed: new PassedStages(tableIn(environment)),
    }),
});
