import { NotEmulated } from '../errors.js';
import { validationError } from './template.js';

/** The type of a property's value, and the values that are emulated. */
export type PropertyShape =
  | 'string'
  | 'number'
  | 'boolean'
  /** Any document, as an object or as JSON text. */
  | 'json'
  | { readonly oneOf: readonly (string | number | boolean)[] }
  | { readonly list: PropertyShape }
  | { readonly map: PropertyShape }
  | { readonly members: PropertyShapes };
export type PropertyShapes = Readonly<Record<string, PropertyShape>>;

/** Tags have no effect here. */
export const tags: PropertyShape = { list: { members: { Key: 'string', Value: 'string' } } };

type Place = { readonly logicalId: string; readonly type: string; readonly path: string };

const describePlace = ({ logicalId, type, path }: Place): string => `property ${path} of ${type} (${logicalId})`;
const inside = (place: Place, step: string): Place => ({ ...place, path: place.path === '' ? step : `${place.path}.${step}` });

const readScalar = (value: unknown, shape: 'string' | 'number' | 'boolean', place: Place): unknown => {
  const scalar = ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
  // CloudFormation takes "30" for 30, "true" for true, and the other way round.
  if (shape === 'string' && scalar !== undefined) return scalar;
  if (shape === 'number' && scalar !== undefined && scalar !== '' && Number.isFinite(Number(scalar))) return Number(scalar);
  if (shape === 'boolean' && (scalar === 'true' || scalar === 'false')) return scalar === 'true';
  throw validationError(`${describePlace(place)} is ${JSON.stringify(value)}; expected a ${shape}`);
};

const readJson = (value: unknown, place: Place): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw validationError(`${describePlace(place)} is not JSON: ${value.slice(0, 80)}`);
  }
};

const read = (value: unknown, shape: PropertyShape, place: Place): unknown => {
  if (shape === 'json') return readJson(value, place);
  if (typeof shape === 'string') return readScalar(value, shape, place);
  if ('oneOf' in shape) {
    const found = shape.oneOf.find((accepted) => String(accepted) === String(value));
    if (found === undefined) throw new NotEmulated(`${describePlace(place)} with the value ${JSON.stringify(value)}`);
    return found;
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) throw validationError(`${describePlace(place)} is ${JSON.stringify(value)}; expected a list`);
    return value.map((element, index) => read(element, shape.list, inside(place, String(index))));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw validationError(`${describePlace(place)} is ${JSON.stringify(value)}; expected a structure`);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const memberShape = 'map' in shape ? shape.map : Object.hasOwn(shape.members, key) ? shape.members[key] : undefined;
      if (memberShape === undefined) throw new NotEmulated(describePlace(inside(place, key)));
      return [key, read(member, memberShape, inside(place, key))];
    }),
  );
};

/** Converts properties to the types that the resource type declares. Refuses unknown properties. */
export const readProperties = (
  properties: unknown,
  { shapes, required }: { shapes: PropertyShapes; required: readonly string[] },
  { logicalId, type }: { logicalId: string; type: string },
): Record<string, unknown> => {
  const values = read(properties, { members: shapes }, { logicalId, type, path: '' }) as Record<string, unknown>;
  for (const name of required)
    if (values[name] === undefined) throw validationError(`property ${name} of ${type} (${logicalId}) is missing`);
  return values;
};
