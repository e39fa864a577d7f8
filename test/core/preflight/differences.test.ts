import { RegisterTaskDefinitionRequest$ } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { differencesOf } from '../../../core/preflight/differences.js';
import { everyField } from '../task-definition/every-field.js';

const container = (changes: object = {}) => ({ name: 'app', image: 'web:1', environment: [{ name: 'LEVEL', value: 'info' }], ...changes });
const definition = (...containerDefinitions: object[]) => ({ family: 'web', cpu: '256', containerDefinitions });
const between = (before: object, after: object) => differencesOf(definition(before), definition(after)).shown;

test('a new image is one difference, and what only an answer of ECS has is none', () => {
  const before = {
    ...definition(container(), { name: 'proxy', image: 'nginx:1' }),
    revision: 7,
    status: 'ACTIVE',
    registeredAt: new Date(),
  };

  expect(differencesOf(before, definition(container({ image: 'web@sha256:1' }), { name: 'proxy', image: 'nginx:1' }))).toEqual({
    shown: [{ path: 'containerDefinitions[app].image', before: 'web:1', after: 'web@sha256:1' }],
    more: 0,
  });
});

test.each<[string, object, object, object[]]>([
  [
    'a value of the environment',
    { environment: [{ name: 'LEVEL', value: 'debug' }] },
    {},
    [{ path: 'containerDefinitions[app].environment[LEVEL].value', before: '***', after: '***' }],
  ],
  [
    'a new variable',
    { environment: [] },
    {},
    [{ path: 'containerDefinitions[app].environment[LEVEL]', after: '{"name":"LEVEL","value":"***"}' }],
  ],
  [
    'where a secret is',
    {},
    { secrets: [{ name: 'KEY', valueFrom: 'arn:secret' }] },
    [{ path: 'containerDefinitions[app].secrets[KEY]', after: '{"name":"KEY","valueFrom":"***"}' }],
  ],
  [
    'an option whose name says that it is secret',
    { logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': 'one', 'splunk-url': 'https://a' } } },
    { logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': 'two', 'splunk-url': 'https://b' } } },
    [
      { path: 'containerDefinitions[app].logConfiguration.options.splunk-token', before: '***', after: '***' },
      { path: 'containerDefinitions[app].logConfiguration.options.splunk-url', before: 'https://a', after: 'https://b' },
    ],
  ],
  [
    'a password in a command',
    { command: ['run'] },
    { command: ['run', '--password=hunter2'] },
    [{ path: 'containerDefinitions[app].command', before: '["run"]', after: '["run","--password=***"]' }],
  ],
  ['an empty list that ECS added', { mountPoints: [], dockerLabels: {} }, {}, []],
  [
    'the order of named elements',
    {
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
    {
      environment: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
    },
    [],
  ],
  [
    'elements of which two have one name',
    {
      portMappings: [
        { containerPort: 53, protocol: 'tcp' },
        { containerPort: 53, protocol: 'udp' },
      ],
    },
    { portMappings: [{ containerPort: 53, protocol: 'tcp' }] },
    [
      {
        path: 'containerDefinitions[app].portMappings',
        before: '[{"containerPort":53,"protocol":"tcp"},{"containerPort":53,"protocol":"udp"}]',
        after: '[{"containerPort":53,"protocol":"tcp"}]',
      },
    ],
  ],
])('%s', (_, before, after, expected) => {
  expect(between(container(before), container(after))).toEqual(expected);
});

test('a container that is added or removed is one difference, and its environment is masked', () => {
  const sidecar = { name: 'tracer', image: 'tracer:1', environment: [{ name: 'KEY', value: 'hunter2' }] };
  const { shown } = differencesOf(definition(container()), definition(container(), sidecar));

  expect(shown).toEqual([
    {
      path: 'containerDefinitions[tracer]',
      after: '{"name":"tracer","image":"tracer:1","environment":[{"name":"KEY","value":"***"}]}',
    },
  ]);
  expect(differencesOf(definition(container(), sidecar), definition(container())).shown).toMatchObject([
    { path: 'containerDefinitions[tracer]' },
  ]);
});

test('twenty differences are shown, that of the image first, and the rest is counted; a long value is cut', () => {
  const app = (image: string, text: string) => ({
    name: 'app',
    dockerLabels: Object.fromEntries(Array.from({ length: 23 }, (_, index) => [`label-${index}`, text])),
    image,
  });
  const { shown, more } = differencesOf(definition(app('web:1', 'a')), definition(app('web:2', 'b'.repeat(500))));

  expect([shown.length, more]).toEqual([20, 4]);
  expect(shown[0]?.path).toBe('containerDefinitions[app].image');
  expect(shown[1]?.after).toHaveLength(240);
});

/** The paths of all leaves. */
const leaves = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, one]) => leaves(one, [...path, key])) : [path];

const changedAt = (value: object, path: readonly string[]): object => {
  const copy = structuredClone(value);
  const parent = path.slice(0, -1).reduce((one, key) => one[key] as Record<string, unknown>, copy as Record<string, unknown>);
  parent[path.at(-1) ?? ''] = 'changed';
  return copy;
};

test('a change of any field that a request may have is a difference', () => {
  const { tags: _, ...request } = everyField(RegisterTaskDefinitionRequest$);
  const all = leaves(request);

  expect(all.length).toBeGreaterThan(100);
  expect(all.filter((path) => differencesOf(request, changedAt(request, path)).shown.length === 0)).toEqual([]);
  expect(differencesOf(request, structuredClone(request))).toEqual({ shown: [], more: 0 });
});

test('no value of the environment, and no place of a secret, is shown', () => {
  const secret = fc.string({ minLength: 4 }).map((text) => `hunter2-${text}`);
  const one = fc.record({
    name: fc.constantFrom('app', 'proxy'),
    image: fc.constantFrom('a:1', 'a:2'),
    environment: fc.array(fc.record({ name: fc.constantFrom('A', 'B'), value: secret }), { maxLength: 3 }),
    secrets: fc.array(fc.record({ name: fc.constantFrom('C', 'D'), valueFrom: secret }), { maxLength: 2 }),
    logConfiguration: fc.record({
      secretOptions: fc.array(fc.record({ name: fc.constantFrom('E', 'F'), valueFrom: secret }), { maxLength: 2 }),
    }),
  });
  const definitions = fc.array(one, { maxLength: 2 }).map((containers) => definition(...containers));

  fc.assert(fc.property(definitions, definitions, (before, after) => !JSON.stringify(differencesOf(before, after)).includes('hunter2')));
});
