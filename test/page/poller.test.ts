import { CommandError } from '../../cli/command-error.js';
import type { PageEvent } from '../../page/api.js';
import { revisionArn } from '../core/given.js';
import { at, counts, deployment, ended, givenPoller, release, service, web } from './given-stack.js';

const hour = 3_600_000;
const minute = 60_000;
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `production/service-${index}`);

/** So many services move, each by a deployment of its own. */
const move = ({ stack }: ReturnType<typeof givenPoller>, services: readonly string[]): void => {
  const deployments = services.map((name) => deployment({ service: name, id: `of-${name}` }));
  stack.progress = { releases: [release()], deployments };
  for (const one of deployments) stack.services.set(one.service, service(one.service, { current: one }));
  stack.counts = () =>
    counts({
      revision: revisionArn(8),
      tasks: [
        { taskDefinition: revisionArn(8), running: 1, pending: 1 },
        { taskDefinition: revisionArn(7), running: 2, pending: 0 },
      ],
    });
};

describe('reads of an hour', () => {
  test('nothing is read without a page', async () => {
    const given = givenPoller();

    await given.advance(hour);

    expect(given.calls).toEqual([]);
  });

  test('idle: what is in progress every ten seconds, services every minute', async () => {
    const { poller, advance, count } = givenPoller();

    poller.connect();
    await advance(hour);

    expect(count('progress')).toBe(361);
    expect(count('status')).toBe(361);
    expect(count('counts')).toBe(61);
    expect(count('lostMessages')).toBe(3 * 61);
    expect(count('installation')).toBe(13);
    expect(count('tasks', 'deployments')).toBe(0);
  });

  test('eight that move: what is in progress every two seconds, their services and tasks every five', async () => {
    const services = names(8);
    const given = givenPoller({ services });
    move(given, services);

    given.poller.connect();
    await given.advance(10 * minute);

    expect(given.count('progress')).toBe(301);
    // One call has ten services.
    expect(given.count('counts')).toBeGreaterThan(115);
    expect(given.count('counts')).toBeLessThanOrEqual(122);
    // Of eight services four calls each, which the budget spreads over eight seconds.
    expect(given.count('tasks') / 600).toBeGreaterThan(2);
    expect(given.busiest('tasks')).toBeLessThanOrEqual(4);
    expect(given.busiest('counts')).toBeLessThanOrEqual(4);
  });

  test('two hundred services, eight of them moving: four reads a second at most of each bucket', async () => {
    const services = names(200);
    const given = givenPoller({ services });
    move(given, services.slice(0, 20));

    given.poller.connect();
    await given.advance(2 * minute);

    expect(given.busiest('counts')).toBeLessThanOrEqual(4);
    expect(given.busiest('tasks')).toBeLessThanOrEqual(4);
    // Each service twice, twenty calls each time.
    expect(given.count('counts')).toBeGreaterThanOrEqual(40);
    expect(new Set((await given.poller.overview()).services.map(({ tasks }) => tasks !== undefined))).toEqual(new Set([true]));
  });

  test('two pages cost what one does, and the last one that leaves ends the reads', async () => {
    const one = givenPoller();
    const two = givenPoller();

    one.poller.connect();
    const leave = [two.poller.connect(), two.poller.connect()];
    await Promise.all([one.advance(hour), two.advance(hour)]);

    expect(two.calls.length).toBe(one.calls.length);
    leave[0]?.();
    leave[0]?.();
    await two.advance(minute);
    expect(two.calls.length).toBeGreaterThan(one.calls.length);
    leave[1]?.();
    const before = two.calls.length;
    await two.advance(hour);
    expect(two.calls.length).toBe(before);
  });
});

describe('events', () => {
  const listening = (given: ReturnType<typeof givenPoller>): PageEvent[] => {
    const events: PageEvent[] = [];
    given.poller.listen((event) => events.push(event));
    return events;
  };

  test('nothing that is the same is sent', async () => {
    const given = givenPoller();
    given.poller.connect();
    await given.advance(minute);
    const events = listening(given);

    await given.advance(10 * minute);

    expect(events).toEqual([]);
  });

  test('a deployment begins, moves and ends: its row alone, and that its record was begun and has ended', async () => {
    const given = givenPoller({ services: [web, 'production/worker'] });
    given.poller.connect();
    await given.advance(minute);
    const events = listening(given);

    move(given, [web]);
    await given.advance(30_000);
    const moving = events.splice(0);
    const last = ended('SUCCEEDED', { id: `of-${web}`, revision: 'web:8' });
    given.stack.progress = { releases: [], deployments: [] };
    given.stack.services.set(web, service(web, { last }));
    await given.advance(30_000);

    const rows = moving.flatMap((event) => (event.type === 'service' ? [event.data] : []));
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set([web]));
    expect(rows.at(-1)).toMatchObject({ state: { kind: 'rollingOut', of: 2 }, current: `of-${web}`, target: { tag: 'main-8' } });
    expect(moving).toContainEqual({ type: 'record', data: { id: `of-${web}`, kind: 'deployment' } });
    expect(moving).toContainEqual({ type: 'record', data: { id: 'push-1', kind: 'release' } });
    expect(events).toContainEqual({ type: 'record', data: { id: `of-${web}`, kind: 'deployment', outcome: 'SUCCEEDED' } });
    expect(events).toContainEqual({ type: 'releases', data: [] });
    const [row] = (await given.poller.overview()).services;
    expect(row).toMatchObject({ state: { kind: 'steady' }, last: `of-${web}` });
    expect(given.poller.samples(`of-${web}`).length).toBeGreaterThan(0);
  });

  test('what a page watches is said to have changed while it is in progress', async () => {
    const given = givenPoller();
    move(given, [web]);
    given.poller.connect({ view: 'release', repository: 'my-learn-app', id: 'push-1' });
    await given.advance(minute);
    const events = listening(given);

    await given.advance(minute);

    expect(events.filter(({ type }) => type === 'release').length).toBe(12);
    expect(events.filter(({ type }) => type === 'deployment')).toEqual([]);
  });

  test('on the emulator its log says when, and once for changes close together', async () => {
    const given = givenPoller({ mode: 'emulator' });
    given.poller.connect();
    await given.advance(hour);
    const before = given.count('progress');

    for (let change = 0; change < 10; change++) given.poller.refresh();
    await given.advance(199);
    const waiting = given.count('progress');
    await given.advance(1);

    expect([before, waiting, given.count('progress')]).toEqual([1, 1, 2]);
  });
});

describe('a stack that does not answer', () => {
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  const expired = new CommandError('expired', { code: 'EXPIRED_CREDENTIALS' });

  test('one permission that is missing: its panel says it, the rest goes on, and it is over once it is given', async () => {
    const given = givenPoller();
    given.stack.failing = { read: 'lostMessages', error: denied };
    given.poller.connect();
    await given.advance(minute);

    const { problems, services } = await given.poller.overview();
    given.stack.failing = undefined;
    await given.advance(2 * minute);

    expect(problems).toEqual([
      expect.objectContaining({ of: 'lostMessages', reason: 'ACCESS_DENIED', permission: 'sqs:GetQueueAttributes' }),
    ]);
    expect(services).toHaveLength(1);
    expect((await given.poller.overview()).problems).toEqual([]);
  });

  test('throttled, it is asked more and more slowly', async () => {
    const given = givenPoller();
    move(given, [web]);
    given.poller.connect();
    await given.advance(minute);
    const before = given.count('progress');

    given.stack.failing = { read: 'progress', error: new CommandError('slow', { code: 'THROTTLED' }) };
    await given.advance(10 * minute);

    // 2, 4, 8, 16, 32 and then every 60 s.
    expect(given.count('progress') - before).toBeLessThan(17);
    expect((await given.poller.overview()).problems).toMatchObject([{ of: 'stack', reason: 'THROTTLED' }]);
  });

  test('expired credentials: what was known is answered, with the command that renews them; then all is read again', async () => {
    const given = givenPoller();
    given.poller.connect();
    await given.advance(minute);
    given.stack.failing = { read: '*', error: expired };
    await given.advance(10 * minute);
    const before = given.calls.length;
    await given.advance(10 * minute);
    const hourly = given.calls.length - before;

    const { problems, services } = await given.poller.overview();
    given.stack.failing = undefined;
    await given.advance(2 * minute);

    expect(problems).toContainEqual(
      expect.objectContaining({ of: 'stack', reason: 'CREDENTIALS_EXPIRED', command: 'aws sso login --profile prod' }),
    );
    expect(services).toHaveLength(1);
    expect(hourly).toBeLessThan(100);
    expect((await given.poller.overview()).problems).toEqual([]);
  });

  test('from the start: the first overview throws why', async () => {
    const given = givenPoller();
    given.stack.failing = { read: '*', error: expired };

    await expect(given.poller.overview()).rejects.toThrow(expired);
  });

  test('a read of a service that ended fails: the next one of all services makes up for it', async () => {
    const given = givenPoller();
    move(given, [web]);
    given.poller.connect();
    await given.advance(minute);
    given.stack.progress = { releases: [], deployments: [] };
    given.stack.services.set(web, service(web, { last: ended('ROLLBACK_FAILED') }));
    given.stack.failing = { read: 'status', error: new CommandError('slow', { code: 'THROTTLED' }) };
    await given.advance(5000);
    given.stack.failing = undefined;
    await given.advance(minute);

    expect((await given.poller.overview()).attention).toMatchObject([{ kind: 'failed', service: web, deployment: 'one' }]);
  });
});

test('a service that Slipway has not deployed shows what its task definition names, which is read once', async () => {
  const given = givenPoller();
  given.stack.services.set(web, service(web, { sources: [{ repository: 'my-learn-app', quarantine: [] }] }));
  given.stack.counts = () => counts({ since: at(3) });

  given.poller.connect();
  await given.advance(10 * minute);

  const { services, firstDay } = await given.poller.overview();
  expect(services).toMatchObject([
    { state: { kind: 'untouched' }, sources: [{ repository: 'my-learn-app', tag: 'main-1', digest: '' }], since: at(3) },
  ]);
  expect(firstDay).toBeDefined();
  expect(given.count('images')).toBe(1);
});

test('whether a service is in need is looked for behind deployments that changed nothing', async () => {
  const given = givenPoller();
  given.stack.services.set(web, service(web, { last: ended('SKIPPED', { id: 'two' }) }));
  given.stack.history = [ended('SKIPPED', { id: 'two' }), ended('ROLLBACK_FAILED'), ended('SUCCEEDED', { id: 'zero' })];

  given.poller.connect();
  await given.advance(2 * minute);

  const { services, attention } = await given.poller.overview();
  expect(services[0]).toMatchObject({ state: { kind: 'failed', since: at(5) }, last: 'two' });
  expect(attention).toMatchObject([{ kind: 'failed', deployment: 'one' }]);
  expect(given.count('deployments')).toBe(1);
});
