import { Executions } from '../../aws/execution.js';
import { type Artifact, Images, isArtifact } from '../../aws/image.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { WatchItems } from '../../aws/watch-items.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { settingsOf } from '../../core/configuration/service-settings.js';
import { type ImageReference, nameOfImage, shortDigest } from '../../core/image/image-reference.js';
import { type DeploymentInput, parseDeploymentInput, rejectForeignImage } from '../../core/input/deployment-input.js';
import { deploymentName } from '../../core/records/record-name.js';
import type { Image, ReleaseRecord } from '../../core/records/records.js';
import * as messages from '../../core/result/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { unfinished } from '../../core/result/result.js';
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
      const from = release === '' ? undefined : await deps.records.release(release);
      const named = operation.kind === 'rollback' ? operation.repository : undefined;
      const { stage } = settingsOf(deps.configuration, service, (from?.image ?? image)?.repository ?? named);
      if (image) rejectForeignImage(image, input.execution);
      Object.assign(opened, { service, record: deploymentName(service, input.startedAt, input.execution), release });
      // The record is written last and at once: a failure before it leaves none pending.
      const found = from ? from.image : image && (await resolve(image, deps));
      await deps.records.open(opened.record, {
        service,
        stage,
        operation,
        pending: 'yes',
        ...common(start, from, input),
        ...(found && !isArtifact(found) && { image: found }),
      });
      if (image && found && isArtifact(found)) throw new RejectedInput(messages.notAnImage(nameOfImage(image), found.artifactType));
      if (operation.kind === 'image' && !found)
        throw image ? missing(image) : new RejectedInput(`release ${release} has no image to deploy`);
      return { action: 'proceed', ...opened, result: unfinished };
    } catch (error) {
      if (error instanceof RejectedInput) return { action: 'finish', ...opened, result: error.result };
      throw error;
    }
  };

/** What the release decided, or what the operator typed. */
const common = ({ trigger, isForced, release }: Deploy, from: ReleaseRecord | undefined, { execution, startedAt }: ExecutionInput) => ({
  execution,
  startedAt,
  pushedAt: from?.pushedAt ?? startedAt,
  ...(from ? { trigger: from.trigger, release } : { trigger }),
  ...((isForced || from?.force) && { force: true }),
});

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
