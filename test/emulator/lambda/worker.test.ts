import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { givenFunction } from './given-functions.js';

const folder = mkdtempSync(join(tmpdir(), 'worker-test-'));
const closers: (() => Promise<void>)[] = [];
let zips = 0;

const givenBundle = (files: Record<string, string>, spec: { handler?: string; timeoutSeconds?: number; endpoint?: string } = {}) => {
  const zipPath = join(folder, `${++zips}.zip`);
  writeFileSync(zipPath, zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))));
  const given = givenFunction({ zipPath, workDir: join(folder, 'unzipped'), environment: { GREETING: 'hello' }, ...spec });
  closers.push(() => given.lambda.close());
  return given;
};

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const handler = (body: string) => `export const handler = async (event, context) => { ${body} };`;

test.each([
  ['an .mjs file', { 'functions/greet.mjs': handler('return process.env.GREETING + event.name') }],
  ['a .js file of CommonJS', { 'functions/greet.js': 'exports.handler = async (event) => process.env.GREETING + event.name' }],
  ['a .cjs file', { 'functions/greet.cjs': 'exports.handler = async (event) => process.env.GREETING + event.name' }],
  [
    'a module that imports another',
    {
      'functions/greet.mjs': `import { greet } from '../greet.mjs'; ${handler('return greet(event)')}`,
      'greet.mjs': 'export const greet = ({ name }) => process.env.GREETING + name',
    },
  ],
])('the bundle runs from %s, and stays loaded', async (_, files) => {
  const { invoke, account } = givenBundle(files);

  expect(await invoke({ name: ' Ann' })).toEqual({ status: 'ok', payload: 'hello Ann' });
  expect(await invoke({ name: ' Ben' })).toEqual({ status: 'ok', payload: 'hello Ben' });
  expect(account.log.of('lambda', 'invoked').map(({ detail }) => detail.isCold)).toEqual([true, false]);
});

test("a bundle sees the emulator's endpoint, and no variable of the host", async () => {
  process.env.SECRET_OF_THE_MACHINE = 'x';
  const { invoke } = givenBundle({ 'functions/greet.mjs': handler('return process.env') }, { endpoint: 'http://127.0.0.1:4566' });

  const result = await invoke();

  expect(result).toMatchObject({ payload: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', LAMBDA_TASK_ROOT: expect.any(String) } });
  expect(Object.keys((result as { payload: object }).payload)).not.toContain('SECRET_OF_THE_MACHINE');
  expect(Object.keys((result as { payload: object }).payload)).not.toContain('PATH');
});

test('its clock shows virtual time', async () => {
  const { invoke, account } = givenBundle({
    'functions/greet.mjs': handler('return [new Date().toISOString(), Date.now(), new Date(0).getTime(), new Date() instanceof Date]'),
  });
  await account.clock.advance(90 * 86_400_000);
  const start = account.clock.date().getTime();

  const { payload } = (await invoke()) as { payload: [string, number, number, boolean] };

  const [text, ms, zero, isDate] = payload;
  for (const time of [Date.parse(text), ms]) expect(Math.abs(time - start)).toBeLessThan(60_000);
  expect([zero, isDate]).toEqual([0, true]);
});

test('the handler gets a context as in Lambda', async () => {
  const { invoke } = givenBundle({
    'functions/greet.mjs': handler('return { ...context, remaining: context.getRemainingTimeInMillis() }'),
  });

  expect(await invoke()).toEqual({
    status: 'ok',
    payload: {
      functionName: 'greet',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:greet',
      memoryLimitInMB: '256',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logGroupName: '/aws/lambda/greet',
      logStreamName: expect.stringContaining('[$LATEST]'),
      callbackWaitsForEmptyEventLoop: true,
      remaining: 20_000,
    },
  });
});

test.each([
  [
    'throws',
    { 'functions/greet.mjs': handler("throw Object.assign(new Error('no such order'), { name: 'OrderNotFound' })") },
    { errorType: 'OrderNotFound', errorMessage: 'no such order', trace: expect.arrayContaining(['OrderNotFound: no such order']) },
  ],
  [
    'answers what JSON cannot represent',
    { 'functions/greet.mjs': handler('const answer = {}; answer.self = answer; return answer') },
    { errorType: 'Error', errorMessage: 'Unable to stringify response body' },
  ],
  [
    'throws what JSON cannot represent',
    { 'functions/greet.mjs': handler('throw { count: 1n }') },
    { errorType: 'object', errorMessage: '[object Object]' },
  ],
  ['throws nothing', { 'functions/greet.mjs': handler('throw undefined') }, { errorType: 'string', errorMessage: 'handled' }],
  [
    'answers beside its handler, with what is not JSON',
    {
      'functions/greet.mjs': `import { parentPort } from 'node:worker_threads'; ${handler("parentPort.postMessage({ kind: 'ok', json: '{' })")}`,
    },
    { errorType: 'SyntaxError' },
  ],
  [
    'posts nothing to its thread',
    { 'functions/greet.mjs': `import { parentPort } from 'node:worker_threads'; ${handler('parentPort.postMessage(null)')}` },
    { errorType: 'TypeError' },
  ],
  ['ends its process', { 'functions/greet.mjs': handler('process.exit(3)') }, { errorType: 'Runtime.ExitError' }],
  ['is not there', { 'functions/other.mjs': '' }, { errorType: 'Runtime.ImportModuleError' }],
  ['exports no handler', { 'functions/greet.mjs': 'export const main = 1' }, { errorType: 'Runtime.HandlerNotFound' }],
  ['cannot be loaded', { 'functions/greet.mjs': "throw new TypeError('no table')" }, { errorType: 'TypeError', errorMessage: 'no table' }],
])('a bundle that %s is a failed invocation, and the next one is tried again', async (_, files, expected) => {
  const { invoke } = givenBundle(files);

  expect(await invoke()).toMatchObject({ status: 'error', ...expected });
  expect(await invoke()).toMatchObject({ status: 'error', ...expected });
});

test('a bundle in an endless loop is stopped at its time-out', async () => {
  const { invoke } = givenBundle({ 'functions/greet.mjs': handler('for (;;) {}') }, { timeoutSeconds: 1 });

  expect(await invoke()).toMatchObject({ errorType: 'Sandbox.Timedout' });
});

test("what a bundle prints is in the function's logs, between START and END", async () => {
  const { invoke, lines } = givenBundle({
    'functions/greet.mjs': handler("console.log('one\\ntwo'); process.stderr.write('three\\n'); return 1"),
  });

  await invoke();

  expect(lines.map(({ message }) => message.replace(/ .*/, ''))).toEqual(['START', 'one', 'two', 'three', 'END', 'REPORT']);
});

test('virtual time passes while a bundle waits for an answer over HTTP', async () => {
  const server = createServer(async (request, response) => {
    const { activity } = account.services.iam.callerOf(request.headers.authorization);
    await activity?.request(() => account.clock.sleep(10_000));
    response.end('answered');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { account, invoke } = givenBundle(
    {
      'functions/greet.mjs': handler(
        'return (await fetch(process.env.AWS_ENDPOINT_URL, { headers: { authorization: process.env.AWS_ACCESS_KEY_ID, connection: "close" } })).text()',
      ),
    },
    { endpoint },
  );
  const start = account.clock.now;

  expect(await invoke()).toEqual({ status: 'ok', payload: 'answered' });
  expect(account.clock.now - start).toBeGreaterThan(10_000);
});

test('a file that is no zip is refused when the function is created', () => {
  const zipPath = join(folder, 'no.zip');
  writeFileSync(zipPath, 'not a zip file');

  expect(() => givenFunction({ zipPath })).toThrow('Could not unzip uploaded file. Please check your file, then try to upload again.');
});
