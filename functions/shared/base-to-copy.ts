import type { TaskDefinitions } from '../../aws/task-definition.js';
import { type Configuration, findService } from '../../core/configuration/configuration.js';
import type { DeploymentRecord } from '../../core/records/records.js';
import { isOfOtherSource } from '../../core/task-definition/other-sources.js';
import { familyOf, numberOf } from '../../core/task-definition/revision.js';
import { withOtherSources } from '../../core/task-definition/revision-to-copy.js';
import { containersOf, isRegisteredBySlipway } from '../../core/task-definition/task-definition.js';

/** A revision with its ARN. */
export type Revision = Awaited<ReturnType<TaskDefinitions['describe']>> & { readonly revision: string };

type Deps = {
  readonly configuration: Configuration;
  readonly taskDefinitions: Pick<TaskDefinitions, 'active' | 'describe'>;
};

/** What is copied, and its containers that get the image. */
export type Base = { readonly source: Revision; readonly containers: readonly string[] };

/** Newer revisions that are looked at, since every deployment that failed has left one of Slipway's own. */
const lookedAt = 20;

/**
 * The revision that a new image is put into: the one that runs. With `base: latest` the newest ACTIVE one of its family that Slipway did
 * not register, if it is newer, with the images that the service's other sources run now.
 * `containers` get the image in the revision that runs.
 * @throws RejectedInput if the newest has no container for the image
 */
export const baseToCopy = async (
  deps: Deps,
  { service, image }: Pick<DeploymentRecord, 'service' | 'image'>,
  current: Revision,
  containers: readonly string[],
): Promise<Base> => {
  const settings = image && findService(deps.configuration, service, image.repository)?.service;
  const latest = settings?.base === 'latest' ? await newestOfOthers(deps, current.revision) : undefined;
  if (!latest) return { source: current, containers };
  const its = containersOf(latest.definition, `${image?.registry}/${image?.repository}`, settings?.container, service);
  const isOfOther = isOfOtherSource(deps.configuration, service, its);
  const has = (name: string | undefined): boolean => latest.definition.containerDefinitions?.some((one) => one.name === name) ?? false;
  // Who registered it may have taken a container out of it.
  const definition = withOtherSources(latest.definition, current.definition, (container) => isOfOther(container) && has(container.name));
  return { source: { ...latest, definition }, containers: its };
};

const newestOfOthers = async ({ taskDefinitions }: Deps, current: string): Promise<Revision | undefined> => {
  const newer = (await taskDefinitions.active(familyOf(current))).filter((revision) => numberOf(revision) > numberOf(current));
  for (const revision of newer.slice(0, lookedAt)) {
    const found = { revision, ...(await taskDefinitions.describe(revision)) };
    if (!isRegisteredBySlipway(found)) return found;
  }
  return undefined;
};
