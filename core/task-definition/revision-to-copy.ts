import { digestOf, type ImageReference, parseImageReference, withoutTag } from '../image/image-reference.js';
import type { DeploymentRecord, Image, KnownGood, ServiceState } from '../records/records.js';
import { RejectedInput } from '../result/rejected-input.js';
import type { TaskDefinition } from './task-definition.js';

/** Does it deploy an image? Only then does slipway.yml name its repository for the service. */
export const isImageDeployment = ({ operation }: Pick<DeploymentRecord, 'operation'>): boolean =>
  operation === undefined || operation.kind === 'image';

/**
 * The revision whose copy is registered: the current one, the named one or, for a rollback, the last known good one. A rollback from
 * that goes to the previous good one or, if Slipway has deployed only one, to the revision that ran before it.
 * @throws RejectedInput if there is no rollback target
 */
export const revisionToCopy = (
  { operation, service }: DeploymentRecord,
  current: string,
  { lastGood, previousGood, quarantine = [] }: ServiceState,
): string => {
  if (operation?.kind === 'taskDefinition') return operation.taskDefinition;
  if (operation?.kind !== 'rollback') return current;
  const isQuarantined = ({ digest }: KnownGood): boolean => quarantine.some((one) => one.digest === digest);
  if (lastGood && lastGood.revision !== current && !isQuarantined(lastGood)) return lastGood.revision;
  if (previousGood && previousGood.revision !== current && previousGood.digest !== lastGood?.digest && !isQuarantined(previousGood))
    return previousGood.revision;
  if (lastGood?.previousRevision !== undefined && lastGood.previousRevision !== current) return lastGood.previousRevision;
  throw new RejectedInput(
    `there is no rollback target: no other deployment of ${service} has SUCCEEDED; start it with "image" or "taskDefinition"`,
  );
};

/** The image of the named containers in a revision. Its digest is empty if the revision has a tag alone, which may have moved. */
export const imageFromTaskDefinition = (
  { containerDefinitions = [] }: TaskDefinition,
  containers: readonly string[],
  tag: string | undefined,
): Image => {
  const text = containerDefinitions?.find(({ name }) => containers.includes(name ?? ''))?.image ?? '';
  const reference = parseImageReference(text);
  const imageTag = reference?.tag ?? tag;
  return {
    registry: reference?.registry ?? '',
    repository: reference?.repository ?? withoutTag(text),
    digest: digestOf(text) ?? '',
    ...(imageTag !== undefined && { tag: imageTag }),
  };
};

/** The ECR images of the named containers. */
export const imagesOf = ({ containerDefinitions = [] }: TaskDefinition, containers: readonly string[]): ImageReference[] =>
  containerDefinitions.filter(({ name }) => containers.includes(name ?? '')).flatMap(({ image }) => parseImageReference(image ?? '') ?? []);

/** The digests that a task of this image may report: its own and those of its platforms; empty if they are not all known. */
export const acceptedDigests = (image: Pick<Image, 'digest' | 'platformDigests'> | undefined): readonly string[] =>
  image?.digest && image.platformDigests ? [image.digest, ...image.platformDigests] : [];
