import { withoutTag } from '../image/image-reference.js';
import { RejectedInput } from '../result/rejected-input.js';

/** As DescribeTaskDefinition answers; every member beside these is copied unseen. */
export type TaskDefinition = {
  readonly family?: string | undefined;
  readonly containerDefinitions?: readonly ContainerDefinition[] | undefined;
};
export type ContainerDefinition = { readonly name?: string | undefined; readonly image?: string | undefined };
export type Tag = { readonly key?: string | undefined; readonly value?: string | undefined };

/**
 * What DescribeTaskDefinition adds and RegisterTaskDefinition refuses. A deny-list: a field that AWS adds tomorrow is
 * copied, and a test compares it with the SDK's schema.
 */
export const responseOnlyFields = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'deleteRequestedAt',
  'registeredBy',
] as const;

type Copy<T> = Omit<T, (typeof responseOnlyFields)[number]>;

/** A copy to register: the same but for the image of the named containers. Empty values stay, for they mean something. */
export const copyWithImage = <T extends TaskDefinition>(previousRevision: T, containers: readonly string[], image: string): Copy<T> => {
  const copy: Record<string, unknown> = { ...previousRevision };
  for (const field of responseOnlyFields) delete copy[field];
  copy.containerDefinitions = previousRevision.containerDefinitions?.map((container) =>
    containers.includes(container.name ?? '') ? { ...container, image } : container,
  );
  return copy as Copy<T>;
};

/** AWS's limit. */
const tagLimit = 50;

/**
 * The base's tags and ours: ours replace their own kind, and give way where there is no room. Tags that AWS gave, such as
 * CloudFormation's `aws:cloudformation:stack-name`, cannot be given again: the prefix is reserved (ECS API, Tag).
 */
export const mergeTags = (previousRevision: readonly Tag[], ours: readonly { readonly key: string; readonly value: string }[]): Tag[] => {
  const keys = new Set(ours.map(({ key }) => key));
  const kept = previousRevision.filter(({ key = '' }) => !keys.has(key) && !/^aws:/i.test(key));
  return [...kept, ...ours.slice(0, Math.max(0, tagLimit - kept.length))];
};

/**
 * Containers that get the image: the one that slipway.yml names, whatever image it had, or all of the same repository.
 * @throws RejectedInput when there is none.
 */
export const containersOf = (
  previousRevision: TaskDefinition,
  repositoryUri: string,
  named: string | undefined,
  service: string,
): string[] => {
  const containers = previousRevision.containerDefinitions ?? [];
  const names = containers.map(({ name }) => name ?? '');
  if (named !== undefined) {
    if (names.includes(named)) return [named];
    throw new RejectedInput(
      `service ${service} has no container "${named}"; its containers are ${names.join(', ')}: mend "container" in slipway.yml`,
      'INVALID_SERVICE',
    );
  }
  const ours = containers.filter(({ image }) => withoutTag(image ?? '') === repositoryUri).map(({ name }) => name ?? '');
  if (ours.length > 0) return ours;
  const images = containers.map(({ name, image }) => `${name} (${image})`).join(', ');
  throw new RejectedInput(
    `no container of service ${service} uses ${repositoryUri}; it runs ${images}: name the container in slipway.yml for its first deployment`,
    'INVALID_SERVICE',
  );
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Lists of plain words in which the order means nothing; in a command it means everything. */
const unordered = /(^|\.)(requiresCompatibilities|add|drop)$/;

/** A key by which ECS may reorder a list; lists of anything else are compared in order. */
const keyOf = (value: unknown, path: string): string => {
  if (typeof value === 'string') return unordered.test(path) ? value : '';
  const name = isObject(value) ? (value.name ?? value.key ?? value.containerPath ?? value.sourceContainer) : undefined;
  return typeof name === 'string' ? name : '';
};

const compare = (previousRevision: unknown, registered: unknown, path: string, lost: string[], added: string[]): void => {
  if (previousRevision === undefined || previousRevision === null) {
    if (registered !== undefined && registered !== null) added.push(path);
    return;
  }
  if (Array.isArray(previousRevision) && Array.isArray(registered)) {
    const byName = new Map(registered.map((element) => [keyOf(element, path), element]));
    const isNamed =
      previousRevision.length > 0 && previousRevision.every((element) => keyOf(element, path) !== '') && byName.size === registered.length;
    for (const [index, element] of previousRevision.entries())
      compare(
        element,
        isNamed ? byName.get(keyOf(element, path)) : registered[index],
        `${path}[${isNamed ? keyOf(element, path) : index}]`,
        lost,
        added,
      );
    if (registered.length > previousRevision.length) added.push(path);
  } else if (isObject(previousRevision) && isObject(registered) && !(previousRevision instanceof Date)) {
    for (const key of new Set([...Object.keys(previousRevision), ...Object.keys(registered)]))
      compare(previousRevision[key], registered[key], path ? `${path}.${key}` : key, lost, added);
  } else if (JSON.stringify(previousRevision) !== JSON.stringify(registered)) lost.push(path);
};

/**
 * What a registered revision lost or changed of what we asked for, and what ECS added by itself. Only the former is a
 * reason not to deploy.
 */
export const difference = (asked: object, registered: object): { readonly lost: readonly string[]; readonly added: readonly string[] } => {
  const lost: string[] = [];
  const added: string[] = [];
  const answer: Record<string, unknown> = { ...registered };
  for (const field of responseOnlyFields) delete answer[field];
  compare(asked, answer, '', lost, added);
  return { lost, added };
};
