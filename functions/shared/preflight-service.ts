import { isNamed } from '../../aws/sdk-errors.js';
import type { ServiceInBatch } from '../../aws/service-batch.js';
import type { TaskDefinitions } from '../../aws/task-definition.js';
import type { BeforeTask, Configuration, Service } from '../../core/configuration/configuration.js';
import { imageName, nameOfUri } from '../../core/image/image-name.js';
import { digestOf, imageUriWithDigest } from '../../core/image/image-reference.js';
import { beforeTaskRefusals, serviceConnectChecks } from '../../core/preflight/before-task-checks.js';
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
import { type Base, baseToCopy, type Revision } from './base-to-copy.js';
import type { Reads } from './preflight-reads.js';

type Deps = {
  readonly configuration: Configuration;
  /** Of the stage. */
  readonly beforeTask: BeforeTask | undefined;
  readonly taskDefinitions: Pick<TaskDefinitions, 'active' | 'describe'>;
};

/** What was found of one service. Without `host` nothing is known of its revision. */
export type ServiceCheck = { readonly checks: readonly Check[]; readonly host?: Host; readonly planned?: PlannedService };

/** What a deployment would reject, as a check. */
const rejection = async <Value>(code: FindingCode, service: string, run: () => Value): Promise<{ value: Awaited<Value> } | Check> => {
  try {
    return { value: await run() };
  } catch (error) {
    if (error instanceof RejectedInput) return { code, service, message: error.message };
    throw error;
  }
};

/** Whether the image can be deployed to the service, and what that would change. `found` is what ECS has under its name. */
export const checkService = async (
  deps: Deps,
  reads: Reads,
  image: Image,
  settings: Service,
  found: ServiceInBatch | undefined,
): Promise<ServiceCheck> => {
  const { service, strategies } = settings;
  const deployable = await rejection('SERVICE_NOT_DEPLOYABLE', service, () => {
    const accepted = rejectUndeployable(service, found);
    rejectStrategy(service, accepted, strategies);
    return accepted;
  });
  if ('code' in deployable) return { checks: [deployable] };
  const { taskDefinition, isFargate, hasServiceConnect } = deployable.value;
  const revisions = await reads.allowed('ecs:DescribeTaskDefinition', () => readRevisions(deps, taskDefinition, settings), undefined);
  if (revisions === undefined) return { checks: [] };
  if (revisions === 'unknown')
    return { checks: [{ code: 'REVISION_MISSING', service, message: messages.revisionMissing(service, taskDefinition) }] };

  const { current, newest } = revisions;
  const newer = newest ? newestChecks(service, current.revision, newest) : [];
  const base = await rejection('CONTAINER_MISSING', service, () => readBase(deps, reads, image, settings, current));
  const hostOn = ({ definition }: Revision): Host => ({ service, platform: platformOf(definition, isFargate) });
  if ('code' in base)
    return { host: hostOn(current), checks: [base, ...roleChecks(service, current, deps.configuration.passRoles), ...newer] };
  const { source, containers } = base.value;
  const copy = copyOf(image, base.value);
  const ofStage = deps.beforeTask?.like === service ? deps.beforeTask : undefined;
  const beforeTasks = [ofStage, settings.before].flatMap((one) => one ?? []);
  const { passRoles } = deps.configuration;
  return {
    host: hostOn(source),
    checks: [
      ...roleChecks(service, source, passRoles),
      ...sizeChecks(service, source.revision, copy),
      ...beforeTasks.flatMap((before) => beforeTaskRefusals(service, before, { ...source, containers })),
      ...(beforeTasks.length > 0 ? serviceConnectChecks(service, hasServiceConnect) : []),
      ...newer,
    ],
    planned: plannedService(service, image, current, base.value, copy),
  };
};

/** What the service runs and, unless slipway.yml has that copied, the newest ACTIVE revision of the family. */
type Revisions = { readonly current: Revision; readonly newest?: Revision };

/** Of most services the newest revision is the one that runs, and then it is the only read. */
const readRevisions = async (deps: Deps, current: string, { base }: Service): Promise<Revisions | 'unknown'> => {
  const newest = base === 'latest' ? undefined : await described(deps, familyOf(current));
  const running = newest?.revision === current ? newest : await described(deps, current);
  return running ? { current: running, ...(newest && { newest }) } : 'unknown';
};

/** Undefined for a revision that ECS does not know, and for a family that has no ACTIVE one. */
const described = async ({ taskDefinitions }: Deps, name: string): Promise<Revision | undefined> => {
  try {
    const found = await taskDefinitions.describe(name);
    return { revision: found.definition.taskDefinitionArn ?? name, ...found };
  } catch (error) {
    if (isNamed(error, 'ClientException')) return undefined;
    throw error;
  }
};

/** @throws RejectedInput if no container can get the image */
const readBase = (deps: Deps, reads: Reads, image: Image, { service, container }: Service, current: Revision): Promise<Base> => {
  const containers = containersOf(current.definition, `${image.registry}/${image.repository}`, container, service);
  const read = () => baseToCopy(deps, { service, image }, current, containers);
  return reads.allowed('ecs:ListTaskDefinitions', read, { source: current, containers });
};

const copyOf = (image: Image, { source, containers }: Base) =>
  copyWithImage(source.definition, containers, (before) => imageUriWithDigest(image, before));

const plannedService = (
  service: string,
  image: Image,
  { definition, tags }: Revision,
  { containers }: Base,
  copy: object,
): PlannedService => {
  const images = (definition.containerDefinitions ?? []).flatMap(({ name = '', image: uri = '' }) =>
    containers.includes(name) ? uri : [],
  );
  return {
    service,
    from: nameOfUri(images[0] ?? '', tagOfImage(tags)),
    to: imageName(image.repository, image.tag, image.digest),
    isRunning: images.length > 0 && images.every((uri) => digestOf(uri) === image.digest),
    differences: differencesOf(definition, copy),
  };
};
