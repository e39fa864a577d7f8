import { Images } from '../../aws/image.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { TaskDefinitions } from '../../aws/task-definition.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { settingsOf } from '../../core/configuration/service-settings.js';
import { registryOf } from '../../core/image/image-reference.js';
import { type DeploymentRecord, type Image, imageUriWithDigest, type ServiceState } from '../../core/records/records.js';
import { cancelledBeforeUpdate } from '../../core/result/final-result.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { unfinished } from '../../core/result/result.js';
import { revisionName } from '../../core/rollout/observation.js';
import { secondsUntilNextTurn } from '../../core/rollout/poll-interval.js';
import { type Decision, DeploymentStepInput } from '../../core/step/contracts.js';
import { logLocations } from '../../core/task-definition/log-locations.js';
import { planService, rejectUndeployable } from '../../core/task-definition/service-plan.js';
import { imageFromTaskDefinition, isImageDeployment, sourceRevision } from '../../core/task-definition/source-revision.js';
import { copyWithImage, difference, mergeTags, type Tag } from '../../core/task-definition/task-definition.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { detectExternalChange } from '../shared/detect-external-change.js';
import { digestsIn, missingImage, rollbackUnavailable } from '../shared/image-availability.js';

type Deps = {
  readonly configuration: Configuration;
  readonly services: Pick<Services, 'describe'>;
  readonly taskDefinitions: Pick<TaskDefinitions, 'describe' | 'register'>;
  readonly records: Pick<RecordRepository, 'deployment' | 'saveRevision'>;
  readonly states: Pick<ServiceStateRepository, 'of'>;
  readonly images: Pick<Images, 'has' | 'platformDigests'>;
  readonly rollouts: Pick<ServiceDeployments, 'changeTo'>;
};

/** Task state `RegisterRevision`: a copy of the revision that runs now, with the image by digest. */
export const registerRevision =
  (deps: Deps) =>
  async ({ service: name, record: recordName, now }: DeploymentStepInput): Promise<Decision<'proceed' | 'wait' | 'finish'>> => {
    const { configuration, services, taskDefinitions, records, states } = deps;
    try {
      const record = await records.deployment(recordName);
      const state = await states.of(name);
      const since = state.lease?.since ?? record.startedAt;
      const { cancel } = state;
      if (cancel?.record === recordName && record.updateRequestedAt === undefined)
        return { action: 'finish', waitSeconds: 0, result: cancelledBeforeUpdate(cancel) };
      const isNewImage = isImageDeployment(record);
      // What runs already may be of any repository.
      const { repository, container, timeoutSeconds } = settingsOf(configuration, name, isNewImage ? record.image?.repository : undefined);
      const service = rejectUndeployable(name, await services.describe(name));
      const previousRevision = await taskDefinitions.describe(service.taskDefinition);
      const plan = planService(name, service, previousRevision.definition, {
        image: isNewImage ? record.image : undefined,
        repositoryUri: `${registryOf(record.execution)}/${repository}`,
        container,
        isOurs: hasUnresolvedRollout(state, service.taskDefinition),
        // What goes on for longer than that may go on for ever, and a person who forces it does not wait.
        isWaitedFor: !record.force && Date.parse(now) - Date.parse(since) <= timeoutSeconds * 1000,
      });
      if (plan.action === 'wait') return { action: 'wait', waitSeconds: secondsUntilNextTurn(since, now), result: unfinished };
      if (plan.action === 'finish') return { ...plan, waitSeconds: 0 };
      const overtaken = await detectExternalChange(
        deps,
        record,
        service.taskDefinition,
        state.expectedRevisions,
        previousRevision,
        plan.containers,
      );
      if (overtaken) return { action: 'finish', waitSeconds: 0, result: overtaken };

      // Run again after its answer was lost, the step finds the revision that it noted.
      if (record.revision === undefined || record.previousRevision !== service.taskDefinition) {
        const wanted = sourceRevision(record, service.taskDefinition, state);
        const source = wanted === service.taskDefinition ? previousRevision : await taskDefinitions.describe(wanted);
        if (!isNewImage) await refuseMissing(deps, wanted, source, plan.containers, record);
        const image = isNewImage && record.image ? record.image : await imageAgain(deps, source, plan.containers, record);
        const revision = await register(deps, source, isNewImage ? plan.containers : [], image, record);
        await records.saveRevision(recordName, service.taskDefinition, {
          image,
          containers: plan.containers,
          previousImage: plan.previousImage,
          previousTag: tagOf(previousRevision.tags) ?? '',
          logs: logLocations(source.definition, plan.containers),
          rollbackUnavailableReason:
            plan.rollbackUnavailableReason || (await rollbackUnavailable(deps, previousRevision, plan.containers, record)),
          ...revision,
        });
      }
      return { action: 'proceed', waitSeconds: 0, result: unfinished };
    } catch (error) {
      if (error instanceof RejectedInput) return { action: 'finish', waitSeconds: 0, result: error.result };
      throw error;
    }
  };

/** What is to run once more must be there to be pulled. @throws RejectedInput */
const refuseMissing = async (
  deps: Deps,
  revision: string,
  { definition }: Awaited<ReturnType<TaskDefinitions['describe']>>,
  containers: readonly string[],
  record: DeploymentRecord,
): Promise<void> => {
  const missing = await missingImage(deps, definition, containers, record);
  if (missing !== undefined)
    throw new RejectedInput(
      `${revisionName(revision)} cannot run once more: its image ${missing} is no longer in ECR; start it with the "image" or "taskDefinition" of one that is`,
    );
};

/** The image that the revision has, and what its platforms are. */
const imageAgain = async (
  deps: Deps,
  { definition, tags }: Awaited<ReturnType<TaskDefinitions['describe']>>,
  containers: readonly string[],
  record: DeploymentRecord,
): Promise<Image> => {
  const image = imageFromTaskDefinition(definition, containers, tagOf(tags));
  const digests = await digestsIn(deps, definition, containers, record);
  return { ...image, ...(digests && { platformDigests: digests.filter((digest) => digest !== image.digest) }) };
};

/** Our last deployment ended without a verdict: the rollout that it left may go on for ever, and who mends it does not wait for that. */
const hasUnresolvedRollout = ({ expectedRevisions = [] }: ServiceState, current: string): boolean =>
  expectedRevisions.length > 1 && expectedRevisions.includes(current);

const tagOf = (tags: readonly Tag[]): string | undefined => tags.find(({ key }) => key === 'slipway:tag')?.value;

const register = async (
  { taskDefinitions }: Deps,
  previousRevision: Awaited<ReturnType<TaskDefinitions['describe']>>,
  containers: readonly string[],
  image: Image,
  { execution }: DeploymentRecord,
): Promise<{ revision: string; warnings: readonly string[] }> => {
  const ours = [
    { key: 'slipway:execution', value: execution },
    ...(image.tag === undefined ? [] : [{ key: 'slipway:tag', value: image.tag }]),
  ];
  const copy = copyWithImage(previousRevision.definition, containers, imageUriWithDigest(image));
  const { definition } = await taskDefinitions.register({
    ...copy,
    family: copy.family,
    containerDefinitions: copy.containerDefinitions,
    tags: mergeTags(previousRevision.tags, ours),
  });
  const { lost, added } = difference(copy, definition);
  if (lost.length > 0)
    throw new RejectedInput(
      `the registered revision differs from the one that runs in ${lost.slice(0, 5).join(', ')}; nothing was deployed, for only the image may differ`,
      'AWS_ERROR',
    );
  return { revision: definition.taskDefinitionArn ?? '', warnings: added.length > 0 ? [`ECS added ${added.slice(0, 5).join(', ')}`] : [] };
};

export const { step, handler } = defineStep({
  name: 'RegisterRevision',
  input: DeploymentStepInput,
  permissions: atPackaging([
    {
      allow: ['ecr:BatchGetImage'],
      on: 'repositories',
      for: 'whether the image of a rollback still exists; the platforms of an image that is deployed again',
    },
    { allow: ['ecs:DescribeServices', 'ecs:ListServiceDeployments'], on: 'services', for: 'what runs now, and who deployed it' },
    { allow: ['ecs:DescribeServiceDeployments'], on: 'serviceDeployments', for: 'whether another image was deployed since the push' },
    { allow: ['ecs:DescribeServiceRevisions'], on: 'serviceRevisions', for: 'whether another image was deployed since the push' },
    { allow: ['ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition'], on: 'anyTaskDefinition', for: 'the copy with the new image' },
    { allow: ['ecs:TagResource'], on: 'newTaskDefinitions', for: 'the tags of the copy' },
    { allow: ['iam:PassRole'], on: 'taskRoles', for: 'the copy names the roles that its base names' },
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the record' },
  ]),
  onFailure: atPackaging('FAILED, nothing changed'),
  onRepeat: atPackaging('uses the revision that it saved. If it could not save it, it registers a second one, and the first is never used'),
  run: (environment) =>
    registerRevision({
      configuration: environment.configuration,
      services: new Services(environment.clients),
      taskDefinitions: new TaskDefinitions(environment.clients),
      records: new RecordRepository(tableIn(environment)),
      states: new ServiceStateRepository(tableIn(environment)),
      images: new Images(environment.clients),
      rollouts: new ServiceDeployments(environment.clients),
    }),
});
