import { AwsError, NotEmulated } from './errors.js';

/** The members that the emulator knows of an input; any other member is answered NotEmulated. `any` is not checked. */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'blob'
  | 'any'
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly members: Readonly<Record<string, Shape>> };

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);

/**
 * Checks a value of a request against its shape.
 * @throws AwsError SerializationException for a value of another type, NotEmulated for an unknown member.
 */
export const checkShape = (value: unknown, shape: Shape, path: string): void => {
  if (value === undefined || value === null || shape === 'any') return;
  const refuse = (expected: string): never => {
    throw new AwsError('SerializationException', `${path} is ${kindOf(value)}; expected ${expected}`);
  };
  if (shape === 'timestamp') {
    if (!(value instanceof Date) && typeof value !== 'number' && typeof value !== 'string') refuse('a timestamp');
  } else if (shape === 'blob') {
    if (!(value instanceof Uint8Array) && typeof value !== 'string') refuse('a blob');
  } else if (typeof shape === 'string') {
    if (typeof value !== shape) refuse(`a ${shape}`);
  } else if ('list' in shape) {
    if (!Array.isArray(value)) refuse('a list');
    for (const [index, element] of (value as unknown[]).entries()) checkShape(element, shape.list, `${path}[${index}]`);
  } else {
    if (typeof value !== 'object' || Array.isArray(value)) refuse('a structure');
    for (const [key, element] of Object.entries(value as object)) {
      if ('map' in shape) checkShape(element, shape.map, `${path}.${key}`);
      else {
        const member = shape.members[key];
        if (member === undefined) throw new NotEmulated(`member ${path}.${key}`);
        checkShape(element, member, `${path}.${key}`);
      }
    }
  }
};
