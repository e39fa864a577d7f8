import { TransientAwsError } from '../../../aws/sdk-errors.js';
import type { ServiceInBatch, TasksOfRevision } from '../../../aws/service-batch.js';
import type { QueryName } from '../../../core/query/request.js';
import { deploymentName, type HistoryOf, type Key, type RecordName, releaseName } from '../../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../../../core/records/records.js';
import { query } from '../../../functions/control/query.js';
import type { Reads } from '../../../functions/query/reads.js';
import type { PlanDeps } from '../../../functions/shared/plan.js';
import { parseConfiguration } from '../../../stack/read-configuration.js';
import {
  configuration,
  crashes,
  deploymentRecord,
  digest,
  execution,
  good,
  image,
  later,
  lease,
  otherDigest,
  priority,
  queueEntry,
  registry,
  releaseExecution,
  releaseRecord,
  resultWith,
  revisionArn,
  startedAt,
  stateOf,
} from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { answerTo, errorIn } from '../../support/query-shapes.js';

const machineOf = (kind: string) => `arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-${kind}`;
const stack = {
  stage: 'dev',
  account: '123456789012',
  region: 'eu-west-1',
  version: '0.1.0',
  machines: { release: machineOf('release'), deployment: machineOf('deployment') },
};

type Given = Parameters<typeof givenTable>[0] & {
  readonly reads?: Partial<Reads>;
  readonly configuration?: typeof configuration;
  readonly tasks?: Readonly<Record<string, readonly TasksOfRevision[]>>;
  readonly inputs?: Readonly<Record<string, object | string>>;
};

const given = ({ reads = {}, configuration: settings = configuration, tasks = {}, inputs = {}, ...items }: Given = {}) => {
  const table = givenTable(items);
  const run = query({
    stack,
    reads: {
      configuration: settings,
      machines: stack.machines,
      registry,
      history: table.recordHistory,
      pending: table.pendingRecords,
      states: table.states,
      stateBatch: table.stateBatch,
      watch: table.watch,
      passed: table.passed,
      executions: { describe: async () => ({ isRunning: true, endedAt: undefined, status: 'RUNNING' }) },
      starts: {
        of: async (arn) => {
          const input = inputs[arn.split(':').at(-1) ?? ''];
          return input === undefined ? undefined : { startedAt, input: typeof input === 'string' ? input : JSON.stringify(input) };
        },
      },
      images: { pushed: async (_, { digest: asked }) => ({ digest: asked ?? digest, pushedAt: startedAt }) },
      services: {
        describe: async (names) =>
          new Map(names.map((name) => [name, { taskDefinition: revisionArn(8), tasks: tasks[name] ?? [] } as unknown as ServiceInBatch])),
      },
      tasks: { of: async () => [] },
      taskDefinitions: { describe: async () => ({ definition: {}, tags: [] }) },
      logs: { tail: async () => [] },
      ...reads,
    },
    plan: {} as PlanDeps,
    now: () => new Date(later),
  });
  const ask = async <Query extends QueryName>(name: Query, question: object = {}) =>
    answerTo(name, await run({ query: name, ...question }));
  const refused = async (question: unknown) => errorIn(await run(question));
  return { table, run, ask, refused };
};

const web = 'production/web';
const deploymentAt = (time: string, changes: Partial<DeploymentRecord> = {}) => {
  const { service, execution: its } = deploymentRecord(changes);
  return [deploymentName(service, time, its), deploymentRecord({ startedAt: time, ...changes })] as const;
};
const releaseAt = (time: string, changes: Partial<ReleaseRecord> = {}) => {
  const { repository, execution: its } = releaseRecord(changes);
  return [releaseName(repository, time, its), releaseRecord({ startedAt: time, ...changes })] as const;
};
const records = (...all: readonly (readonly [RecordName, DeploymentRecord | ReleaseRecord])[]) => ({ records: Object.fromEntries(all) });
const at = (minute: number) => `2026-11-23T11:0${minute}:00.000Z`;
const numbered = (arn: string, number: number) => `${arn}-${number}`;
const done = { endedAt: later, result: resultWith('SUCCEEDED') };

describe('progress', () => {
  test('is what is in progress, the newest first, and no service is read', async () => {
    const [first, second] = [1, 2].map((minute) =>
      deploymentAt(at(minute), {
        execution: numbered(execution, minute),
        pending: 'yes',
        revision: revisionArn(8),
        updateRequestedAt: at(2),
      }),
    );
    const ended = deploymentAt(at(3), { execution: numbered(execution, 3), pending: 'yes', ...done });
    const { ask } = given({
      ...records(first!, second!, ended, releaseAt(at(1), { pending: 'yes' })),
      reads: { stateBatch: { of: () => Promise.reject(new Error('not asked')) } },
    });

    const { releases, deployments, unreadable } = await ask('progress');

    expect(releases).toHaveLength(1);
    expect(deployments.map(({ id, phase, revision }) => [id, phase, revision])).toEqual([
      ['one-2', 'rollingOut', 'web:8'],
      ['one-1', 'rollingOut', 'web:8'],
    ]);
    expect(unreadable).toBeUndefined();
  });

  test('a record of another version is named, and the rest is answered', async () => {
    const { ask, table } = given(records(deploymentAt(at(1), { pending: 'yes' })));
    await table.table.putOnce({ pk: `service#${web}`, sk: `deployment#${at(2)}#x`, schema: 1, pending: 'yes' });

    expect(await ask('progress')).toMatchObject({ deployments: [{ id: 'one' }], unreadable: [expect.stringContaining('schema is 1')] });
  });
});

describe('status', () => {
  const [name, open] = deploymentAt(at(2), { pending: 'yes', revision: revisionArn(8), updateRequestedAt: at(2) });

  test('every service once: what holds the lease, what waits for it, what ended last, and what its sources had', async () => {
    const source = {
      lastDeployed: { digest: otherDigest, tag: 'main-6', pushedAt: at(0) },
      quarantine: [{ digest, reason: 'CRASHED', at: at(1) }],
    };
    const state = stateOf(source, {
      lease: lease({ record: name }),
      queued: { 'my-learn-app': queueEntry({ execution: numbered(execution, 2), since: at(3), token: 'secret' }) },
      hold: { at: at(1), by: 'ada' },
    });
    const { ask } = given({
      ...records([name, open], deploymentAt(at(1), { execution: numbered(execution, 1), ...done })),
      states: { [web]: state, '*': { hold: { at: at(0), until: at(1) } } },
    });

    const { services, ...status } = await ask('status');

    expect(services.map(({ service }) => service)).toEqual(['staging/web', web, 'production/worker']);
    expect(services[1]).toEqual({
      service: web,
      sources: [{ repository: 'my-learn-app', ...source }],
      hold: { at: at(1), by: 'ada' },
      current: expect.objectContaining({ name, phase: 'rollingOut' }),
      leaseSince: lease({ record: name }).since,
      queued: [{ id: 'one-2', since: at(3), repository: 'my-learn-app' }],
      last: expect.objectContaining({ id: 'one-1', result: done.result }),
    });
    // Its time is over.
    expect(status).not.toHaveProperty('holdOfAll');
  });

  test('of some services, without what ended last; what a source was proved to run, the newest first', async () => {
    const good = (number: number, repository = 'my-learn-app') => ({
      repository,
      digest: otherDigest,
      tag: `main-${number}`,
      pushedAt: at(0),
      revision: revisionArn(number),
      at: at(number),
    });
    const { ask } = given({
      ...records(deploymentAt(at(1), { execution: numbered(execution, 1), ...done })),
      states: { [web]: { knownGood: [good(6), good(7), good(8, 'other')] } },
    });

    const { services } = await ask('status', { services: [web, web, 'staging/web'], last: false });

    expect(services.map(({ service, last }) => [service, last])).toEqual([
      [web, undefined],
      ['staging/web', undefined],
    ]);
    expect(services[0]?.sources[0]?.knownGood?.map(({ tag, revision }) => [tag, revision])).toEqual([
      ['main-7', 'web:7'],
      ['main-6', 'web:6'],
    ]);
    expect((await ask('status', { services: [web] })).services[0]).toMatchObject({ last: { id: 'one-1' } });
  });

  test('of two hundred services, each with all that its item keeps, has room in an answer of Lambda', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `production/a-service-with-a-rather-long-name-${index}`);
    const many = parseConfiguration(
      `repositories: {my-learn-app: {tags: ["main-*"], stages: [{name: production, services: [${names}]}]}}`,
      'slipway.yml',
    );
    const ofSource = {
      'lastDeployed#my-learn-app': { digest, tag: 'main-7', pushedAt: at(0) },
      'quarantine#my-learn-app': Array.from({ length: 50 }, () => ({ digest, reason: 'CRASHED', at: at(1) })),
      knownGood: Array.from({ length: 10 }, () => good({ digest })),
    };
    const ended = deploymentRecord({ ...done, result: resultWith('SUCCEEDED', { message: 'x'.repeat(2000) }) });
    let read = 0;
    const { run } = given({
      configuration: many,
      reads: {
        stateBatch: { of: async (services) => new Map(services.flatMap((one) => (one === '*' ? [] : [[one, ofSource]]))) },
        history: {
          newestFirst: async function* (of: HistoryOf) {
            read++;
            yield { ...ended, schema: 2, pk: `service#${'service' in of ? of.service : ''}`, sk: `deployment#${at(1)}#one` } as Key;
          },
        } as unknown as Reads['history'],
      },
    });

    const whole = await run({ query: 'status' });
    const readOfWhole = read;
    const withoutLast = await run({ query: 'status', last: false });

    expect(answerTo('status', whole).services).toHaveLength(200);
    // 6 MB (Lambda Developer Guide, "Lambda quotas").
    expect(JSON.stringify(whole).length).toBeLessThan(6 * 1024 ** 2 * 0.75);
    expect([readOfWhole, read]).toEqual([200, 200]);
    expect(answerTo('status', withoutLast).services).toHaveLength(200);
  });

  test('one of some services that slipway.yml does not name is refused', async () => {
    expect(await given().refused({ query: 'status', services: [web, 'production/wbe'] })).toMatchObject({
      code: 'NOT_CONFIGURED',
      suggestion: web,
    });
  });

  test('an item that cannot be read says so, and the rest is answered', async () => {
    const { ask, table } = given({ states: { 'production/worker': { hold: { at: at(1) } } } });
    await table.table.putOnce({ pk: `service#${web}`, sk: 'state', schema: 1 });
    await table.table.putOnce({ pk: 'service#*', sk: 'state', schema: 1 });

    const { services } = await ask('status');

    expect(services.map(({ service, unreadable }) => [service, unreadable?.includes('schema is 1')])).toEqual([
      ['*', true],
      ['staging/web', undefined],
      [web, true],
      ['production/worker', undefined],
    ]);
  });

  test('a service that was taken out of slipway.yml is there until its deployment has ended', async () => {
    const [removed, record] = deploymentAt(at(2), { service: 'production/old', pending: 'yes' });
    const { ask } = given(records([removed, record]));
    const ended = given(records([removed, { ...record, ...done }]));

    expect((await ask('status')).services.map(({ service }) => service)).toContain('production/old');
    expect((await ask('status', { service: 'production/old' })).services).toHaveLength(1);
    expect(await ended.refused({ query: 'status', service: 'production/old' })).toMatchObject({ code: 'NOT_CONFIGURED' });
    expect(await ended.ask('history', { service: 'production/old' })).toMatchObject({ deployments: [{ name: removed }] });
  });

  test('releases in progress, the newest first, and which one waits before a stage', async () => {
    const waiting = { stage: 'production', for: 'approval', since: at(2), until: later } as const;
    const { ask } = given(
      records(
        releaseAt(at(1), { pending: 'yes', stage: 'production', begun: 'staging', waiting }),
        releaseAt(at(2), { execution: numbered(releaseExecution, 2), pending: 'yes' }),
        // Ended, and not yet reported.
        releaseAt(at(3), { execution: numbered(releaseExecution, 3), pending: 'yes', ...done }),
      ),
    );

    const [repository] = (await ask('status', { repository: 'my-learn-app' })).repositories;

    expect(repository?.releases.map(({ id }) => id)).toEqual(['push-1-2', 'push-1']);
    expect(repository?.stages[1]).toMatchObject({ name: 'production', waiting: { ...waiting, image: { digest } } });
  });

  test.each([
    ['repository', 'my-learn-ap', 'my-learn-app'],
    ['service', 'production/wbe', web],
  ])('a %s that is almost right is named', async (key, value, suggestion) => {
    expect(await given().refused({ query: 'status', [key]: value })).toMatchObject({ code: 'NOT_CONFIGURED', suggestion });
  });
});

describe('history', () => {
  const all = [1, 2, 3, 4, 5].map((n) => deploymentAt(at(n), { execution: numbered(execution, n), ...done }));

  test('in parts that join without a gap, the newest first, to an end', async () => {
    const { ask } = given(records(...all));
    const ids: string[] = [];
    let next: string | undefined;
    do {
      const page = await ask('history', { service: web, limit: 2, ...(next !== undefined && { next }) });
      ids.push(...('deployments' in page ? page.deployments.map(({ id }) => id) : []));
      next = page.next;
    } while (next !== undefined);

    expect(ids).toEqual(['one-5', 'one-4', 'one-3', 'one-2', 'one-1']);
  });

  test('a record of another version is left out, and named', async () => {
    const { ask, table, refused } = given(records(...all));
    await table.table.putOnce({ pk: `service#${web}`, sk: `deployment#${at(6)}#old`, schema: 1 });

    expect(await ask('history', { service: web, limit: 2 })).toMatchObject({
      deployments: [{ id: 'one-5' }],
      unreadable: [expect.stringContaining('schema is 1')],
    });
    expect(await refused({ query: 'deployment', deployment: `service#${web} deployment#${at(6)}#old` })).toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining('schema is 1'),
    });
  });

  test.each(['abc', Buffer.from('state').toString('base64url')])('"next" %s is of no answer', async (next) => {
    expect(await given(records(...all)).refused({ query: 'history', service: web, next })).toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('of a repository without releases it is empty; of one that is unknown there is none', async () => {
    expect(await given().ask('history', { repository: 'my-learn-app' })).toMatchObject({ releases: [] });
    expect(await given().refused({ query: 'history', repository: 'other' })).toMatchObject({ code: 'NOT_CONFIGURED' });
  });
});

describe('a deployment', () => {
  const [name, record] = deploymentAt(startedAt, { revision: revisionArn(8), updateRequestedAt: startedAt, evidence: crashes });

  test.each<[string, string, object | string]>([
    ['the name of its record', name, {}],
    ['the name of its execution', 'one', { service: web }],
    ['the ARN of its execution', execution, { service: web }],
    ['an execution that resumed it', 'two', { resume: name }],
  ])('by %s', async (_, deployment, input) => {
    const { ask } = given({ ...records([name, record]), inputs: { one: input, two: input } });
    expect((await ask('deployment', { deployment })).deployment.name).toBe(name);
  });

  test.each<[string, string, object | string]>([
    ['a name that nothing has', 'three', {}],
    ['one that opened no record', 'one', { service: 'production/worker' }],
    ['an input that is no object', 'one', '"text"'],
    ['an input that is null', 'one', 'null'],
    ['an input that is no JSON', 'one', '{'],
    ['an execution of another machine', releaseExecution, { service: web }],
    ['one of another account', execution.replace('123456789012', '210987654321'), { service: web }],
    ['the record of a release', 'repository#my-learn-app release#1', {}],
    ['a text with a space', 'a b', { service: web }],
    ['another item of the table', `service#${web} state`, {}],
  ])('%s is none', async (_, deployment, input) => {
    const { refused } = given({ ...records([name, record]), states: { [web]: {} }, inputs: { one: input } });
    expect(await refused({ query: 'deployment', deployment })).toMatchObject({ code: 'NOT_FOUND' });
  });

  const tasks = [
    { taskDefinition: revisionArn(8), desired: 3, running: 1, pending: 2 },
    { taskDefinition: revisionArn(7), desired: 3, running: 2, pending: 0 },
  ];
  const rollback = { since: startedAt, sentAt: startedAt, method: 'stop', reason: 'CRASHED', message: 'x' } as const;

  test.each<[string, Partial<DeploymentRecord> & { readonly isBeforeUpdate?: true }, object | undefined]>([
    ['of the new revision while it rolls out', {}, { desired: 3, running: 1, pending: 2, failed: 5 }],
    ['of the one before while it goes back', { rollback }, { desired: 3, running: 2, pending: 0, failed: 5 }],
    ['of another one, if it goes back to that', { rollback, rollbackTarget: revisionArn(5) }, undefined],
    ['none after its end', { rollback, ...done }, undefined],
    ['none before the update', { isBeforeUpdate: true }, undefined],
  ])('has the counts of tasks %s', async (_, { isBeforeUpdate, ...changes }, progress) => {
    const watched = {
      record: name,
      execution,
      fencingToken: 1,
      news: 0,
      seen: 0,
      failed: new Set(['1', '2', '3', '4', '5']),
    };
    const { updateRequestedAt: _at, ...rest } = { ...record, previousRevision: revisionArn(7), ...changes };
    const one = { ...rest, ...(!isBeforeUpdate && { updateRequestedAt: startedAt }) };
    const { ask } = given({ ...records([name, one]), watched: { [web]: watched }, tasks: { [web]: tasks } });

    expect((await ask('deployment', { deployment: name })).deployment.progress).toEqual(progress);
  });

  test('is shown without them if ECS refuses to say them', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    const { ask } = given({ ...records([name, record]), reads: { services: { describe: () => Promise.reject(denied) } } });
    expect((await ask('deployment', { deployment: name })).deployment).toMatchObject({ phase: 'rollingOut', failures: crashes.groups });
  });

  test('whose execution was aborted says that the sweep comes', async () => {
    const executions = { describe: async () => ({ isRunning: false, endedAt: undefined, status: 'ABORTED' }) };
    const { ask } = given({ ...records([name, record]), reads: { executions } });
    expect((await ask('deployment', { deployment: name })).deployment).toMatchObject({
      phase: 'rollingOut',
      warnings: [expect.stringContaining('ABORTED')],
    });
  });
});

describe('a release of an image', () => {
  const [first, release] = releaseAt(startedAt, { begun: 'staging', pushedAt: startedAt });
  const asked = { repository: 'my-learn-app', tag: 'main-7' };

  test('without one yet: what the tag names, and what the policy says of it', async () => {
    expect(await given().ask('release', asked)).toMatchObject({
      image: { ...asked, digest, pushedAt: startedAt },
      explain: [{ isDeployed: true }, { isDeployed: true }, { isDeployed: true }],
    });
    const unmatched = await given().ask('release', { ...asked, tag: 'feature-1' });
    expect(unmatched.explain?.map(({ code }) => code)).toEqual(['TAG_NOT_MATCHED', 'TAG_NOT_MATCHED', 'TAG_NOT_MATCHED']);
  });

  test('of a tag that does not exist there is none, though others were released', async () => {
    const { ask } = given({ ...records([first, release]), reads: { images: { pushed: async () => undefined } } });
    const answer = await ask('release', asked);
    expect(Object.keys(answer)).toEqual(['api', 'at', 'stack', 'explain']);
    // One by its digest is there also after ECR has deleted the image.
    expect((await ask('release', { repository: 'my-learn-app', digest })).release?.name).toBe(first);
  });

  test('with a digest that the tag does not name any more: that of the digest, and what the tag names now', async () => {
    const images = {
      pushed: async (_: string, { tag }: { readonly tag?: string | undefined }) => ({
        digest: tag ? otherDigest : digest,
        pushedAt: startedAt,
      }),
    };
    const { ask } = given({ ...records([first, release]), reads: { images } });

    expect(await ask('release', { ...asked, digest })).toMatchObject({ release: { name: first }, image: { digest: otherDigest } });
    expect(await ask('release', asked)).not.toHaveProperty('release');
  });

  test('a duplicate names the release that stands for it, and so does a duplicate of a duplicate', async () => {
    const duplicate = (n: number, other: string) =>
      releaseAt(later, {
        execution: numbered(releaseExecution, n),
        pushedAt: startedAt,
        endedAt: later,
        result: resultWith('SKIPPED', { reason: 'DUPLICATE_RELEASE' }),
        other,
      });
    const second = duplicate(2, first);
    const third = duplicate(3, second[0]);
    const { ask } = given(records([first, release], second, third));

    expect(await ask('release', asked)).toMatchObject({ release: { id: 'push-1-3', other: second[0] }, other: { name: first } });
  });

  test('of an unknown repository is refused', async () => {
    expect(await given().refused({ query: 'release', ...asked, repository: 'my-learn-apps' })).toMatchObject({
      code: 'NOT_CONFIGURED',
      suggestion: 'my-learn-app',
    });
  });
});

describe('explain', () => {
  const asked = { repository: 'my-learn-app', tag: 'main-7' };
  const deployed = stateOf({ lastDeployed: { digest, pushedAt: startedAt } });
  const codes = async (states: Given['states'], more: object = {}) =>
    (await given({ states: states ?? {} }).ask('explain', { ...asked, ...more })).explain.map(({ code }) => code);

  test('says that a service runs the image only while it is on the revision that Slipway left it on', async () => {
    expect(await codes({ 'staging/web': { ...deployed, expectedRevisions: [revisionArn(8)] } })).toEqual([
      'ALREADY_RUNNING',
      'DEPLOYED',
      'DEPLOYED',
    ]);
    expect(await codes({ 'staging/web': { ...deployed, expectedRevisions: [revisionArn(5)] } })).toEqual([
      'DEPLOYED',
      'DEPLOYED',
      'DEPLOYED',
    ]);
  });

  test('a hold stops a push, and no start by hand', async () => {
    const held = { '*': { hold: { at: startedAt } } };
    expect((await codes(held))[0]).toBe('ON_HOLD');
    expect((await codes(held, { byHand: true }))[0]).toBe('DEPLOYED');
  });

  test('is refused while the item of a service cannot be read, with what to do', async () => {
    const { refused, table } = given();
    await table.table.putOnce({ pk: `service#${web}`, sk: 'state', schema: 1 });
    expect(await refused({ query: 'explain', ...asked })).toMatchObject({ code: 'UNREADABLE', message: expect.stringContaining(web) });
  });

  test('of an image that does not exist it says what slipway.yml says', async () => {
    const { ask } = given({ reads: { images: { pushed: async () => undefined } }, states: { '*': { hold: { at: startedAt } } } });
    const answer = await ask('explain', asked);
    expect(answer).not.toHaveProperty('image');
    expect(answer.explain[0]?.code).toBe('DEPLOYED');
  });
});

describe('log', () => {
  const container = (name: string, options: object | undefined) => ({
    name,
    ...(options && { logConfiguration: { logDriver: 'awslogs', options } }),
  });
  const definition = {
    containerDefinitions: [
      container('app', { 'awslogs-group': '/ecs/app', 'awslogs-stream-prefix': 'app' }),
      container('silent', { 'awslogs-group': '/ecs/silent', 'awslogs-stream-prefix': 'silent' }),
      container('proxy', undefined),
    ],
  };
  const task = { id: 'abc', taskDefinition: revisionArn(8), isStopped: true, lastStatus: 'STOPPED', createdAt: 1 };
  const reads: Partial<Reads> = {
    tasks: { of: async () => [task, task, task, task] },
    taskDefinitions: { describe: async () => ({ definition: definition as never, tags: [] }) },
    logs: {
      tail: async ({ container: name }) => {
        if (name === 'silent') throw Object.assign(new Error('no stream'), { name: 'ResourceNotFoundException' });
        return ['password=hunter2', 'x'.repeat(10_000)];
      },
    },
  };

  test('of the newest three tasks, redacted and cut, and why others have none', async () => {
    const { logs } = await given({ reads }).ask('log', { service: web });

    expect(logs).toHaveLength(9);
    expect(logs.slice(0, 3)).toMatchObject([
      { container: 'app', task: 'abc', isStopped: true, lines: ['password=***', expect.any(String)] },
      { container: 'silent', lines: [], unread: 'it wrote nothing' },
      { container: 'proxy', lines: [], unread: 'it has no log driver' },
    ]);
    expect(logs[0]?.lines[1]?.length).toBeLessThanOrEqual(500);
  });

  test('of a service that ECS does not have', async () => {
    const { refused } = given({ reads: { tasks: { of: async () => undefined } } });
    expect(await refused({ query: 'log', service: web })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('what AWS throttles is answered as that; another error is one of the function', async () => {
  const failing = (error: Error) => given({ reads: { pending: { names: () => Promise.reject(error) } } });

  for (const error of [new TransientAwsError('slow'), Object.assign(new Error('slow'), { name: 'ThrottlingException' })])
    expect(await failing(error).refused({ query: 'status' })).toMatchObject({ code: 'THROTTLED' });
  await expect(failing(new Error('bug')).run({ query: 'status' })).rejects.toThrow('bug');
});

test('no answer has a secret: tokens, environments, overrides, keys, and members of a record that no view lists', async () => {
  const secret = 'SECRET-7f3a';
  const overrides = { containerOverrides: [{ name: 'app', command: [secret], environment: [{ name: 'A', value: secret }] }] };
  const [name, record] = deploymentAt(startedAt, {
    pending: 'yes',
    release: releaseAt(startedAt)[0],
    revision: revisionArn(8),
    updateRequestedAt: startedAt,
    beforeTask: {
      since: startedAt,
      timeoutSeconds: 60,
      container: 'app',
      command: ['npm', 'run', 'migrate'],
      attempt: 1,
      requestedAt: startedAt,
      request: { cluster: 'production', taskDefinition: revisionArn(8), startedBy: 'x', overrides },
    },
    ...({ token: secret, environment: { A: secret } } as object),
  });
  const release = releaseAt(startedAt, {
    pending: 'yes',
    begun: 'production',
    stage: 'production',
    stages: [{ name: 'production', deployments: [{ service: web, name: 'one' }] }],
    approvals: [{ stage: 'production', at: startedAt, ...({ token: secret } as object) }],
    ...({ token: secret } as object),
  });
  const withEnvironment = structuredClone(configuration);
  const [, production] = withEnvironment.repositories['my-learn-app']?.stages ?? [];
  const before = { like: web, command: ['npm'], environment: { A: secret }, timeoutSeconds: 60 };
  Object.assign(production?.services[0] ?? {}, { before });
  Object.assign(production ?? {}, { before });
  Object.assign(withEnvironment, { passRoles: [secret], stack: { keys: { table: secret } } });
  const queued = queueEntry({
    execution: numbered(execution, 2),
    token: secret,
    priority: { ...priority(), ...({ token: secret } as object) },
  });
  const watched = { record: name, execution, fencingToken: 1, news: 0, seen: 0, token: secret };
  const { run, table } = given({
    configuration: withEnvironment,
    ...records([name, record], release),
    states: {
      [web]: stateOf(
        { withheld: { digest, pushedAt: startedAt, release: '', hold: { at: startedAt } } },
        { lease: lease({ record: name }), queued: { 'my-learn-app': queued } },
      ),
    },
    watched: { [web]: watched },
    inputs: { one: { service: web, token: secret } },
  });
  await table.table.putOnce({ pk: 'repository#my-learn-app', sk: 'gate#production', schema: 2, token: secret });

  const questions = [
    { query: 'installation' },
    { query: 'status' },
    { query: 'progress' },
    { query: 'history', service: web },
    { query: 'history', repository: 'my-learn-app' },
    { query: 'release', release: release[0] },
    { query: 'release', repository: 'my-learn-app', tag: image.tag },
    { query: 'deployment', deployment: 'one' },
    { query: 'explain', repository: 'my-learn-app', tag: image.tag },
  ];
  for (const question of questions) {
    const answer = await run(question);
    expect(answer).not.toHaveProperty('error');
    expect(answerTo(question.query as QueryName, answer)).toBeTruthy();
    expect(JSON.stringify(answer)).not.toContain(secret);
  }
});
