import type { Images } from '../../aws/image.js';
import type { TaskDefinitions } from '../../aws/task-definition.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { type ImageReference, isSameRegistry, registryOf } from '../../core/image/image-reference.js';
import type { DeploymentRecord } from '../../core/records/records.js';
import { imagesOf } from '../../core/task-definition/revision-to-copy.js';
import { orUndefined } from './publish-notification.js';

type Deps = { readonly configuration: Configuration; readonly images: Pick<Images, 'has' | 'platformDigests'> };
type Revision = Awaited<ReturnType<TaskDefinitions['describe']>>;

const isReadable = (
  { configuration }: Deps,
  { registry, repository }: ImageReference,
  { execution }: Pick<DeploymentRecord, 'execution'>,
) => isSameRegistry(registry, registryOf(execution)) && Object.hasOwn(configuration.repositories, repository);

/** Every digest that these containers of the revision may run; undefined if one cannot be known. */
export const digestsIn = async (
  deps: Deps,
  definition: Revision['definition'],
  containers: readonly string[],
  record: Pick<DeploymentRecord, 'execution'>,
): Promise<string[] | undefined> => {
  const images = imagesOf(definition, containers);
  const found: string[] = [];
  for (const image of images) {
    const { repository, digest } = image;
    if (digest === undefined || !isReadable(deps, image, record)) return undefined;
    const platforms = await deps.images.platformDigests({ repository, digest });
    if (!platforms) return undefined;
    found.push(digest, ...platforms);
  }
  return images.length === containers.length ? found : undefined;
};

/** An image of these containers that is no longer in our registry. Repositories that may not be read are not checked. */
export const missingImage = async (
  deps: Deps,
  definition: Revision['definition'],
  containers: readonly string[],
  record: Pick<DeploymentRecord, 'execution'>,
): Promise<string | undefined> => {
  for (const image of imagesOf(definition, containers)) {
    if (isReadable(deps, image, record) && !(await deps.images.has(image)))
      return `${image.repository}${image.digest ? `@${image.digest}` : `:${image.tag ?? 'latest'}`}`;
  }
  return undefined;
};

/** Why the service could not be rolled back to this revision; empty if it could, or if that is unknown. */
export const rollbackUnavailable = async (
  deps: Deps,
  { definition }: Revision,
  containers: readonly string[],
  record: Pick<DeploymentRecord, 'execution'>,
): Promise<string> => {
  const name = `${definition.family}:${definition.revision}`;
  if (definition.status === 'INACTIVE') return `${name}, which ran before, is INACTIVE, and ECS takes no update to it`;
  // Failing to check it is no reason not to deploy.
  const missing = await orUndefined(missingImage(deps, definition, containers, record));
  return missing === undefined ? '' : `image ${missing} of ${name}, which ran before, is no longer in ECR`;
};
