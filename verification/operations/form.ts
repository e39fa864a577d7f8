/** A type in the SDK's schemas: a number for scalars, a list for all else; functions break circles. */
export type Schema = number | string | readonly unknown[] | (() => Schema);

/** The type of a member or a property: a scalar's name, a list, a map, a structure or a list of values. */
export type Form =
  | string
  | { readonly list: Form | undefined }
  | { readonly map: Form | undefined }
  | { readonly oneOf: readonly (string | number | boolean)[] }
  | { readonly members: Readonly<Record<string, Form>> };

const scalars: Readonly<Record<number, string>> = { 0: 'string', 1: 'number', 2: 'boolean', 15: 'any', 21: 'blob', 42: 'blob' };

// 64 is added to the schema of a list's elements, and 128 to that of a map's values.
const read = (
  schema: Schema,
): { kind: 'scalar' | 'list' | 'map' | 'structure'; name: string; of: Schema; names: string[]; shapes: Schema[] } => {
  const none = { name: '', of: 0, names: [], shapes: [] };
  if (typeof schema === 'function') return read(schema());
  if (typeof schema === 'string') return { ...none, kind: 'structure' };
  if (typeof schema === 'number') {
    if (schema >= 128) return { ...none, kind: 'map', of: schema - 128 };
    if (schema >= 64) return { ...none, kind: 'list', of: schema - 64 };
    return { ...none, kind: 'scalar', name: scalars[schema] ?? 'timestamp' };
  }
  const [kind, namespace, , , first, second] = schema;
  // A member: its schema, and traits.
  if (typeof namespace !== 'string') return read(kind as Schema);
  if (kind === 0) return read(first as Schema);
  if (kind === 1) return { ...none, kind: 'list', of: first as Schema };
  if (kind === 2) return { ...none, kind: 'map', of: second as Schema };
  return { ...none, kind: 'structure', names: first as string[], shapes: second as Schema[] };
};

const merged = (one: Form | undefined, other: Form | undefined): Form | undefined => {
  if (one === undefined || other === undefined || typeof one === 'string' || typeof other === 'string') return one ?? other;
  if ('list' in one && 'list' in other) return { list: merged(one.list, other.list) };
  if ('map' in one && 'map' in other) return { map: merged(one.map, other.map) };
  if (!('members' in one && 'members' in other)) return one;
  const names = [...new Set([...Object.keys(one.members), ...Object.keys(other.members)])];
  return { members: Object.fromEntries(names.map((name) => [name, merged(one.members[name], other.members[name]) as Form])) };
};

/** The form of answers that have the members of all of them. */
export const mergedForms = (forms: readonly (Form | undefined)[]): Form | undefined => forms.reduce(merged, undefined);

/** The members that a value has, of those that its schema allows; `onUnknown` gets the path of each that the schema lacks. */
export const formOf = (value: unknown, schema: Schema, path: string, onUnknown: (path: string) => void): Form => {
  const { kind, name, of, names, shapes } = read(schema);
  if (kind === 'scalar') return name;
  if (kind === 'list') return { list: mergedForms((value as unknown[]).map((element) => formOf(element, of, path, onUnknown))) };
  if (kind === 'map')
    return { map: mergedForms(Object.entries(value as object).map(([key, each]) => formOf(each, of, `${path}.${key}`, onUnknown))) };
  const members: Record<string, Form> = {};
  for (const [member, each] of Object.entries((value ?? {}) as object)) {
    if (each === undefined || each === null) continue;
    const index = names.indexOf(member);
    if (index < 0) onUnknown(`${path}.${member}`);
    else members[member] = formOf(each, shapes[index] as Schema, `${path}.${member}`, onUnknown);
  }
  return { members };
};
