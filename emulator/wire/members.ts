import type { Operation } from '../operation.js';
import type { Shape } from '../shape.js';

/** AWS treats a null member as absent; elements of lists are kept. */
export const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
};

const hasBlob = (shape: Shape): boolean => {
  if (typeof shape === 'string' || 'oneOf' in shape) return shape === 'blob';
  if ('list' in shape) return hasBlob(shape.list);
  if ('map' in shape) return hasBlob(shape.map);
  return Object.values(shape.members).some(hasBlob);
};

const readBlob = (value: unknown, shape: Shape): unknown => {
  if (shape === 'blob') return typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value;
  if (typeof shape === 'string' || 'oneOf' in shape || typeof value !== 'object' || value === null) return value;
  if ('list' in shape) return Array.isArray(value) ? value.map((element) => readBlob(element, shape.list)) : value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, readBlob(member, 'map' in shape ? shape.map : (shape.members[name] ?? 'any'))]),
  );
};

const operationsWithBlobs = new WeakMap<Operation, boolean>();

/** Bytes come as base64 in JSON; the operation's shapes say which members are bytes. */
export const readBlobs = (definition: Operation | undefined, input: Record<string, unknown>): Record<string, unknown> => {
  if (!definition) return input;
  let isNeeded = operationsWithBlobs.get(definition);
  if (isNeeded === undefined) {
    isNeeded = hasBlob({ members: definition.input });
    operationsWithBlobs.set(definition, isNeeded);
  }
  return isNeeded ? (readBlob(input, { members: definition.input }) as Record<string, unknown>) : input;
};
