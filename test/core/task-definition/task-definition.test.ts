import { RegisterTaskDefinitionRequest$, TaskDefinition$ } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import {
  containersOf,
  copyWithImage,
  difference,
  mergeTags,
  responseOnlyFields,
  type TaskDefinition,
} from '../../../core/task-definition/task-definition.js';
import { digest, registry } from '../given.js';
import { everyField } from './every-field.js';

const answered = everyField(TaskDefinition$) as TaskDefinition & Record<string, unknown>;
const { tags: _, ...request } = everyField(RegisterTaskDefinitionRequest$);

describe('a copy of a revision that uses every field of the installed SDK', () => {
  test('omits exactly the fields that the request does not have', () => {
    const onlyInAnswer = Object.keys(answered).filter((field) => !(field in request));

    expect(onlyInAnswer.sort()).toEqual([...responseOnlyFields].sort());
    expect(responseOnlyFields).toHaveLength(9);
  });

  test('has every field of the request except the tags', () => {
    expect(Object.keys(copyWithImage(answered, [], () => 'new')).sort()).toEqual(Object.keys(request).sort());
  });

  test('differs from it in nothing but the image of the named container', () => {
    const [container] = answered.containerDefinitions ?? [];

    const copy = copyWithImage(answered, ['.containerDefinitions[].name'], () => 'registry/app@sha256:1');

    expect(copy).toEqual({ ...request, containerDefinitions: [{ ...container, image: 'registry/app@sha256:1' }] });
  });

  test('does not change the original', () => {
    const before = structuredClone(answered);

    copyWithImage(answered, ['.containerDefinitions[].name'], () => 'new');

    expect(answered).toEqual(before);
  });

  test('keeps empty values', () => {
    const previousRevision = {
      family: 'web',
      containerDefinitions: [{ name: 'app', image: 'old', environment: [{ name: 'A', value: '' }], command: [] }],
    };

    expect(copyWithImage(previousRevision, ['app'], () => 'new').containerDefinitions).toEqual([
      { name: 'app', image: 'new', environment: [{ name: 'A', value: '' }], command: [] },
    ]);
  });

  test('keeps an unknown field', () => {
    expect(copyWithImage({ family: 'web', tomorrow: { deep: [1] } } as TaskDefinition, [], () => 'new')).toMatchObject({
      tomorrow: { deep: [1] },
    });
  });
});

describe('tags', () => {
  const tags = (count: number, prefix = 'k') => Array.from({ length: count }, (_, index) => ({ key: `${prefix}${index}`, value: 'v' }));
  const ours = [
    { key: 'slipway:execution', value: 'arn' },
    { key: 'slipway:tag', value: 'v2' },
  ];

  test('of the source are kept, and ours replace those of the deployment before', () => {
    expect(
      mergeTags(
        [
          { key: 'slipway:tag', value: 'v1' },
          { key: 'team', value: 'a' },
        ],
        ours,
      ),
    ).toEqual([
      { key: 'team', value: 'a' },
      { key: 'slipway:execution', value: 'arn' },
      { key: 'slipway:tag', value: 'v2' },
    ]);
  });

  test.each([
    [48, ['slipway:execution', 'slipway:tag']],
    [49, ['slipway:execution']],
    [50, []],
  ])('of the source number %i: %j of ours remain', (count, remaining) => {
    const merged = mergeTags(tags(count), ours);

    expect(merged.length).toBeLessThanOrEqual(50);
    expect(merged.slice(count).map(({ key }) => key)).toEqual(remaining);
  });

  test.each(['aws:cloudformation:stack-name', 'AWS:x'])('with the reserved key %s are not copied', (key) => {
    expect(mergeTags([{ key, value: 'x' }], [])).toEqual([]);
  });
});

describe('the containers that get the image', () => {
  const uri = `${registry}/my-learn-app`;
  const definition = (...images: string[]) => ({ containerDefinitions: images.map((image, index) => ({ name: `c${index}`, image })) });

  test.each([
    ['one of two', definition('nginx:1', `${uri}:main-6`), undefined, ['c1']],
    ['both, if both are of the repository', definition(`${uri}:main-6`, `${uri}@${digest}`), undefined, ['c0', 'c1']],
    [
      'under other hosts of the registry',
      definition('123456789012.dkr-ecr.eu-west-1.on.aws/my-learn-app:1', 'ghcr.io/my-learn-app:1'),
      undefined,
      ['c0'],
    ],
    ['the one that slipway.yml names', definition(`${uri}:main-6`, `${uri}:main-6`), 'c1', ['c1']],
    ['the one that slipway.yml names, with any image', definition('nginx:1', 'redis:7'), 'c0', ['c0']],
  ])('%s', (_, previousRevision, named, expected) => {
    expect(containersOf(previousRevision, uri, named, 'production/web')).toEqual(expected);
  });

  test('are not those of a repository whose name has the same prefix', () => {
    expect(() => containersOf(definition(`${uri}-two:1`), uri, undefined, 'production/web')).toThrow(
      `no container of service production/web uses ${uri}; it runs c0 (${uri}-two:1): name the container in slipway.yml`,
    );
  });

  test('must exist: another name in slipway.yml is rejected', () => {
    expect(() => containersOf(definition('a', 'b'), uri, 'app', 'production/web')).toThrow(
      'service production/web has no container "app"; its containers are c0, c1: fix "container" in slipway.yml',
    );
  });
});

describe('the difference between the request and the registered revision', () => {
  const asked = {
    family: 'web',
    cpu: '256',
    requiresCompatibilities: ['EC2', 'FARGATE'],
    containerDefinitions: [
      {
        name: 'app',
        image: 'new',
        command: ['npm', 'start'],
        environment: [
          { name: 'A', value: '1' },
          { name: 'B', value: '' },
        ],
        linuxParameters: { capabilities: { add: ['NET_ADMIN', 'SYS_PTRACE'] } },
      },
    ],
  };
  const registered = (change: (copy: typeof asked) => unknown) => {
    const copy = structuredClone(asked);
    return { ...copy, ...(change(copy) as object) };
  };
  const inContainer = (changes: object) => ({ containerDefinitions: [{ ...asked.containerDefinitions[0], ...changes }] });

  test.each([
    ['nothing', {}, { lost: [], added: [] }],
    ['a field that ECS added', { networkMode: 'bridge' }, { lost: [], added: ['networkMode'] }],
    [
      'a nested field that ECS added',
      inContainer({ cpu: 0, mountPoints: [] }),
      { lost: [], added: ['containerDefinitions[app].cpu', 'containerDefinitions[app].mountPoints'] },
    ],
    ['a field that was lost', { cpu: undefined }, { lost: ['cpu'], added: [] }],
    ['a field that changed', { cpu: '512' }, { lost: ['cpu'], added: [] }],
    [
      'a nested field that changed',
      inContainer({ linuxParameters: { capabilities: { add: ['NET_ADMIN'] } } }),
      { lost: ['containerDefinitions[app].linuxParameters.capabilities.add[SYS_PTRACE]'], added: [] },
    ],
    [
      'an empty value that was lost',
      inContainer({ environment: [{ name: 'A', value: '1' }, { name: 'B' }] }),
      { lost: ['containerDefinitions[app].environment[B].value'], added: [] },
    ],
    [
      'a named element that was lost',
      inContainer({ environment: [{ name: 'A', value: '1' }] }),
      { lost: ['containerDefinitions[app].environment[B]'], added: [] },
    ],
    [
      'a named element that was added',
      inContainer({ environment: [...asked.containerDefinitions[0]!.environment, { name: 'C', value: '' }] }),
      { lost: [], added: ['containerDefinitions[app].environment'] },
    ],
    [
      'a reordered list of named elements',
      inContainer({
        environment: [
          { name: 'B', value: '' },
          { name: 'A', value: '1' },
        ],
      }),
      { lost: [], added: [] },
    ],
    ['a reordered set of strings', { requiresCompatibilities: ['FARGATE', 'EC2'] }, { lost: [], added: [] }],
    [
      'a reordered command',
      inContainer({ command: ['start', 'npm'] }),
      { lost: ['containerDefinitions[app].command[0]', 'containerDefinitions[app].command[1]'], added: [] },
    ],
    ['a list that became something else', { requiresCompatibilities: 'EC2' }, { lost: ['requiresCompatibilities'], added: [] }],
    ['an object that became null', { containerDefinitions: null }, { lost: ['containerDefinitions'], added: [] }],
  ])('%s', (_, changes, expected) => {
    expect(
      difference(
        asked,
        registered(() => changes),
      ),
    ).toEqual(expected);
  });

  const port = (containerPort: number, changes: object = {}) => ({ containerPort, protocol: 'tcp', ...changes });

  test.each<[string, object[], lost: string]>([
    ['portMappings', [port(80), port(80, { protocol: 'udp' }), port(81, { name: 'http' })], '[0].protocol'],
    [
      'dependsOn',
      [
        { containerName: 'db', condition: 'START' },
        { containerName: 'log', condition: 'HEALTHY' },
      ],
      '[0].condition',
    ],
    [
      'environmentFiles',
      [
        { value: 'arn:aws:s3:::b/a.env', type: 's3' },
        { value: 'arn:aws:s3:::b/b.env', type: 's3' },
      ],
      '[0].type',
    ],
    [
      'systemControls',
      [
        { namespace: 'net.a', value: '1' },
        { namespace: 'net.b', value: '2' },
      ],
      '[0].value',
    ],
    [
      'mountPoints',
      [
        { sourceVolume: 'a', containerPath: '/a' },
        { sourceVolume: 'b', containerPath: '/b' },
      ],
      '[/a]',
    ],
    [
      'ulimits',
      [
        { name: 'nofile', softLimit: 1 },
        { name: 'nproc', softLimit: 2 },
      ],
      '[nofile].softLimit',
    ],
    [
      'extraHosts',
      [
        { hostname: 'a', ipAddress: '10.0.0.1' },
        { hostname: 'b', ipAddress: '10.0.0.2' },
      ],
      '[0].ipAddress',
    ],
    [
      'resourceRequirements',
      [
        { type: 'GPU', value: '1' },
        { type: 'InferenceAccelerator', value: 'a' },
      ],
      '[0].value',
    ],
    [
      'secrets',
      [
        { name: 'A', valueFrom: 'x' },
        { name: 'A', valueFrom: 'y' },
      ],
      '[A].valueFrom',
    ],
  ])('%s in another order are equal, and one that changed or that ECS added to is named', (field, elements, lost) => {
    const [first = {}, ...others] = elements;
    const last = Object.keys(first).at(-1) ?? '';
    const of = (all: object[]) => inContainer({ [field]: all });
    const changed = { ...first, [field === 'portMappings' ? 'protocol' : last]: 'changed' };

    expect(difference(of(elements), of([...elements].reverse()))).toEqual({ lost: [], added: [] });
    expect(difference(of(elements), of([...others, changed]))).toEqual({
      lost: [`containerDefinitions[app].${field}${lost}`],
      added: [],
    });
    expect(difference(of(elements), of([...others, { ...first, more: 1 }])).lost).toEqual([]);
    expect(difference(of(elements), of(others)).lost).toHaveLength(1);
  });

  test('an element that ECS added to is not taken for another one that had it', () => {
    const both = inContainer({ portMappings: [port(80), port(80, { hostPort: 80 })] });

    expect(difference(both, inContainer({ portMappings: [port(80, { hostPort: 80 }), port(80)] }))).toEqual({ lost: [], added: [] });
  });

  test('null equals an absent value', () => {
    expect(difference({ a: null, b: undefined }, { a: null, b: null })).toEqual({ lost: [], added: [] });
  });

  test('fields that only responses have are ignored', () => {
    expect(difference(request, answered)).toEqual({ lost: [], added: [] });
  });

  test('a copy equals its registered revision, in any order of named elements', () => {
    const container = fc.record(
      {
        name: fc.constantFrom('app', 'proxy', 'log'),
        image: fc.string(),
        cpu: fc.integer(),
        command: fc.array(fc.string()),
        environment: fc.uniqueArray(fc.record({ name: fc.string({ minLength: 1 }), value: fc.string() }), { selector: ({ name }) => name }),
        dockerLabels: fc.dictionary(fc.string(), fc.string()),
      },
      { requiredKeys: ['name'] },
    );
    const definition = fc.record({
      family: fc.string(),
      containerDefinitions: fc.uniqueArray(container, { selector: ({ name }) => name, minLength: 1 }),
      volumes: fc.uniqueArray(fc.record({ name: fc.string({ minLength: 1 }) }), { selector: ({ name }) => name }),
    });
    fc.assert(
      fc.property(definition, (previousRevision) => {
        const copy = copyWithImage(previousRevision, ['app'], () => 'new');
        const answer = { ...structuredClone(copy), containerDefinitions: [...(copy.containerDefinitions ?? [])].reverse() };

        expect(
          difference(copy, { ...answer, revision: 8, status: 'ACTIVE', registeredAt: new Date(), requiresAttributes: [{ name: 'x' }] }),
        ).toEqual({ lost: [], added: [] });
      }),
    );
  });
});
