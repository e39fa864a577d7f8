import { digestOf, type ImageReference, parseImageReference, withoutTag } from '../image/image-reference.js';
import type { DeploymentRecord, Image, KnownGood, ServiceState } from '../records/records.js';
import { RejectedInput } from '../result/rejected-input.js';
import type { TaskDefinition } from './task-definition.js';

/** Is it a new image that is deployed? Only then is its repository one that slipway.yml has for the service. */
export const isImageDeployment = ({ operation }: Pick<DeploymentRecord, 'operation'>): boolean =>
  operation === undefined || operation.kind === 'image';

/**
 * The revision of which a copy is to be registered: the one that runs now, one that was named, or the last good one; from
 * that itself, the good one before it, or, where Slipway has deployed but one, what ran before that. @throws RejectedInput where
 * there is none.
 */
export const sourceRevision = (
  { operation, service }: DeploymentRecord,
  current: string,
  { lastGood, previousGood, quarantine = [] }: ServiceState,
): string => {
  if (operation?.kind === 'taskDefinition') return operation.taskDefinition;
  if (operation?.kind !== 'rollback') return current;
  const isBad = ({ digest }: KnownGood): boolean => quarantine.some((one) => one.digest === digest);
  if (lastGood && lastGood.revision !== current && !isBad(lastGood)) return lastGood.revision;
  if (previousGood && previousGood.revision !== current && previousGood.digest !== lastGood?.digest && !isBad(previousGood))
    return previousGood.revision;
  if (lastGood?.previousRevision !== undefined && lastGood.previousRevision !== current) return lastGood.previousRevision;
  throw new RejectedInput(
    `there is nothing to go back to: no other deployment of ${service} has been recorded as SUCCEEDED; start it with "image" or "taskDefinition"`,
  );
};

/** The image that a revision has already, as far as it tells: a tag alone proves nothing, so its digest is empty. */
export const imageFromTaskDefinition = (
  { containerDefinitions = [] }: TaskDefinition,
  containers: readonly string[],
  tag: string | undefined,
): Image => {
  const text = containerDefinitions?.find(({ name }) => containers.includes(name ?? ''))?.image ?? '';
  const reference = parseImageReference(text);
  const itsTag = reference?.tag ?? tag;
  return {
    registry: reference?.registry ?? '',
    repository: reference?.repository ?? withoutTag(text),
    digest: digestOf(text) ?? '',
    ...(itsTag !== undefined && { tag: itsTag }),
  };
};

/** The images of ECR that these containers have. */
export const imagesOf = ({ containerDefinitions = [] }: TaskDefinition, containers: readonly string[]): ImageReference[] =>
  containerDefinitions.filter(({ name }) => containers.includes(name ?? '')).flatMap(({ image }) => parseImageReference(image ?? '') ?? []);

/** The digests that prove an image where ECS tells what its tasks run; none where nobody knows them all, as of a tag alone. */
export const acceptedDigests = (image: Pick<Image, 'digest' | 'platformDigests'> | undefined): readonly string[] =>
  image?.digest && image.platformDigests ? [image.digest, ...image.platformDigests] : [];
