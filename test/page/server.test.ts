import { createApp } from '../../page/server/app.js';
import { EventHub } from '../../page/server/events.js';
import { PageError } from '../../page/server/page-error.js';
import { Sessions } from '../../page/server/session.js';
import type { EmulatorControl, Source, Watched } from '../../page/server/source.js';

const host = '127.0.0.1:4567';
const origin = `http://${host}`;
const closingTag = '</script><img src=x onerror=alert(1)>';

const given = ({ emulator }: { readonly emulator?: EmulatorControl } = {}) => {
  let now = 0;
  const due: { readonly at: number; readonly run: () => void }[] = [];
  const hub = new EventHub({ setTimeout: (run, milliseconds) => due.push({ at: now + milliseconds, run }) });
  const sessions = new Sessions(() => now);
  const watched: (Watched | undefined)[] = [];
  const ran: unknown[][] = [];
  const reported: unknown[] = [];
  const source = {
    overview: async () => ({ stack: { stage: closingTag } }),
    connect: (view?: Watched) => {
      watched.push(view);
      return () => watched.push(undefined);
    },
    service: async (id: string) => ({ id }),
    release: async (repository: string, execution: string) => ({ repository, execution }),
    deployment: async () => {
      throw new PageError(404, { reason: 'NOT_FOUND', message: 'there is none', suggestions: [] });
    },
    history: async (query: object) => query,
    insights: async () => {
      throw new Error('a secret of the process');
    },
    run: async (...command: unknown[]) => {
      ran.push(command);
      return { message: 'started' };
    },
  } as unknown as Source;
  const app = createApp({
    source,
    hub,
    sessions,
    assets: [{ name: 'page.js', contents: Buffer.from('script') }],
    ...(emulator && { emulator }),
    origin: () => origin,
    command: 'slipway open',
    report: (error) => reported.push(error),
  });
  const advance = (milliseconds: number): void => {
    now += milliseconds;
    for (const { run } of due.filter(({ at }) => at <= now)) run();
    due.splice(0, due.length, ...due.filter(({ at }) => at > now));
  };
  const send = (path: string, { headers = {}, ...init }: { headers?: Record<string, string>; method?: string; body?: string } = {}) =>
    app.request(`${origin}${path}`, { ...init, headers: { Host: host, ...headers } });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { Origin: origin, 'Content-Type': 'application/json', ...headers },
    });
  const signedIn = async (): Promise<Record<string, string>> => {
    const answer = await post('/session', { token: sessions.issueToken() });
    return { Cookie: (answer.headers.get('Set-Cookie') ?? '').split(';')[0] ?? '' };
  };
  return { app, hub, sessions, send, post, signedIn, advance, watched, ran, reported };
};

const reasonOf = async (answer: Response) => [answer.status, ((await answer.json()) as { reason: string }).reason];

test('a token is good once, and for a minute', async () => {
  const { post, sessions, advance } = given();
  const token = sessions.issueToken();

  expect(await reasonOf(await post('/session', { token: `${token}x` }))).toEqual([401, 'TOKEN_REFUSED']);
  const answer = await post('/session', { token });
  expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([
    200,
    expect.stringMatching(/^slipway-4567=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
  ]);
  expect(await reasonOf(await post('/session', { token }))).toEqual([401, 'TOKEN_REFUSED']);
  for (const body of [{}, { token: 1 }, null]) expect(await reasonOf(await post('/session', body))).toEqual([401, 'TOKEN_REFUSED']);

  const late = sessions.issueToken();
  advance(60_001);
  expect(await reasonOf(await post('/session', { token: late }))).toEqual([401, 'TOKEN_REFUSED']);
});

test('the newest token alone is good', async () => {
  const { post, sessions } = given();
  const before = sessions.issueToken();
  const token = sessions.issueToken();

  expect((await post('/session', { token: before })).status).toBe(401);
  expect((await post('/session', { token })).status).toBe(200);
});

test('without a session nothing is read and nothing is done', async () => {
  const { send, post, ran } = given();

  for (const path of ['/api/overview', '/api/events', '/api/emulator', '/api/anything'])
    for (const Cookie of ['', 'slipway-4567=', 'slipway-4567=guess'])
      expect(await reasonOf(await send(path, { headers: { Cookie } }))).toEqual([401, 'NO_SESSION']);
  expect(await reasonOf(await post('/api/commands', { command: 'hold' }))).toEqual([401, 'NO_SESSION']);
  expect(ran).toEqual([]);
});

test.each([
  ['a foreign Host', { Host: 'evil.example:4567' }],
  ['a Host of another port', { Host: '127.0.0.1:80' }],
  ['another name of loopback', { Host: 'localhost:4567' }],
  ['a request of another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a foreign Origin', { Origin: 'https://evil.example' }],
  ['the Origin of a sandboxed frame', { Origin: 'null' }],
])('%s is refused', async (_title, headers) => {
  const { send, signedIn } = given();

  const answer = await send('/api/overview', { headers: { ...(await signedIn()), ...headers } });

  expect(await reasonOf(answer)).toEqual([403, 'FORBIDDEN']);
});

test.each([
  ['without an Origin', { Origin: '' }],
  ['of a foreign Origin', { Origin: 'http://127.0.0.1:80' }],
  ['of a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
  ['of plain text', { 'Content-Type': 'text/plain' }],
])('a POST %s is refused', async (_title, headers) => {
  const { post, signedIn, ran } = given();

  const answer = await post('/api/commands', { command: 'hold' }, { ...(await signedIn()), 'Idempotency-Key': '12345678', ...headers });

  expect(await reasonOf(answer)).toEqual([403, 'FORBIDDEN']);
  expect(ran).toEqual([]);
});

test('every answer may run no foreign script, is in no frame and in no cache', async () => {
  const { send, signedIn } = given();
  const headers = await signedIn();

  for (const path of ['/', '/overview', '/page.js', '/api/overview', '/api/none', '/nothing']) {
    const answer = await send(path, { headers });
    expect(answer.headers.get('Content-Security-Policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(answer.headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
  }
});

test('the first data are in the document of a session alone, and end no element', async () => {
  const { send, signedIn } = given();

  expect(await (await send('/overview')).text()).not.toContain('first-data');
  const document = await (await send('/overview', { headers: await signedIn() })).text();

  expect(document).not.toContain('<img');
  const [, json = ''] = /id="first-data">(.*?)<\/script>/.exec(document) ?? [];
  expect(JSON.parse(json)).toEqual({ stack: { stage: closingTag } });
});

test('every route of the page is a document, and an unknown one says so by its status', async () => {
  const { send } = given();

  for (const path of [
    '/',
    '/overview',
    '/history?service=a/b',
    '/insights',
    '/services/a/b',
    '/releases/team/app/id',
    '/deployments/a/b/id',
  ])
    expect((await send(path)).status).toBe(200);
  for (const path of ['/nothing', '/services/a', '/%E0%A4%A']) expect((await send(path)).status).toBe(404);
});

test('names in paths reach the source, and its errors the page', async () => {
  const { send, signedIn, reported } = given();
  const headers = await signedIn();

  expect(await (await send('/api/services/production/web', { headers })).json()).toEqual({ id: 'production/web' });
  expect(await (await send('/api/releases/team/app/run-1', { headers })).json()).toEqual({ repository: 'team/app', execution: 'run-1' });
  expect(await (await send('/api/history?service=a%2Fb&q=x', { headers })).json()).toEqual({ service: 'a/b', q: 'x' });
  expect(await reasonOf(await send('/api/deployments/a/b/c', { headers }))).toEqual([404, 'NOT_FOUND']);
  const failed = await send('/api/insights', { headers });
  expect([failed.status, await failed.text()]).toEqual([500, expect.not.stringContaining('secret')]);
  expect(reported).toEqual([new Error('a secret of the process')]);
});

test.each([
  ['/api/history?since=yesterday', 'since: expected a time'],
  ['/api/history?page=2', 'page'],
  ['/api/insights?months=13', 'months: expected a whole number from 1 to 12'],
  ['/api/images', 'repository: expected'],
  ['/api/preview?command=explode', 'command: expected one of deploy'],
])('%s is refused with what was expected', async (path, message) => {
  const { send, signedIn } = given();

  const answer = await send(path, { headers: await signedIn() });

  expect([answer.status, await answer.json()]).toEqual([422, { reason: 'INVALID_INPUT', message: expect.stringContaining(message) }]);
});

test('a command needs a key and known members', async () => {
  const { post, signedIn, ran } = given();
  const headers = await signedIn();
  const key = { 'Idempotency-Key': 'of-one-dialog' };
  const hold = { command: 'hold', service: 'production/web' };

  expect(await reasonOf(await post('/api/commands', hold, headers))).toEqual([422, 'INVALID_INPUT']);
  for (const body of ['{', [], { ...hold, other: 1 }, { ...hold, digest: 'latest' }, { ...hold, reason: 'x'.repeat(1001) }])
    expect(await reasonOf(await post('/api/commands', body, { ...headers, ...key }))).toEqual([422, 'INVALID_INPUT']);
  expect(await reasonOf(await post('/api/commands', { ...hold, reason: 'x'.repeat(70_000) }, { ...headers, ...key }))).toEqual([
    413,
    'INVALID_INPUT',
  ]);
  expect(ran).toEqual([]);

  expect((await post('/api/commands', hold, { ...headers, ...key })).status).toBe(202);
  expect(ran).toEqual([[hold, 'of-one-dialog']]);
});

test('in an account there is no emulator', async () => {
  const { send, post, signedIn } = given();
  const headers = await signedIn();

  expect(await reasonOf(await send('/api/emulator', { headers }))).toEqual([404, 'NOT_FOUND']);
  for (const path of ['images', 'clock', 'faults', 'reset'])
    expect(await reasonOf(await post(`/api/emulator/${path}`, {}, headers))).toEqual([404, 'NOT_FOUND']);
});

test('on the emulator a session needs no token, but the Origin of the page', async () => {
  const calls: unknown[] = [];
  const emulator = {
    state: () => ({ events: 1 }),
    push: async (image: unknown) => calls.push(image),
    setClock: async (change: unknown) => calls.push(change),
    inject: (fault: unknown) => calls.push(fault),
    removeFault: (kind: unknown) => calls.push(kind),
    reset: async () => calls.push('reset'),
  } as unknown as EmulatorControl;
  const { post } = given({ emulator });

  expect(await reasonOf(await post('/session', {}, { Origin: 'https://evil.example' }))).toEqual([403, 'FORBIDDEN']);
  const headers = { Cookie: ((await post('/session', {})).headers.get('Set-Cookie') ?? '').split(';')[0] ?? '' };
  const image = { repository: 'app', tag: 'main-2', behaviour: 'healthy' };
  const bodies: readonly (readonly [string, unknown])[] = [
    ['images', image],
    ['clock', { speed: 'max' }],
    ['clock', { step: true }],
    ['faults', { kind: 'throttleEcs', times: 20 }],
    ['faults', { kind: 'throttleEcs', times: 0 }],
    ['reset', {}],
  ];
  for (const [path, body] of bodies) expect((await post(`/api/emulator/${path}`, body, headers)).status).toBe(202);
  expect(calls).toEqual([image, { speed: 'max' }, { step: true }, { kind: 'throttleEcs', times: 20 }, 'throttleEcs', 'reset']);
  for (const [path, body] of [
    ['images', { ...image, behaviour: 'explodes' }],
    ['images', { ...image, tag: '-x' }],
    ['clock', { speed: -1 }],
    ['clock', {}],
    ['faults', { kind: 'fire', times: 1 }],
  ] as const)
    expect(await reasonOf(await post(`/api/emulator/${path}`, body, headers))).toEqual([422, 'INVALID_INPUT']);
});

const row = (id: string, revision: string) => ({ type: 'service' as const, data: { id, revision } as never });

test('of one service at most four messages a second are sent, and the newest wins', () => {
  const { hub, advance } = given();
  const seen: string[] = [];
  hub.listen(({ data }) => {
    const { id, revision } = data as unknown as { id: string; revision: string };
    seen.push(`${id} ${revision}`);
  });

  for (let time = 0; time < 1000; time += 50) {
    hub.publish(row('a', `${time}`));
    advance(50);
  }
  hub.publish(row('b', '1'));

  expect(seen).toEqual(['a 0', 'a 200', 'a 450', 'a 700', 'a 950', 'b 1']);
});

test('lines of the log are added up, and none is lost', () => {
  const { hub, advance } = given();
  const seen: string[][] = [];
  hub.listen((event) => {
    if (event.type === 'log') seen.push(event.data.map(({ text }) => text));
  });
  const lineOf = (text: string) => ({ type: 'log' as const, data: [{ number: 1, time: '', source: 'ecs', type: 'x', text }] });

  for (const text of ['1', '2', '3']) hub.publish(lineOf(text));
  advance(250);

  expect(seen).toEqual([['1'], ['3', '2']]);
});

test('a client that comes back gets what it has missed, or has to begin anew', () => {
  const { hub, advance } = given();
  const publish = (count: number): void => {
    for (let index = 0; index < count; index++) {
      hub.publish(row(`service-${index}`, '1'));
      advance(250);
    }
  };
  const atFirst = hub.lastId;
  publish(3);

  expect(hub.since(atFirst)).toHaveLength(3);
  expect(hub.since(hub.lastId)).toEqual([]);
  expect(hub.since('00000000-1')).toBeUndefined();
  for (const unknown of ['', 'x', `${hub.lastId}0`, atFirst.replace('-0', '--1')]) expect(hub.since(unknown)).toBeUndefined();
  publish(1000);
  expect(hub.since(atFirst)).toBeUndefined();
});

test('a stream begins with a snapshot, and watches what its page shows', async () => {
  const { send, signedIn, hub, watched } = given();

  const answer = await send('/api/events?view=%2Fdeployments%2Fproduction%2Fweb%2Frun-1', { headers: await signedIn() });
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const next = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
  const first = await next();
  hub.publish(row('a', '2'));
  const second = await next();
  await reader.cancel();
  await new Promise((resolve) => setImmediate(resolve));

  expect(answer.headers.get('Content-Type')).toContain('text/event-stream');
  expect(first).toContain('event: snapshot\n');
  expect(second).toBe(`event: service\ndata: {"id":"a","revision":"2"}\nid: ${hub.lastId}\n\n`);
  expect(watched).toEqual([{ view: 'deployment', service: 'production/web', id: 'run-1' }, undefined]);
});
