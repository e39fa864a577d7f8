import { readFileSync } from 'node:fs';
import { fieldTables } from '../../stack/configuration-docs.js';
import { describedSchema, jsonSchema, type SchemaNode } from '../../stack/configuration-schema.js';
import { parseConfiguration } from '../../stack/read-configuration.js';
import { today } from './given-configuration.js';

type Field = readonly [name: string, node: SchemaNode, isRequired: boolean];

const fieldsOf = ({ properties = {}, required = [], additionalProperties, items, anyOf = [] }: SchemaNode): Field[] => [
  ...Object.entries(properties).map(([name, node]): Field => [name, node, required.includes(name)]),
  ...[Object.values(properties), additionalProperties || [], items ?? [], anyOf].flat().flatMap(fieldsOf),
];

test('the JSON Schema in the repository is what the source gives; npm run schema writes it', () => {
  expect(JSON.parse(readFileSync('schema/slipway.schema.json', 'utf8'))).toEqual(jsonSchema());
});

test.each(fieldsOf(describedSchema()))(
  '%s has a description that ends with a full stop, and with the default of an optional field',
  (_, node, isRequired) => {
    const { description = '', default: ifAbsent } = node;
    const [, written] = /^[A-Z].+[.] The default is (.+)\.$/.exec(description) ?? [];

    expect(description).toMatch(/^[A-Z].+\.$/);
    expect(written === undefined).toBe(isRequired);
    if (ifAbsent !== undefined) expect(written).toBe(String(ifAbsent));
  },
);

test('the JSON Schema has no keyword of our own', () => {
  expect(JSON.stringify(describedSchema())).toContain('"expected":');
  expect(JSON.stringify(jsonSchema())).not.toContain('"expected":');
});

test('every field is in a table of docs/configuration.md, with its unit or its possible values', () => {
  const rows = Object.values(fieldTables()).flat();
  const withoutFields = rows.filter(({ value }) => value === 'fields').map(({ field }) => field);

  // The before task of a service has the fields of a stage's.
  expect(new Set(rows.map(({ field }) => field.split('.').at(-1)))).toEqual(new Set(fieldsOf(describedSchema()).map(([name]) => name)));
  expect(withoutFields).toEqual(['notifications', 'stack', 'scan', 'window', 'before', 'before', 'verify', 'slack', 'vpc', 'keys']);
});

describe('docs/configuration.md', () => {
  const [, example = ''] = readFileSync('docs/configuration.md', 'utf8').match(/```yaml\n(.*?)```/s) ?? [];

  test('shows a file that Slipway accepts', () => {
    expect(Object.keys(parseConfiguration(example, 'docs/configuration.md', today).repositories)).toEqual(['my-learn-app']);
  });

  test.each(fieldsOf(jsonSchema()).map(([name]) => name))('shows the field %s', (name) => {
    expect(example).toMatch(new RegExp(`\\b${name}:`));
  });
});

test('slipway.yml names its schema, for editors', () => {
  expect(readFileSync('slipway.yml', 'utf8')).toMatch(/^# yaml-language-server: \$schema=\.\/schema\/slipway\.schema\.json\n/);
});
