import { Executions } from '../../aws/execution.js';
import { type Artifact, Images, isArtifact } from '../../aws/image.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { WatchItems } from '../../aws/watch-items.js';
import { type Configuration, findService } from '../../core/configuration/configuration.js';
import { settingsOf } from '../../core/configuration/service-settings.js';
import { type ImageReference, nameOfImage, shortDigest } from '../../core/image/image-reference.js';
import { type DeploymentInput, parseDeploymentInput, rejectForeignImage } from '../../core/input/deployment-input.js';
import * as leaseMessages from '../../core/lease/messages.js';
import { deploymentName, type RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, Image, ReleaseRecord, Undo, Undone } from '../../core/records/records.js';
import { stageBefore, stageFailedResult, stageOf, undoOf } from '../../core/release/child-deployment.js';
import * as messages from '../../core/result/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { type Result, resultOf, unfinished } from '../../core/result/result.js';
import { ExecutionInput, type OpenDeploymentOutput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { takeOverDeployment } from '../shared/take-over-deployment.js';

type Deps = {
  readonly configuration: Configuration;
  readonly images: Pick<Images, 'find'>;
  readonly records: Pick<RecordRepository, 'open' | 'release' | 'deployment' | 'takeOver'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'takeOverLease'>;
  readonly watch: Pick<WatchItems, 'open' | 'takeOver'>;
  readonly executions: Pick<Executions, 'livenessOf'>;
};

type Deploy = Extract<DeploymentInput, { kind: 'deploy' }>;

/** Task state `OpenDeployment`: validates the input, finds the image, opens the record. */
export const openDeployment =
  (deps: Deps) =>
  async (input: ExecutionInput): Promise<OpenDeploymentOutput> => {
    const opened = { service: '', record: '', release: '', visit: 1 };
    try {
      const start = parseDeploymentInput(input.input, input.execution);
      if (start.kind === 'resume') return await takeOverDeployment(deps, start.record, input);
      const { service, image, operation, release } = start;
      const record = deploymentName(service, input.startedAt, input.execution);
      if (release !== '') {
        const from = await deps.records.release(release);
        Object.assign(opened, { service, record, release });
        return { ...opened, ...(await openOfRelease(deps, start, record, from, input)) };
      }
      const named = operation.kind === 'rollback' ? operation.repository : undefined;
      const { stage } = settingsOf(deps.configuration, service, image?.repository ?? named);
      if (image) rejectForeignImage(image, input.execution);
      Object.assign(opened, { service, record });
      // The record is written last and at once: a failure before it leaves none pending.
      const found = image && (await resolve(image, deps));
      await deps.records.open(record, {
        ...common(start, input),
        stage,
        operation,
        trigger: start.trigger,
        pushedAt: input.startedAt,
        ...(start.isForced && { force: true }),
        ...(found && !isArtifact(found) && { image: found }),
      });
      if (image && found && isArtifact(found)) throw new RejectedInput(messages.notAnImage(nameOfImage(image), found.artifactType));
      if (image && !found) throw missing(image);
      return { action: 'proceed', ...opened, result: unfinished };
    } catch (error) {
      if (error instanceof RejectedInput) return { action: 'finish', ...opened, result: error.result };
      throw error;
    }
  };

const common = ({ service }: Deploy, { execution, startedAt }: ExecutionInput) => ({
  service,
  execution,
  startedAt,
  pending: 'yes' as const,
});

/**
 * Opens the record of what a release planned for this execution: a deployment of one of its stages, the before task of one, or a deployment
 * that undoes another.
 * @throws RejectedInput for a service that the release did not plan, and slipway.yml does not name; or without what to deploy, or to undo
 */
const openOfRelease = async (
  { configuration, records }: Deps,
  start: Deploy,
  name: RecordName,
  from: ReleaseRecord,
  input: ExecutionInput,
): Promise<Pick<OpenDeploymentOutput, 'action' | 'result'>> => {
  const { service, release, operation } = start;
  const base = { ...common(start, input), release, trigger: from.trigger, pushedAt: from.pushedAt ?? input.startedAt };
  const undo = undoOf(from, name);
  const prepared = stageBefore(from, name);
  const planned = prepared ?? stageOf(from, name);
  const image = from.image && { ...from.image, ...(planned?.tag !== undefined && { tag: planned.tag }) };
  const record: DeploymentRecord = undo
    ? { ...base, ...undoing(undo, await records.deployment(undo.undoes), release) }
    : {
        ...base,
        operation: prepared ? { kind: 'beforeTask' } : operation,
        // The service may have moved to another stage since the release was planned.
        stage: planned?.name ?? settingsOf(configuration, service, from.repository).stage,
        ...(planned?.pushedAt !== undefined && { pushedAt: planned.pushedAt }),
        ...(from.force && { force: true }),
        ...(planned?.isVersioned && { isVersioned: true }),
        ...(image && { image }),
      };
  await records.open(name, record);
  if (undo && !record.undoes) throw new RejectedInput(leaseMessages.nothingToUndo(undo.undoes));
  if (!undo && !image) throw new RejectedInput(`release ${release} has no image to deploy`);
  const result = changedSince(configuration, service, from.repository, planned?.name) ?? stageFailedResult(from, record);
  return result ? { action: 'finish', result } : { action: 'proceed', result: unfinished };
};

/**
 * The result for a service that slipway.yml no longer has where the release was planned, so that it gets no image past the gates of
 * another stage; undefined if it has. What undoes a deployment passes no gate, and has no `stage`.
 */
const changedSince = (configuration: Configuration, service: string, repository: string, stage?: string): Result | undefined => {
  const found = findService(configuration, service, repository);
  if (!found) return resultOf('SKIPPED', 'NOT_CONFIGURED', leaseMessages.notConfiguredAnyMore(service, repository));
  if (stage === undefined || found.stage.name === stage) return undefined;
  return resultOf('SKIPPED', 'NOT_CONFIGURED', leaseMessages.inAnotherStage(service, stage, found.stage.name));
};

/** What the undone deployment left behind, so that its record is not needed any more; without `undoes` if it has changed nothing. */
const undoing = ({ undoes: deployment }: Undo, undone: DeploymentRecord, release: RecordName) => {
  const { image, isVersioned, stage, pushedAt = undone.startedAt, revision, previousRevision, lastDeployedBefore } = undone;
  const opened = { operation: { kind: 'releaseRollback', deployment } as const, stage, pushedAt };
  if (!image || revision === undefined || previousRevision === undefined) return opened;
  const undoes: Undone = {
    repository: image.repository,
    digest: image.digest,
    ...(isVersioned && image.tag !== undefined && { version: image.tag }),
    revision,
    previousRevision,
    ...(lastDeployedBefore !== undefined && { lastDeployedBefore }),
    // A release undoes what itself deployed; an operator has another one undo it.
    ...(undone.release !== release && { isByOperator: true }),
  };
  return { ...opened, undoes };
};

/** What the registry has now; undefined if it has nothing there. */
const resolve = async (
  { registry, repository, tag, digest }: ImageReference,
  { images }: Pick<Deps, 'images'>,
): Promise<Image | Artifact | undefined> => {
  const found = await images.find(registry, repository, { tag, digest });
  return found && { ...found, ...(tag !== undefined && { tag }) };
};

const missing = ({ registry, repository, tag, digest }: ImageReference): RejectedInput =>
  new RejectedInput(
    `image ${repository}${tag ? `:${tag}` : ''}${digest ? `@${shortDigest(digest)}` : ''} is not in ${registry}; push it first, or check its tag`,
  );

export const { step, handler } = defineStep({
  name: 'OpenDeployment',
  input: ExecutionInput,
  permissions: atPackaging([
    {
      allow: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      on: 'repositories',
      for: 'the digest of a tag; the commit, from the labels of the image',
    },
    {
      allow: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      on: 'table',
      for: 'the record; the lease and the watch item of a deployment that it resumes',
    },
    { allow: ['states:DescribeExecution'], on: 'deploymentExecutions', for: 'whether the deployment to resume still runs' },
  ]),
  onFailure: atPackaging(
    'FAILED, nothing changed. The record is written last, so none stays open; one whose answer was lost is closed by the name that the machine knows',
  ),
  onRepeat: atPackaging('finds the record'),
  run: (environment) =>
    openDeployment({
      configuration: environment.configuration,
      executions: new Executions(environment.clients),
      images: new Images(environment.clients),
      records: new RecordRepository(tableIn(environment)),
      states: new ServiceStateRepository(tableIn(environment)),
      watch: new WatchItems(tableIn(environment)),
    }),
});
