import { isOfRepository } from '../image/image-reference.js';
import { RejectedInput } from '../result/rejected-input.js';

/** The members of a task definition that a deployment reads; all others are copied as they are. */
export type TaskDefinition = {
  readonly family?: string | undefined;
  readonly containerDefinitions?: readonly ContainerDefinition[] | undefined;
};
export type ContainerDefinition = { readonly name?: string | undefined; readonly image?: string | undefined };
export type Tag = { readonly key?: string | undefined; readonly value?: string | undefined };

/**
 * Members that DescribeTaskDefinition answers and RegisterTaskDefinition refuses. A deny-list, so that a member that AWS adds is
 * copied; a test compares it with the SDK's schema.
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

/** A copy to register; `imageFor` answers the new image of a named container from its image before. Empty values stay: they have a meaning. */
export const copyWithImage = <T extends TaskDefinition>(
  source: T,
  containers: readonly string[],
  imageFor: (before: string) => string,
): Copy<T> => {
  const copy: Record<string, unknown> = { ...source };
  for (const field of responseOnlyFields) delete copy[field];
  copy.containerDefinitions = source.containerDefinitions?.map((container) =>
    containers.includes(container.name ?? '') ? { ...container, image: imageFor(container.image ?? '') } : container,
  );
  return copy as Copy<T>;
};

/** Tags of a resource (ECS API, RegisterTaskDefinition). */
const tagLimit = 50;

/** Characters of a tag's value (ECS API, TagValue). A tag of an image may have 300. */
export const tagValueLimit = 256;

/**
 * The tags of a copy: those of the source and ours, which replace equal keys and are dropped beyond AWS's limit. Tags with the
 * reserved prefix `aws:`, such as `aws:cloudformation:stack-name`, cannot be set (ECS API, Tag).
 */
export const mergeTags = (source: readonly Tag[], ours: readonly { readonly key: string; readonly value: string }[]): Tag[] => {
  const keys = new Set(ours.map(({ key }) => key));
  const kept = source.filter(({ key = '' }) => !keys.has(key) && !/^aws:/i.test(key));
  return [...kept, ...ours.slice(0, Math.max(0, tagLimit - kept.length))];
};

/**
 * The names of the containers that get the image: the one that slipway.yml names, with any image, or all of the same repository.
 * `repositoryUri` is `registry/repository`, under any host of the registry.
 * @throws RejectedInput if there is none
 */
export const containersOf = (definition: TaskDefinition, repositoryUri: string, named: string | undefined, service: string): string[] => {
  const containers = definition.containerDefinitions ?? [];
  const names = containers.map(({ name }) => name ?? '');
  if (named !== undefined) {
    if (names.includes(named)) return [named];
    throw new RejectedInput(
      `service ${service} has no container "${named}"; its containers are ${names.join(', ')}: fix "container" in slipway.yml`,
      'INVALID_SERVICE',
    );
  }
  const ours = containers.filter(({ image }) => isOfRepository(image ?? '', repositoryUri)).map(({ name }) => name ?? '');
  if (ours.length > 0) return ours;
  const images = containers.map(({ name, image }) => `${name} (${image})`).join(', ');
  throw new RejectedInput(
    `no container of service ${service} uses ${repositoryUri}; it runs ${images}: name the container in slipway.yml`,
    'INVALID_SERVICE',
  );
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Lists of strings without an order; the order of others, such as a command, matters. */
const unordered = /(^|\.)(requiresCompatibilities|add|drop)$/;

/** The key of an element in a list that ECS may reorder; empty for lists that are compared in order. */
const keyOf = (value: unknown, path: string): string => {
  if (typeof value === 'string') return unordered.test(path) ? value : '';
  const name = isObject(value) ? (value.name ?? value.key ?? value.containerPath ?? value.sourceContainer) : undefined;
  return typeof name === 'string' ? name : '';
};

const compare = (asked: unknown, registered: unknown, path: string, lost: string[], added: string[]): void => {
  if (asked === undefined || asked === null) {
    if (registered !== undefined && registered !== null) added.push(path);
    return;
  }
  if (Array.isArray(asked) && Array.isArray(registered)) {
    const byName = new Map(registered.map((element) => [keyOf(element, path), element]));
    const isNamed = asked.length > 0 && asked.every((element) => keyOf(element, path) !== '') && byName.size === registered.length;
    for (const [index, element] of asked.entries())
      compare(
        element,
        isNamed ? byName.get(keyOf(element, path)) : registered[index],
        `${path}[${isNamed ? keyOf(element, path) : index}]`,
        lost,
        added,
      );
    if (registered.length > asked.length) added.push(path);
  } else if (isObject(asked) && isObject(registered) && !(asked instanceof Date)) {
    for (const key of new Set([...Object.keys(asked), ...Object.keys(registered)]))
      compare(asked[key], registered[key], path ? `${path}.${key}` : key, lost, added);
  } else if (JSON.stringify(asked) !== JSON.stringify(registered)) lost.push(path);
};

/**
 * The paths of members that a registered revision lost or changed against the request, and of those that ECS added. Only the former
 * is a reason not to deploy.
 */
export const difference = (asked: object, registered: object): { readonly lost: readonly string[]; readonly added: readonly string[] } => {
  const lost: string[] = [];
  const added: string[] = [];
  const answer: Record<string, unknown> = { ...registered };
  for (const field of responseOnlyFields) delete answer[field];
  compare(asked, answer, '', lost, added);
  return { lost, added };
};
