import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { createEmulator } from '../../../emulator/emulator.js';
import type { FunctionSpec } from '../../../emulator/lambda/api.js';
import type { Target } from '../../../emulator/network/api.js';
import { roleArn } from '../lambda/given-functions.js';

/** Requests `url` up to `attempts` times; each attempt has `limit`, and `pause` follows it. Times in milliseconds. */
const code = `
const get = ({ url, limit = 10_000, pinned }, { https, timers }) =>
  new Promise((resolve) => {
    const timer = timers.setTimeout(() => { resolve('slow'); request.destroy(); }, limit);
    const end = (seen) => { timers.clearTimeout(timer); resolve(seen); };
    const lookup = pinned && { lookup: (name, { all }, callback) => callback(null, pinned.map((address) => ({ address, family: 4 }))) };
    const request = https.request(url, { agent: false, ...lookup }, (response) => {
      let size = 0;
      response.on('data', (chunk) => { size += chunk.length; if (size >= 65_536) { end(response.statusCode + ', ' + size + ' bytes, cut'); request.destroy(); } });
      response.on('error', ({ code }) => end('response ' + code));
      response.on('end', () => end(response.statusCode + ', ' + size + ' bytes'));
    });
    request.on('error', ({ code, syscall }) => end([syscall, code].join(' ')));
    request.end();
  });
const run = async ({ attempts = 1, pause = 0, ...event }, modules) => {
  const seen = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    seen.push(await get(event, modules));
    if (pause) await new Promise((resolve) => modules.timers.setTimeout(resolve, pause));
  }
  return seen;
};
`;

const folder = mkdtempSync(join(tmpdir(), 'network-test-'));
const bundle = `${code} exports.handler = (event) => run(event, { https: require('node:https'), timers: require('node:timers') });`;
const zipPath = join(folder, 'probe.zip');
writeFileSync(zipPath, zipSync({ 'functions/greet.cjs': strToU8(bundle) }));
afterAll(() => rmSync(folder, { recursive: true }));

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const given = async (runs: 'from source' | 'as a bundle', vpc?: FunctionSpec['vpc']) => {
  const run = new Function(`${code} return run;`)() as (event: object, modules: object) => Promise<unknown>;
  const emulator = createEmulator(
    runs === 'from source'
      ? {
          functionCode:
            (_, { network }) =>
            (payload) =>
              run(payload as object, { https: network, timers: network }),
        }
      : {},
  );
  closers.push(() => emulator.close());
  await emulator.listen({ port: 0 });
  const { clock, network, services } = emulator.account;
  services.iam.putRole({ arn: roleArn, trust: { Statement: [] }, policies: [] });
  services.lambda.createFunction({
    name: 'greet',
    arn: emulator.account.arn('lambda', 'function:greet'),
    roleArn,
    handler: 'functions/greet.handler',
    zipPath: runs === 'as a bundle' ? zipPath : undefined,
    environment: {},
    timeoutSeconds: 300,
    memoryMb: 256,
    ...(vpc && { vpc }),
  });
  const probe = async (event: object): Promise<{ seen: unknown; seconds: number }> => {
    const start = clock.now;
    const [result] = await Promise.all([services.lambda.invoke('greet', event), clock.run()]);
    return { seen: result.status === 'ok' ? result.payload : result, seconds: Math.round((clock.now - start) / 1000) };
  };
  return { account: emulator.account, network, probe };
};

const answering: Target = {
  addresses: ['93.184.216.34'],
  certificate: { names: ['example.com'] },
  answer: () => ({ status: 200, body: 'ok' }),
};
const url = 'https://example.com/health?deep=1';

describe.each(['from source', 'as a bundle'] as const)('a function that runs %s', (runs) => {
  test('reaches a target by its name, and the target sees its request', async () => {
    const { network, probe } = await given(runs);
    network.setName('example.com', ['93.184.216.34']);
    network.serve(answering);

    expect((await probe({ url })).seen).toEqual(['200, 2 bytes']);
    expect(network.requests).toEqual([
      { method: 'GET', path: '/health?deep=1', address: '93.184.216.34', headers: { host: 'example.com', connection: 'close' } },
    ]);
  });

  test('waits in virtual time, between requests and for an answer', async () => {
    const { network, probe } = await given(runs);
    network.setName('example.com', ['93.184.216.34']);
    const answers = [
      { status: 503 },
      { status: 200, delayMs: 60_000 },
      { status: 200, body: 'o', staysOpen: true },
      { status: 200, body: 'ok', delayMs: 9000 },
    ];
    network.serve({ ...answering, answer: () => answers.shift() ?? { status: 500 } });

    const { seen, seconds } = await probe({ url, attempts: 5, pause: 20_000 });

    expect(seen).toEqual(['503, 0 bytes', 'slow', 'slow', '200, 2 bytes', '500, 0 bytes']);
    expect(seconds).toBe(130);
  });

  test('gets the next answer of DNS with its next lookup, and dials what its own lookup answers', async () => {
    const { network, probe } = await given(runs);
    network.setName('example.com', ['93.184.216.34'], ['10.0.0.1']);
    network.serve(answering);

    expect((await probe({ url, attempts: 3 })).seen).toEqual(['200, 2 bytes', 'slow', 'slow']);
    expect((await probe({ url, pinned: ['93.184.216.34'] })).seen).toEqual(['200, 2 bytes']);
    expect(network.dialled).toEqual(['93.184.216.34', '10.0.0.1', '10.0.0.1', '93.184.216.34']);
  });

  test.each([
    ['whose name does not exist', { addresses: [] }, 'getaddrinfo ENOTFOUND'],
    ['that refuses the connection', { connection: 'refused' }, 'connect ECONNREFUSED'],
    ['that drops packets', { connection: 'dropped' }, 'slow'],
    ['that says nothing', { connection: 'silent' }, 'slow'],
    [
      'with a certificate signed by itself',
      { certificate: { names: ['example.com'], fault: 'selfSigned' } },
      'connect DEPTH_ZERO_SELF_SIGNED_CERT',
    ],
    ['with an expired certificate', { certificate: { names: ['example.com'], fault: 'expired' } }, 'connect CERT_HAS_EXPIRED'],
    ['with the certificate of another name', { certificate: { names: ['*.example.com'] } }, 'connect ERR_TLS_CERT_ALTNAME_INVALID'],
    ['with a body of 10 MB', { answer: () => ({ status: 200, body: Buffer.alloc(10_000_000) }) }, '200, 65536 bytes, cut'],
    ['that resets the connection in a body', { answer: () => ({ status: 200, body: 'o', isReset: true }) }, 'read ECONNRESET'],
    ['with a slow body', { answer: () => ({ status: 200, body: 'ok', chunkBytes: 1, chunkDelayMs: 11_000 }) }, 'slow'],
    ['that redirects', { answer: () => ({ status: 301, headers: { location: 'https://other.example/' } }) }, '301, 0 bytes'],
  ] as [string, Partial<Target>, string][])('meets a target %s', async (_, change, seen) => {
    const { network, probe } = await given(runs);
    const target = { ...answering, ...change };
    network.setName('EXAMPLE.com', target.addresses);
    network.serve(target);

    expect((await probe({ url })).seen).toEqual([seen]);
  });

  test('tries the next address of a name if the first refuses, and gives a lost connection up after two minutes', async () => {
    const { network, probe } = await given(runs);
    network.setName('example.com', ['1.1.1.1', '93.184.216.34']);
    network.serve({ ...answering, addresses: ['1.1.1.1'], connection: 'refused' });
    network.serve(answering);

    expect((await probe({ url })).seen).toEqual(['200, 2 bytes']);
    expect(await probe({ url: 'https://1.2.3.4/', limit: 200_000 })).toEqual({ seen: ['connect ETIMEDOUT'], seconds: 127 });
  });

  test.each([
    ['10.0.0.1', false, false],
    ['10.0.0.1', true, true],
    ['93.184.216.34', true, true],
  ])('%s: with a VPC %s, reached %s', async (address, hasVpc, isReached) => {
    const { network, probe } = await given(runs, hasVpc ? { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] } : undefined);
    network.setName('example.com', [address]);
    network.serve({ ...answering, addresses: [address] });

    expect((await probe({ url })).seen).toEqual([isReached ? '200, 2 bytes' : 'slow']);
    network.hasNat = false;
    expect((await probe({ url })).seen).toEqual([isReached && address.startsWith('10.') ? '200, 2 bytes' : 'slow']);
  });

  test('is stopped at its time-out while it waits, and runs again', async () => {
    const { network, probe } = await given(runs);
    network.setName('example.com', ['93.184.216.34']);
    network.serve(answering);

    expect(await probe({ url, attempts: 100, pause: 10_000 })).toMatchObject({ seen: { errorType: 'Sandbox.Timedout' }, seconds: 300 });
    expect((await probe({ url, attempts: 2, pause: 1000 })).seen).toEqual(['200, 2 bytes', '200, 2 bytes']);
  });
});
