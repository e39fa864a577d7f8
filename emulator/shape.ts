import { AwsError, NotEmulated } from './errors.js';

/** The members that the emulator knows of an input; any other member is answered NotEmulated. `any` is not checked. */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'blob'
  | 'any'
  /** A string with these values alone: the API model's enum. */
  | { readonly oneOf: readonly string[] }
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly members: Readonly<Record<string, Shape>> };

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);

/** An empty list or structure asks for nothing: clients send them for members that they do not use. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0);

/**
 * Checks a value of a request against its shape. Returns the value without the empty members that are not emulated.
 * `validationCode` is the code with which the service refuses values outside of its model.
 * @throws AwsError SerializationException for a value of another type, `validationCode` for a value that an enum lacks,
 * NotEmulated for an unknown member that has content.
 */
export const readShape = (value: unknown, shape: Shape, path: string, validationCode = 'ValidationException'): unknown => {
  if (value === undefined || value === null || shape === 'any') return value;
  const refuse = (expected: string): never => {
    throw new AwsError('SerializationException', `${path} is ${kindOf(value)}; expected ${expected}`);
  };
  if (shape === 'timestamp') {
    if (!(value instanceof Date) && typeof value !== 'number' && typeof value !== 'string') refuse('a timestamp');
    return value;
  }
  if (shape === 'blob') {
    if (!(value instanceof Uint8Array) && typeof value !== 'string') refuse('a blob');
    return value;
  }
  if (typeof shape === 'string') {
    if (typeof value !== shape) refuse(`a ${shape}`);
    return value;
  }
  if ('oneOf' in shape) {
    if (typeof value !== 'string') refuse('a string');
    if (!shape.oneOf.includes(value as string)) throw new AwsError(validationCode, enumMessage(value as string, shape.oneOf, path));
    return value;
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) refuse('a list');
    return (value as unknown[]).map((element, index) => readShape(element, shape.list, `${path}[${index}]`, validationCode));
  }
  if (typeof value !== 'object' || Array.isArray(value)) refuse('a structure');
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, element]) => {
      const member = 'map' in shape ? shape.map : Object.hasOwn(shape.members, key) ? shape.members[key] : undefined;
      if (member !== undefined) return [[key, readShape(element, member, `${path}.${key}`, validationCode)]];
      if (isEmpty(element)) return [];
      throw new NotEmulated(`member ${path}.${key}`);
    }),
  );
};

/** As the services that are built from their models word it; `path` begins with the service and the operation. */
const enumMessage = (value: string, values: readonly string[], path: string): string =>
  `1 validation error detected: Value '${value}' at '${path.split('.').slice(2).join('.')}' failed to satisfy constraint: ` +
  `Member must satisfy enum value set: [${values.join(', ')}]`;
