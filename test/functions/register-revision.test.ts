import type { ServiceDescription } from '../../aws/service.js';
import { registerRevision } from '../../functions/register-revision.js';
import { configuration, deploymentRecord, digest, execution, later, registry, revisionArn, startedAt } from '../core/given.js';
import { literalLedger, sdkError } from './given.js';

const name = 'service#production/web deployment#1';
const service: ServiceDescription = {
  status: 'ACTIVE',
  taskDefinition: revisionArn(7),
  desiredCount: 3,
  controller: 'ECS',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition: revisionArn(7) }],
  events: [],
};
const base = {
  taskDefinitionArn: revisionArn(7),
  revision: 7,
  family: 'web',
  cpu: '256',
  containerDefinitions: [
    {
      name: 'app',
      image: `${registry}/my-learn-app:main-6`,
      environment: [{ name: 'A', value: '' }],
      logConfiguration: { logDriver: 'awslogs' as const, options: { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'ecs' } },
    },
    { name: 'proxy', image: 'nginx:1' },
  ],
};
const tags = [
  { key: 'team', value: 'a' },
  { key: 'slipway:tag', value: 'main-6' },
];

type Given = {
  record?: Parameters<typeof deploymentRecord>[0];
  described?: ServiceDescription | undefined;
  answered?: (request: object) => object;
};
const given = ({ record = {}, answered = (request) => request, ...rest }: Given = {}) => {
  const ledger = literalLedger({ [name]: deploymentRecord(record) });
  const registered: { tags?: unknown; containerDefinitions?: unknown }[] = [];
  const run = registerRevision({
    configuration,
    services: { describe: async () => ('described' in rest ? rest.described : service) },
    taskDefinitions: {
      describe: async () => ({ definition: base, tags }),
      register: async (request) => {
        registered.push(request as { tags?: unknown });
        const { tags: _, ...definition } = request;
        return { definition: { ...answered(definition), taskDefinitionArn: revisionArn(8), revision: 8, status: 'ACTIVE' }, tags: [] };
      },
    },
    ledger,
  });
  return { ledger, registered, run: (now = later) => run({ service: 'production/web', record: name, now }) };
};

test('registers a copy of what runs, with the image by digest, and notes what people and the way back will need', async () => {
  const { ledger, registered, run } = given();

  expect(await run()).toMatchObject({ next: 'go' });
  expect(registered).toEqual([
    {
      family: 'web',
      cpu: '256',
      containerDefinitions: [
        { ...base.containerDefinitions[0], image: `${registry}/my-learn-app@${digest}` },
        base.containerDefinitions[1],
      ],
      tags: [
        { key: 'team', value: 'a' },
        { key: 'slipway:execution', value: execution },
        { key: 'slipway:tag', value: 'main-7' },
      ],
    },
  ]);
  expect(ledger.records[name]).toMatchObject({
    base: revisionArn(7),
    revision: revisionArn(8),
    containers: ['app'],
    previousImage: `${registry}/my-learn-app:main-6`,
    previousTag: 'main-6',
    logs: [{ container: 'app', group: '/ecs/web', prefix: 'ecs' }],
    notes: [],
  });
});

test('run twice, it registers once', async () => {
  const { registered, run } = given();

  expect(await run()).toEqual(await run());
  expect(registered).toHaveLength(1);
});

test('a service that moved on to another revision since is copied anew', async () => {
  const { registered, run } = given({ record: { base: revisionArn(6), revision: revisionArn(5) } });

  await run();

  expect(registered).toHaveLength(1);
});

test('somebody else’s rollout is waited for, and nothing is registered', async () => {
  const { registered, run } = given({
    described: { ...service, deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: revisionArn(7) }] },
  });

  expect(await run()).toMatchObject({ next: 'wait', waitSeconds: 15 });
  expect(registered).toEqual([]);
});

test('it is not waited for longer than the service’s timeout', async () => {
  const { run } = given({
    described: { ...service, deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: revisionArn(7) }] },
  });

  expect(await run('2026-11-23T12:30:00.000Z')).toMatchObject({ next: 'wait' });
  expect(await run('2026-11-23T12:30:00.001Z')).toMatchObject({ next: 'end', ending: { outcome: 'FAILED', cause: 'TIMED_OUT' } });
});

test('a service that runs the digest already is skipped', async () => {
  const { ledger } = given();
  const run = registerRevision({
    configuration,
    services: { describe: async () => service },
    taskDefinitions: {
      describe: async () => ({
        definition: { family: 'web', containerDefinitions: [{ name: 'app', image: `${registry}/my-learn-app@${digest}` }] },
        tags: [],
      }),
      register: async () => {
        throw new Error('nothing is to be registered');
      },
    },
    ledger,
  });

  expect(await run({ service: 'production/web', record: name, now: startedAt })).toMatchObject({
    next: 'end',
    ending: { outcome: 'SKIPPED', sentence: 'already running a1b2c3d4a1b2' },
  });
});

test('a revision in which anything but the image differs is not deployed', async () => {
  const { ledger, run } = given({ answered: (request) => ({ ...request, cpu: '512' }) });

  expect(await run()).toMatchObject({
    next: 'end',
    ending: {
      outcome: 'FAILED',
      cause: 'AWS_ERROR',
      sentence: 'the registered revision differs from the one that runs in cpu; nothing was deployed, for only the image may differ',
    },
  });
  expect(ledger.records[name]?.revision).toBeUndefined();
});

test('what ECS adds by itself is noted, and no reason against', async () => {
  const { ledger, run } = given({ answered: (request) => ({ ...request, networkMode: 'bridge' }) });

  expect(await run()).toMatchObject({ next: 'go' });
  expect(ledger.records[name]?.notes).toEqual(['ECS added networkMode']);
});

test.each([
  ['that does not exist', undefined, 'there is no service production/web'],
  ['that is being deleted', { ...service, status: 'DRAINING' }, 'service production/web is DRAINING'],
])('a service %s is refused', async (_, described, sentence) => {
  const answer = await given({ described }).run();

  expect(answer).toMatchObject({ next: 'end', ending: { outcome: 'FAILED', cause: 'INVALID_INPUT' } });
  expect(answer.ending.sentence).toContain(sentence);
});

describe('an answer of ECS', () => {
  const failing = (error: Error) =>
    registerRevision({
      configuration,
      services: {
        describe: async () => {
          throw error;
        },
      },
      taskDefinitions: { describe: async () => ({ definition: base, tags }), register: async () => ({ definition: base, tags }) },
      ledger: literalLedger({ [name]: deploymentRecord() }),
    })({ service: 'production/web', record: name, now: later });

  test('that there is no cluster means that there is no service', async () => {
    await expect(failing(sdkError('ClusterNotFoundException'))).resolves.toMatchObject({ next: 'end', ending: { outcome: 'FAILED' } });
  });

  test('that says something else keeps its name', async () => {
    await expect(failing(sdkError('AccessDeniedException'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
