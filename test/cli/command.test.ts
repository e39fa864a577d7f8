import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, type Emulator } from '../../emulator/emulator.js';
import { builtPackage, onTerminal, reaching, runCommand } from '../support/terminal.js';

const region = 'us-east-1';

let emulator: Emulator;
let env: Record<string, string>;
let stop: () => Promise<void>;
let answer: (event: unknown) => unknown;
beforeAll(async () => {
  emulator = createEmulator({ region });
  const { url } = await emulator.listen({ port: 0 });
  env = { ...reaching(url, region) };
  stop = emulator.runInRealTime(1);
  emulator.account.services.lambda.putUserFunction('slipway-prod-query', (event) => answer(event));
  await builtPackage();
});
afterAll(async () => {
  await stop();
  await emulator.close();
});

const error = (code: string, message: string, more: object = {}) => ({ api: 1, error: { code, message, ...more } });

/** A failure is one line without a stack. */
const fails = async (args: readonly string[], more: Record<string, string> = {}) => {
  const { status, stdout, stderr } = await runCommand(args, { env: { ...env, ...more } });
  expect({ stdout, lines: stderr.split('\n').length - 1 }).toEqual({ stdout: '', lines: 1 });
  expect(stderr).toMatch(/^slipway: /);
  return { status, says: stderr };
};

test.each([
  ['a misspelt command', ['statsu'], /unknown command 'statsu' \(Did you mean status\?\)/],
  ['a misspelt option', ['status', '--stge', 'prod'], /unknown option '--stge' \(Did you mean --stage\?\)/],
  ['a missing argument', ['show'], /missing required argument 'id'/],
  ['an argument too many', ['show', 'one', 'two'], /too many arguments/],
  ['a shell without completion', ['completion', 'fish'], /for bash and zsh, not for "fish"/],
])('%s is an error of usage', async (_, args, message) => {
  expect(await fails(args)).toEqual({ status: 64, says: expect.stringMatching(message) });
});

test('with --json an error is one object, of usage, too', async () => {
  const { status, stderr } = await runCommand(['--json', 'statsu'], { env });

  expect({ status, error: JSON.parse(stderr) }).toEqual({
    status: 64,
    error: { error: { code: 'USAGE', message: expect.stringContaining('status') } },
  });
});

test('without a command the help is on standard error', async () => {
  const { status, stdout, stderr } = await runCommand([], { env });

  expect({ status, stdout, stderr }).toEqual({ status: 64, stdout: '', stderr: expect.stringContaining('Commands:') });
});

test.each([
  [
    'no credentials',
    { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    77,
    /AWS credentials were not found .* set AWS_PROFILE or --profile/,
  ],
  ['a profile that does not exist', { AWS_PROFILE: 'missing' }, 77, /AWS credentials of the profile missing were not found/],
  ['no Region', { AWS_REGION: '' }, 64, /no AWS Region is configured; add --region/],
  ['another stage', { SLIPWAY_STAGE: 'test' }, 69, /slipway-test-query does not exist in us-east-1/],
  ['an endpoint that refuses', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 69, /cannot be reached \(ECONNREFUSED\)/],
  ['an endpoint without an address', { AWS_ENDPOINT_URL: 'http://nowhere.invalid' }, 69, /cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/],
])('%s: a message and an exit status', async (_, more, status, message) => {
  expect(await fails(['status'], { SLIPWAY_STAGE: 'prod', ...more })).toEqual({ status, says: expect.stringMatching(message) });
});

test('another Region has no such stack, and none at all', async () => {
  const elsewhere = createEmulator({ region: 'eu-central-1' });
  const { url } = await elsewhere.listen({ port: 0 });
  const there = reaching(url, 'eu-central-1');

  expect(await fails(['status', '--stage', 'prod'], there)).toEqual({
    status: 69,
    says: expect.stringMatching(/slipway-prod-query does not exist in eu-central-1: no stack of stage prod is deployed there/),
  });
  expect(await fails(['status'], there)).toEqual({
    status: 69,
    says: expect.stringMatching(/no stack of Slipway is deployed in eu-central-1; check --region/),
  });
  await elsewhere.close();
});

test.each([
  ['expired', 77, /credentials have expired; log in again/],
  ['accessDenied', 77, /may not lambda:InvokeFunction on slipway-prod-query/],
  ['throttled', 69, /AWS throttles lambda:InvokeFunction/],
  ['serverError', 69, /cannot be reached/],
] as const)('%s: of AWS’s errors only what helps is shown', async (kind, status, message) => {
  emulator.account.faults.inject({ on: 'lambda.Invoke', kind, times: kind === 'expired' || kind === 'accessDenied' ? 1 : 3 });

  expect(await fails(['status', '--stage', 'prod'])).toEqual({ status, says: expect.stringMatching(message) });
});

test.each([
  [error('API_TOO_OLD', 'update the command line'), 69, /update the command line/],
  [error('NOT_FOUND', 'web is unknown', { suggestion: 'production/web' }), 64, /did you mean production\/web\?/],
])('an error of the stack is shown as it is: %j', async (said, status, message) => {
  answer = () => said;

  expect(await fails(['status', '--stage', 'prod'])).toEqual({ status, says: expect.stringMatching(message) });
});

test('a function that fails is named with its log', async () => {
  answer = () => {
    throw new TypeError('of the stack');
  };

  expect(await fails(['status', '--stage', 'prod'])).toEqual({
    status: 69,
    says: expect.stringMatching(/slipway-prod-query failed \(TypeError\); its log is \/aws\/lambda\/slipway-prod-query in us-east-1/),
  });
});

test('the stage is that of the command, the environment, the file here, or the only stack', async () => {
  const asked: string[] = [];
  const { lambda } = emulator.account.services;
  for (const stage of ['one', 'two'])
    lambda.putUserFunction(`slipway-${stage}-query`, () => {
      asked.push(stage);
      return error('NOT_FOUND', 'nothing');
    });
  answer = () => {
    asked.push('prod');
    return error('NOT_FOUND', 'nothing');
  };
  const folder = mkdtempSync(join(tmpdir(), 'slipway-stage-'));
  writeFileSync(join(folder, 'slipway.yml'), 'stack: { stage: two }\n');

  await runCommand(['status', '--stage', 'one'], { env: { ...env, SLIPWAY_STAGE: 'prod' }, cwd: folder });
  await runCommand(['status'], { env: { ...env, SLIPWAY_STAGE: 'prod' }, cwd: folder });
  await runCommand(['status'], { env, cwd: folder });
  rmSync(folder, { recursive: true });
  expect(asked).toEqual(['one', 'prod', 'two']);

  expect(await fails(['status'])).toEqual({
    status: 64,
    says: expect.stringMatching(/3 stacks in us-east-1: one, prod, two; add --stage/),
  });
  emulator.account.faults.inject({ on: 'lambda.ListFunctions', kind: 'accessDenied' });
  expect(await fails(['status'])).toEqual({ status: 64, says: expect.stringMatching(/lambda:ListFunctions.*add --stage/) });
});

test('a pipe that closes ends the command without a stack', async () => {
  const { status, stderr } = await runCommand(['completion', 'bash'], { env, closed: true });

  expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
});

test('Ctrl-C ends a command that waits', async () => {
  const command = await onTerminal(['status', '--stage', 'prod'], { env });
  await new Promise<void>((resolve) => {
    answer = () => {
      resolve();
      return new Promise(() => {});
    };
  });
  command.type('\u0003');

  expect(await command.status).toBe(130);
});

test('open prints an address whose page is in the package, and Ctrl-C ends it', async () => {
  const machines = {
    release: 'arn:aws:states:us-east-1:123456789012:stateMachine:r',
    deployment: 'arn:aws:states:us-east-1:123456789012:stateMachine:d',
  };
  const stack = { stage: 'prod', account: '123456789012', region, version: '0.1.0', machines };
  answer = () => ({ api: 1, at: new Date().toISOString(), stack, schema: 2, notifications: { email: [], sns: false }, repositories: [] });
  const { lines, sees, type, status } = await onTerminal(['open', '--stage', 'prod'], { env, columns: 120 });
  await sees('http://127.0.0.1:');
  const [url = ''] = await lines();
  const { origin, hash } = new URL(url);
  const exchanged = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ token: hash.replace('#token=', '') }),
  });

  expect(exchanged.status).toBe(200);
  expect((await fetch(`${origin}/page.js`)).headers.get('content-type')).toContain('text/javascript');
  type('\u0003');
  expect(await status).toBe(0);
});

test('open serves no page of a stack that does not answer', async () => {
  const { status, says } = await fails(['open', '--stage', 'other']);

  expect({ status, says }).toEqual({ status: 69, says: expect.stringContaining('no stack of stage other') });
});

test('help has every command, and each its examples, within the width of the terminal', async () => {
  for (const columns of [80, 120]) {
    const command = await onTerminal(['history', '--help'], { env, columns });
    await command.status;
    expect(await command.lines()).toMatchSnapshot(`${columns} columns`);
  }
});
