import { cut } from '../notification/cut.js';
import { redact } from '../notification/redact.js';
import { responseOnlyFields } from '../task-definition/task-definition.js';

/**
 * A member that differs: its path, such as `containerDefinitions[app].image`, and its values as people read them; absent where there
 * is none.
 */
export type Difference = { readonly path: string; readonly before?: string; readonly after?: string };

/** The first differences, those of images before others, and how many more there are. */
export type Differences = { readonly shown: readonly Difference[]; readonly more: number };

/** What a stage would do to one service: the images before and after, by name, and how its task definition would differ. */
export type PlannedService = {
  readonly service: string;
  /** Empty if what runs could not be read. */
  readonly from: string;
  readonly to: string;
  /** Does it run the image already? */
  readonly isRunning: boolean;
  readonly differences: Differences;
};

const shownAtMost = 20;
const valueLimit = 240;

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Absent, or an empty list or object, which ECS adds where none was given. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0);

/** The elements of these lists hold what may be secret, or name where a secret is. */
const secretLists: ReadonlySet<string> = new Set(['environment', 'secrets', 'secretOptions']);
const secretMembers: ReadonlySet<string> = new Set(['value', 'valueFrom']);

const mask = '***';

/** The value without secrets; `list` is the nearest of those lists around it. */
const masked = (value: unknown, list: string | undefined): unknown => {
  if (Array.isArray(value)) return value.map((one) => masked(one, list));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, member]) => {
    if (list !== undefined && secretMembers.has(key)) return [key, mask];
    return [key, masked(member, secretLists.has(key) ? key : list)];
  });
  return Object.fromEntries(members);
};

/** A value without what may be secret by its place, its key or its form. */
const shown = (path: readonly string[], value: unknown): string => {
  const key = path.at(-1) ?? '';
  const list = path.findLast((one) => secretLists.has(one));
  if (list !== undefined && secretMembers.has(key)) return mask;
  // With the key, which may say that the value is secret, as that of an option of a log driver.
  const text = redact(`${key}: ${JSON.stringify(masked(value, list))}`).slice(key.length + 2);
  return cut(text.replace(/^"(.*)"$/s, '$1'), valueLimit);
};

const identityOf = (element: unknown): string | undefined => {
  if (!isObject(element)) return undefined;
  const identity = element.name ?? element.key ?? element.containerPath ?? element.sourceContainer ?? element.containerPort;
  return identity === undefined ? undefined : `[${identity}]`;
};

/** The elements of a list of objects by what identifies them; undefined if that would lose one. An absent list has none. */
const elementsOf = (list: unknown): Members | undefined => {
  if (isEmpty(list)) return {};
  if (!Array.isArray(list)) return undefined;
  const entries = list.map((element) => [identityOf(element), element] as const);
  const names = new Set(entries.map(([name]) => name));
  return names.has(undefined) || names.size < list.length ? undefined : Object.fromEntries(entries);
};

/** What is compared member by member; undefined for what is compared as a whole, such as an element that one side lacks. */
const membersOf = (before: unknown, after: unknown): readonly [Members, Members] | undefined => {
  if (isObject(before) && isObject(after)) return [before, after];
  if (!Array.isArray(before) && !Array.isArray(after)) return undefined;
  const [one, other] = [elementsOf(before), elementsOf(after)];
  return one && other && [one, other];
};

type Found = { readonly path: readonly string[]; readonly before: unknown; readonly after: unknown };

const compare = (before: unknown, after: unknown, path: readonly string[]): Found[] => {
  if (isEmpty(before) && isEmpty(after)) return [];
  const members = membersOf(before, after);
  if (!members) return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
  const [one, other] = members;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) => compare(one[key], other[key], [...path, key]));
};

const isImage = ({ path }: Found): boolean => path.length === 3 && path[2] === 'image';

const differenceOf = ({ path, before, after }: Found): Difference => ({
  path: path.join('.').replaceAll('.[', '['),
  ...(!isEmpty(before) && { before: shown(path, before) }),
  ...(!isEmpty(after) && { after: shown(path, after) }),
});

const onlyInAnswers: ReadonlySet<string> = new Set(responseOnlyFields);

/** How many members of a task definition have a value, without what only answers of ECS have. */
export const countFields = (definition: object): number => {
  const count = (value: unknown): number => {
    if (isEmpty(value)) return 0;
    if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + count(one), 0);
    return isObject(value) ? Object.values(value).reduce((sum: number, one) => sum + count(one), 0) : 1;
  };
  return count(Object.fromEntries(Object.entries(definition).filter(([key]) => !onlyInAnswers.has(key))));
};

/**
 * How a task definition differs from the one that runs, without what only answers of ECS have. Values of the environment, and where
 * secrets are, are masked; their names are shown.
 */
export const differencesOf = (before: object, after: object, atMost = shownAtMost): Differences => {
  const all = compare(before, after, []).filter(({ path: [first = ''] }) => !onlyInAnswers.has(first));
  // What a deployment is about is not among the rest.
  const found = all.toSorted((one, other) => Number(isImage(other)) - Number(isImage(one)));
  return { shown: found.slice(0, atMost).map(differenceOf), more: Math.max(0, found.length - atMost) };
};
