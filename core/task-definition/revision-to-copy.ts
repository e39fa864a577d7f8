import { digestOf, type ImageReference, parseImageReference, withoutTag } from '../image/image-reference.js';
import type { DeploymentRecord, Image, KnownGood, ServiceState } from '../records/records.js';
import * as messages from '../result/messages.js';
import { RejectedInput } from '../result/rejected-input.js';
import { isQuarantined } from '../rollout/quarantine.js';
import type { ContainerDefinition, TaskDefinition } from './task-definition.js';

/** Is it about a new image, whose repository slipway.yml names for the service: does it deploy it, or run the before task of its stage? */
export const isImageDeployment = ({ operation }: Pick<DeploymentRecord, 'operation'>): boolean =>
  operation === undefined || operation.kind === 'image' || operation.kind === 'beforeTask';

/** The repository of what is deployed, or undone; undefined for an operation that may concern several. */
export const knownSource = (record: Pick<DeploymentRecord, 'operation' | 'image' | 'undoes'>): string | undefined =>
  record.undoes?.repository ?? (isImageDeployment(record) ? record.image?.repository : undefined);

/** The repository whose image a rollback changes: the named one or, by default, the one that was deployed last; undefined if unknown. */
export const rollbackSource = (
  { operation, undoes }: Pick<DeploymentRecord, 'operation' | 'undoes'>,
  { knownGood = [] }: Pick<ServiceState, 'knownGood'>,
): string | undefined =>
  undoes?.repository ?? (operation?.kind === 'rollback' ? (operation.repository ?? knownGood.at(-1)?.repository) : undefined);

/**
 * The revision whose copy is registered: the current one, the named one, the one that ran before what is undone or, for a rollback, the
 * newest known good one of its source that is older than what runs and not quarantined; if there is none, the revision that ran before
 * that image.
 * `current` is the revision that runs, and the digest of the source's image in it.
 * @throws RejectedInput if there is no rollback target
 */
export const revisionToCopy = (
  { operation, undoes, service }: Pick<DeploymentRecord, 'operation' | 'undoes' | 'service'>,
  current: { readonly revision: string; readonly digest: string | undefined },
  state: Pick<ServiceState, 'knownGood' | 'sources'>,
): string => {
  if (operation?.kind === 'taskDefinition') return operation.taskDefinition;
  if (undoes) return undoes.previousRevision;
  if (operation?.kind !== 'rollback') return current.revision;
  const repository = rollbackSource({ operation }, state);
  const good = (state.knownGood ?? []).filter((one) => one.repository === repository);
  const isRunning = ({ revision, digest }: KnownGood): boolean =>
    revision === current.revision || (digest !== '' && digest === current.digest);
  const running = good.findLastIndex(isRunning);
  const older = running === -1 ? good : good.slice(0, running);
  const target = older.findLast((one) => !isRunning(one) && !isQuarantined(state, one.digest));
  if (target) return target.revision;
  const first = good.at(running)?.previousRevision;
  const isBad = good.some(({ revision, digest }) => revision === first && isQuarantined(state, digest));
  if (first !== undefined && first !== current.revision && !isBad) return first;
  throw new RejectedInput(
    `there is no rollback target: no other deployment of ${service} has SUCCEEDED; start it with "image" or "taskDefinition"`,
  );
};

/**
 * A revision to roll back to, with the images that the service's other sources run now: a rollback is of one source.
 * @throws RejectedInput if it lacks a container of another source: the rollback would take that source out of the service
 */
export const withOtherSources = <Definition extends TaskDefinition>(
  target: Definition,
  current: TaskDefinition,
  isOfOther: (container: ContainerDefinition) => boolean,
): Definition => {
  const others = (current.containerDefinitions ?? []).filter(isOfOther);
  const lost = others.find(({ name }) => !target.containerDefinitions?.some((container) => container.name === name));
  if (lost) throw new RejectedInput(messages.containerLost(lost.name ?? ''));
  return {
    ...target,
    containerDefinitions: target.containerDefinitions?.map((container) => {
      const running = others.find(({ name }) => name === container.name);
      return running ? { ...container, image: running.image } : container;
    }),
  };
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
