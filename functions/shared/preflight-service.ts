import { isNamed } from '../../aws/sdk-errors.js';
import type { ServiceInBatch } from '../../aws/service-batch.js';
import type { TaskDefinitions } from '../../aws/task-definition.js';
import type { Service } from '../../core/configuration/configuration.js';
import { imageName, nameOfUri } from '../../core/image/image-name.js';
import { imageUriWithDigest } from '../../core/image/image-reference.js';
import { differencesOf, type PlannedService } from '../../core/preflight/differences.js';
import type { Check, FindingCode } from '../../core/preflight/finding.js';
import type { Host } from '../../core/preflight/image-checks.js';
import * as messages from '../../core/preflight/messages.js';
import { platformOf } from '../../core/preflight/platform.js';
import { newestChecks, roleChecks, sizeChecks } from '../../core/preflight/service-checks.js';
import type { Image } from '../../core/records/records.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { familyOf } from '../../core/task-definition/revision.js';
import { rejectStrategy, rejectUndeployable } from '../../core/task-definition/service-plan.js';
import { containersOf, copyWithImage, tagOfImage } from '../../core/task-definition/task-definition.js';
import { latestBase, type Revision } from './latest-base.js';
import type { Reads } from './preflight-reads.js';

type Deps = { readonly taskDefinitions: Pick<TaskDefinitions, 'active' | 'describe'> };

/** What was found of one service. Without `host` nothing is known of its revision. */
export type ServiceCheck = { readonly checks: readonly Check[]; readonly host?: Host; readonly planned?: PlannedService };

/** What a deployment would reject, as a check. */
const rejection = <Value>(code: FindingCode, service: string, run: () => Value): { readonly value: Value } | { readonly check: Check } => {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof RejectedInput) return { check: { code, service, message: error.message } };
    throw error;
  }
};

/** What the service runs, what is copied and, unless slipway.yml has the newest copied, the newest ACTIVE revision of the family. */
type Revisions = { readonly current: Revision; readonly base: Revision; readonly newest?: Revision };

/**
 * The newest revision comes first: of most services it is the one that runs, and then it is the only read.
 * @throws ClientException if ECS does not know what runs
 */
const readRevisions = async (deps: Deps, current: string, isLatest: boolean): Promise<Revisions> => {
  const described = async (name: string): Promise<Revision> => {
    const found = await deps.taskDefinitions.describe(name);
    return { revision: found.definition.taskDefinitionArn ?? name, ...found };
  };
  if (isLatest) {
    const running = await described(current);
    return { current: running, base: (await latestBase(deps, running)).base };
  }
  const newest = await described(familyOf(current)).catch((error: unknown) => {
    // No revision of the family is ACTIVE; the one that runs may still be described.
    if (isNamed(error, 'ClientException')) return undefined;
    throw error;
  });
  const running = newest?.revision === current ? newest : await described(current);
  return { current: running, base: running, ...(newest && { newest }) };
};

/** Whether the image can be deployed to the service, and what that would change. `found` is what ECS has under its name. */
export const checkService = async (
  deps: Deps,
  reads: Reads,
  image: Image,
  { service: name, container, strategies, base }: Service,
  found: ServiceInBatch | undefined,
  passRoles: readonly string[] | undefined,
): Promise<ServiceCheck> => {
  const deployable = rejection('SERVICE_NOT_DEPLOYABLE', name, () => {
    const service = rejectUndeployable(name, found);
    rejectStrategy(name, service, strategies);
    return service;
  });
  if ('check' in deployable) return { checks: [deployable.check] };
  const { taskDefinition, isFargate } = deployable.value;
  try {
    const read = () => readRevisions(deps, taskDefinition, base === 'latest');
    const revisions = await reads.allowed('ecs:DescribeTaskDefinition', read, undefined);
    return revisions ? checkRevisions(name, image, container, isFargate, revisions, passRoles) : { checks: [] };
  } catch (error) {
    if (!isNamed(error, 'ClientException')) throw error;
    return { checks: [{ code: 'REVISION_MISSING', service: name, message: messages.revisionMissing(taskDefinition) }] };
  }
};

const checkRevisions = (
  service: string,
  image: Image,
  container: string | undefined,
  isFargate: boolean,
  { current, base, newest }: Revisions,
  passRoles: readonly string[] | undefined,
): ServiceCheck => {
  const repositoryUri = `${image.registry}/${image.repository}`;
  const host = { service, platform: platformOf(base.definition, isFargate) };
  const newer = newest ? newestChecks(service, current.revision, newest) : [];
  const named = rejection('CONTAINER_MISSING', service, () => containersOf(base.definition, repositoryUri, container, service));
  if ('check' in named) return { host, checks: [named.check, ...roleChecks(service, base, passRoles), ...newer] };
  const copy = copyWithImage(base.definition, named.value, (before) => imageUriWithDigest(image, before));
  const before = current.definition.containerDefinitions?.find(({ name }) => named.value.includes(name ?? ''))?.image;
  return {
    host,
    checks: [...roleChecks(service, base, passRoles), ...sizeChecks(service, base.revision, copy), ...newer],
    planned: {
      service,
      from: nameOfUri(before ?? '', tagOfImage(current.tags)),
      to: imageName(image.repository, image.tag, image.digest),
      differences: differencesOf(current.definition, copy),
    },
  };
};
