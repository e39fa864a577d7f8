import { describedSchema, type SchemaNode } from './configuration-schema.js';

const stage = ['repositories', '*', 'stages', '*'];
const service = [...stage, 'services', '*'];

/** Where each table of docs/configuration.md begins: the fields of the object at this path, in which `*` is a key or an item. */
const roots: Readonly<Record<string, readonly string[]>> = {
  'fields of slipway.yml': [],
  'fields of a repository': ['repositories', '*'],
  'fields of scan': ['repositories', '*', 'scan'],
  'fields of a stage': stage,
  'fields of a before task': [...stage, 'before'],
  'fields of a service': service,
  'fields of verify': [...service, 'verify'],
  'fields of notifications': ['notifications'],
  'fields of stack': ['stack'],
};

/** Described in a table of another object: the before task of a service has the fields of a stage's. */
const elsewhere: readonly (readonly string[])[] = [...Object.values(roots), [...service, 'before']];

/** A field with what it may be, its default, and what it means. */
export type FieldRow = { readonly field: string; readonly value: string; readonly ifAbsent: string; readonly meaning: string };

/** The rows of every table of fields, by its name. */
export const fieldTables = (): Readonly<Record<string, readonly FieldRow[]>> => {
  const schema = describedSchema();
  return Object.fromEntries(Object.entries(roots).map(([name, path]) => [name, rowsOf(nodeAt(schema, path), path, '')]));
};

const nodeAt = (schema: SchemaNode, path: readonly string[]): SchemaNode =>
  path.reduce((node, key) => objectOf((key === '*' ? node.items || node.additionalProperties : node.properties?.[key]) || {}), schema);

/** Of a value that may be a word or an object, the object. */
const objectOf = (node: SchemaNode): SchemaNode => node.anyOf?.find(({ properties }) => properties !== undefined) ?? node;

const rowsOf = (node: SchemaNode, path: readonly string[], prefix: string): FieldRow[] =>
  Object.entries(node.properties ?? {}).flatMap(([name, property]) => {
    const [description = '', ofDefault] = (property.description ?? '').split(' The default is ');
    const isRequired = node.required?.includes(name) ?? false;
    const row: FieldRow = {
      field: prefix + name,
      value: property.expected ?? 'fields',
      ifAbsent: isRequired ? 'required' : (ofDefault?.replace(/\.$/, '') ?? 'none'),
      meaning: description,
    };
    return [row, ...inner(property, [...path, name], prefix + name)];
  });

/** The fields of an object within a table, unless they have a table of their own. */
const inner = (property: SchemaNode, path: readonly string[], name: string): FieldRow[] => {
  const [node, ownPath, prefix] = property.items
    ? [objectOf(property.items), [...path, '*'], `${name}[].`]
    : [objectOf(property), path, `${name}.`];
  return elsewhere.some((root) => root.join() === ownPath.join()) ? [] : rowsOf(node, ownPath, prefix);
};
