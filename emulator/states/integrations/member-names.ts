import type { Shape } from '../../shape.js';

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
export const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const renamed = (value: object, rename: (name: string) => string, go: (element: unknown, name: string) => unknown): object =>
  Object.fromEntries(Object.entries(value).map(([name, element]) => [rename(name), go(element, rename(name))]));

/** Converts members from Step Functions' upper camel case to the API's case; keys of maps stay as they are. */
export const lowerMembers = (value: unknown, shape: Shape | undefined): unknown => {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) {
    const element = typeof shape === 'object' && 'list' in shape ? shape.list : shape;
    return value.map((each) => lowerMembers(each, element));
  }
  if (typeof shape === 'object' && 'map' in shape)
    return renamed(
      value,
      (name) => name,
      (each) => lowerMembers(each, shape.map),
    );
  const members = typeof shape === 'object' && 'members' in shape ? shape.members : undefined;
  return renamed(value, lowerFirst, (each, name) => lowerMembers(each, members ? members[name] : shape));
};

/** An answer as Step Functions shows it: times as ISO 8601, and names in upper camel case if `isUpper`. */
export const shownMembers = (value: unknown, isUpper: boolean): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => shownMembers(each, isUpper));
  const defined = Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
  return renamed(defined, isUpper ? upperFirst : (name) => name, (each) => shownMembers(each, isUpper));
};
