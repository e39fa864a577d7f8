import { readFileSync } from 'node:fs';
import { jsonSchema } from '../../stack/configuration-schema.js';
import { parseConfiguration } from '../../stack/read-configuration.js';

type Node = { properties?: Record<string, Node>; additionalProperties?: Node | false; items?: Node; anyOf?: Node[]; description?: string };

const fieldsOf = ({ properties = {}, additionalProperties, items, anyOf = [] }: Node): [string, Node][] => [
  ...Object.entries(properties),
  ...[Object.values(properties), additionalProperties || [], items ?? [], anyOf].flat().flatMap(fieldsOf),
];

test('the JSON Schema in the repository is what the source gives; npm run schema writes it', () => {
  expect(JSON.parse(readFileSync('schema/slipway.schema.json', 'utf8'))).toEqual(jsonSchema());
});

test('every field has a description, for editors to show', () => {
  const silent = fieldsOf(jsonSchema()).filter(([, node]) => !node.description);

  expect(silent.map(([name]) => name)).toEqual([]);
});

describe('docs/configuration.md', () => {
  const [, example = ''] = readFileSync('docs/configuration.md', 'utf8').match(/```yaml\n(.*?)```/s) ?? [];

  test('shows a file that Slipway accepts', () => {
    expect(Object.keys(parseConfiguration(example, 'docs/configuration.md').repositories)).toEqual(['my-learn-app']);
  });

  test.each(fieldsOf(jsonSchema()).map(([name]) => name))('shows the field %s', (name) => {
    expect(example).toMatch(new RegExp(`\\b${name}:`));
  });
});

test('slipway.yml names its schema, for editors', () => {
  expect(readFileSync('slipway.yml', 'utf8')).toMatch(/^# yaml-language-server: \$schema=\.\/schema\/slipway\.schema\.json\n/);
});
