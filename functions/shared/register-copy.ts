import type { Images } from '../../aws/image.js';
import { isNamed } from '../../aws/sdk-errors.js';
import type { TaskDefinitions } from '../../aws/task-definition.js';
import { beforeTaskOf } from '../../core/before-task/settings.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { digestOf, imageUriWithDigest } from '../../core/image/image-reference.js';
import * as leaseMessages from '../../core/lease/messages.js';
import { beforeTaskRefusals } from '../../core/preflight/before-task-checks.js';
import type { DeploymentRecord, Image, ServiceState } from '../../core/records/records.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { revisionName } from '../../core/rollout/observation.js';
import { logLocations } from '../../core/task-definition/log-locations.js';
import { isOfOtherSource } from '../../core/task-definition/other-sources.js';
import { familyOf } from '../../core/task-definition/revision.js';
import {
  imageFromTaskDefinition,
  isImageDeployment,
  revisionToCopy,
  withOtherSources,
} from '../../core/task-definition/revision-to-copy.js';
import type { ServicePlan } from '../../core/task-definition/service-plan.js';
import {
  copyWithImage,
  difference,
  mergeTags,
  nonEssentialContainers,
  ownTags,
  tagOfImage,
} from '../../core/task-definition/task-definition.js';
import { baseToCopy, type Revision } from './base-to-copy.js';
import { digestsIn, missingImage, rollbackUnavailable } from './image-availability.js';

type Deps = {
  readonly configuration: Configuration;
  readonly taskDefinitions: Pick<TaskDefinitions, 'active' | 'describe' | 'register'>;
  readonly images: Pick<Images, 'has' | 'platformDigests'>;
};

type Registration = Partial<DeploymentRecord> & { readonly revision: string };

/**
 * Registers a copy of the revision that the operation names, with the new image if it deploys one. Answers what the record
 * keeps of it. @throws RejectedInput if the source has no image to run, or cannot run the before task, or ECS did not register what was
 * requested.
 */
export const registerCopy = async (
  deps: Deps,
  record: DeploymentRecord,
  state: ServiceState,
  current: Revision,
  { containers: running, previousImage, rollbackUnavailableReason }: Extract<ServicePlan, { action: 'proceed' }>,
): Promise<Registration> => {
  const isNewImage = isImageDeployment(record);
  const wanted = revisionToCopy(record, { revision: current.revision, digest: digestOf(previousImage) }, state);
  const { source, containers } = isNewImage
    ? await baseToCopy(deps, record, current, running)
    : { source: wanted === current.revision ? current : await sourceRevision(deps, record, wanted, current, running), containers: running };
  if (!isNewImage) await rejectMissing(deps, source, containers, record);
  rejectBeforeTask(deps, source, containers, record);
  const image = isNewImage && record.image ? record.image : await imageOf(deps, source, containers, record);
  return {
    image,
    containers,
    ...(source.revision !== current.revision && { base: source.revision }),
    nonEssential: nonEssentialContainers(source.definition),
    previousImage,
    previousTag: tagOfImage(current.tags) ?? '',
    logs: logLocations(source.definition, containers),
    rollbackUnavailableReason: rollbackUnavailableReason || (await rollbackUnavailable(deps, current, running, record)),
    ...(await register(deps, source, isNewImage ? containers : [], image, record)),
  };
};

/** @throws RejectedInput for a revision that ECS does not know, or one of another family that an operator named */
const describeNamed = async (
  { taskDefinitions }: Deps,
  { operation, force, service }: DeploymentRecord,
  current: Revision,
  wanted: string,
): Promise<Revision> => {
  const isNamedByOperator = operation?.kind === 'taskDefinition';
  const [family, other] = [current.revision, wanted].map(familyOf);
  if (isNamedByOperator && family !== other && !force)
    throw new RejectedInput(
      `"taskDefinition" of the input is ${revisionName(wanted)}; expected a revision of ${family}, the family of ${service}: add "force": true to change the family`,
    );
  try {
    return { revision: wanted, ...(await taskDefinitions.describe(wanted)) };
  } catch (error) {
    if (!isNamed(error, 'ClientException')) throw error;
    throw new RejectedInput(
      isNamedByOperator
        ? `"taskDefinition" of the input is ${revisionName(wanted)}, which ECS does not know; expected a revision that exists, such as ${revisionName(current.revision)}, which runs now`
        : leaseMessages.revisionUnknown(revisionName(wanted)),
    );
  }
};

/** Before anything is registered, and long before the task would be requested. @throws RejectedInput */
const rejectBeforeTask = (
  { configuration }: Deps,
  { revision, definition }: Revision,
  containers: readonly string[],
  record: DeploymentRecord,
): void => {
  const before = beforeTaskOf(configuration, record);
  const [refusal] = before ? beforeTaskRefusals(record.service, before, { revision, definition, containers }) : [];
  if (refusal) throw new RejectedInput(refusal.message, 'INVALID_SERVICE');
};

/** The revision to copy. A rollback changes the images of its own source only. */
const sourceRevision = async (
  deps: Deps,
  record: DeploymentRecord,
  revision: string,
  current: Revision,
  containers: readonly string[],
): Promise<Revision> => {
  const found = await describeNamed(deps, record, current, revision);
  if (record.operation?.kind !== 'rollback' && !record.undoes) return found;
  const isOfOther = isOfOtherSource(deps.configuration, record.service, containers);
  return { ...found, definition: withOtherSources(found.definition, current.definition, isOfOther) };
};

/** The image of a revision that is deployed again must still be in ECR. @throws RejectedInput */
const rejectMissing = async (
  deps: Deps,
  { revision, definition }: Revision,
  containers: readonly string[],
  record: DeploymentRecord,
): Promise<void> => {
  const missing = await missingImage(deps, definition, containers, record);
  if (missing !== undefined)
    throw new RejectedInput(
      `${revisionName(revision)} cannot be deployed again: its image ${missing} is no longer in ECR; start it with the "image" or "taskDefinition" of one that is`,
    );
};

/** The image of the revision, with the digests of its platforms. */
const imageOf = async (
  deps: Deps,
  { definition, tags }: Revision,
  containers: readonly string[],
  record: DeploymentRecord,
): Promise<Image> => {
  const image = imageFromTaskDefinition(definition, containers, tagOfImage(tags));
  const digests = await digestsIn(deps, definition, containers, record);
  return { ...image, ...(digests && { platformDigests: digests.filter((digest) => digest !== image.digest) }) };
};

const register = async (
  { taskDefinitions }: Deps,
  source: Revision,
  containers: readonly string[],
  image: Image,
  { execution }: DeploymentRecord,
): Promise<{ revision: string; warnings: readonly string[] }> => {
  const copy = copyWithImage(source.definition, containers, (before) => imageUriWithDigest(image, before));
  const { definition } = await taskDefinitions.register({
    ...copy,
    family: copy.family,
    containerDefinitions: copy.containerDefinitions,
    tags: mergeTags(source.tags, ownTags(execution, image.tag)),
  });
  const { lost, added } = difference(copy, definition);
  if (lost.length > 0)
    throw new RejectedInput(
      `the registered revision lacks or changes ${lost.slice(0, 5).join(', ')} of its source; nothing was deployed, because only the image may differ`,
      'AWS_ERROR',
    );
  return { revision: definition.taskDefinitionArn ?? '', warnings: added.length > 0 ? [`ECS added ${added.slice(0, 5).join(', ')}`] : [] };
};
