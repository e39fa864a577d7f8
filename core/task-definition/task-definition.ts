import { isOfRepository } from '../image/image-reference.js';
import { RejectedInput } from '../result/rejected-input.js';

/** The members of a task definition that a deployment reads; all others are copied as they are. */
export type TaskDefinition = {
  readonly family?: string | undefined;
  readonly containerDefinitions?: readonly ContainerDefinition[] | undefined;
};
export type ContainerDefinition = {
  readonly name?: string | undefined;
  readonly image?: string | undefined;
  readonly essential?: boolean | undefined;
};
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

/** The tag that Slipway gives every revision that it registers: the execution that did. */
const executionTag = 'slipway:execution';

const imageTag = 'slipway:tag';

/** The tag of the image that a revision deploys, which names it by digest alone. */
export const tagOfImage = (tags: readonly Tag[]): string | undefined => tags.find(({ key }) => key === imageTag)?.value;

/** The tags that Slipway gives a revision that it registers. */
export const ownTags = (execution: string, tag: string | undefined): { readonly key: string; readonly value: string }[] => [
  { key: executionTag, value: execution },
  ...(tag === undefined ? [] : [{ key: imageTag, value: tag.slice(0, tagValueLimit) }]),
];

export const isRegisteredBySlipway = ({ tags }: { readonly tags: readonly Tag[] }): boolean => tags.some(({ key }) => key === executionTag);

/** Tags of a resource (ECS API, RegisterTaskDefinition). */
const tagLimit = 50;

/** Characters of a tag's value (ECS API, TagValue). A tag of an image may have 300. */
const tagValueLimit = 256;

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

/** The names of the containers that a task outlives: `essential` is true by default (ECS API, ContainerDefinition). */
export const nonEssentialContainers = ({ containerDefinitions = [] }: TaskDefinition): string[] =>
  containerDefinitions.filter(({ essential }) => essential === false).map(({ name = '' }) => name);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Lists of strings without an order; the order of others, such as a command, matters. No list of objects has one. */
const unordered = /(^|\.)(requiresCompatibilities|add|drop)$/;

/** The name of an element of a list without an order; undefined if it has none. */
const nameOf = (value: unknown): string | undefined => {
  const name = isObject(value) ? (value.name ?? value.key ?? value.containerPath ?? value.sourceContainer) : value;
  return typeof name === 'string' ? name : undefined;
};

type Difference = { readonly lost: string[]; readonly added: string[] };

/** What makes a registered element the requested one: the first that applies to any. */
const identities: readonly ((asked: unknown, registered: unknown) => boolean)[] = [
  (asked, registered) => Object.values(compare(asked, registered, '')).every(({ length }) => length === 0),
  (asked, registered) => compare(asked, registered, '').lost.length === 0,
  (asked, registered) => nameOf(asked) === nameOf(registered),
];

const paired = (asked: readonly unknown[], registered: readonly unknown[]): (readonly [unknown, unknown])[] => {
  const left = [...registered];
  const found = new Map<number, unknown>();
  for (const isIt of identities)
    for (const [position, element] of asked.entries()) {
      const index = found.has(position) ? -1 : left.findIndex((one) => isIt(element, one));
      if (index >= 0) found.set(position, left.splice(index, 1)[0]);
    }
  return asked.map((element, position) => [element, found.get(position)]);
};

const compareLists = (asked: readonly unknown[], registered: readonly unknown[], path: string): Difference => {
  const isOrdered = !unordered.test(path) && !asked.every(isObject);
  const pairs = isOrdered ? asked.map((element, index) => [element, registered[index]] as const) : paired(asked, registered);
  const all = pairs.map(([one, other], index) => compare(one, other, `${path}[${isOrdered ? index : (nameOf(one) ?? index)}]`));
  return {
    lost: all.flatMap(({ lost }) => lost),
    added: [...all.flatMap(({ added }) => added), ...(registered.length > asked.length ? [path] : [])],
  };
};

const compare = (asked: unknown, registered: unknown, path: string): Difference => {
  if (asked === undefined || asked === null) return { lost: [], added: registered === undefined || registered === null ? [] : [path] };
  if (Array.isArray(asked) && Array.isArray(registered)) return compareLists(asked, registered, path);
  if (!isObject(asked) || !isObject(registered) || asked instanceof Date)
    return { lost: JSON.stringify(asked) === JSON.stringify(registered) ? [] : [path], added: [] };
  const members = [...new Set([...Object.keys(asked), ...Object.keys(registered)])];
  const all = members.map((key) => compare(asked[key], registered[key], path ? `${path}.${key}` : key));
  return { lost: all.flatMap(({ lost }) => lost), added: all.flatMap(({ added }) => added) };
};

/**
 * The paths of members that a registered revision lost or changed against the request, and of those that ECS added. Only the former
 * is a reason not to deploy.
 */
export const difference = (asked: object, registered: object): { readonly lost: readonly string[]; readonly added: readonly string[] } => {
  const answer: Record<string, unknown> = { ...registered };
  for (const field of responseOnlyFields) delete answer[field];
  return compare(asked, answer, '');
};
