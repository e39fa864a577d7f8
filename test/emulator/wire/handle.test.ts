import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { HttpRequest } from '@smithy/core/protocols';
import { Activity } from '../../../emulator/clock.js';
import { handleHttp } from '../../../emulator/wire/handle.js';
import { requestHandler } from '../../../emulator/wire/request-handler.js';
import { Echoes } from './echoes.js';
import { transports } from './transports.js';

const listClusters = {
  method: 'POST',
  path: '/',
  query: {},
  headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters', 'content-type': 'application/x-amz-json-1.1' },
  body: new Uint8Array(),
};

const textOf = ({ body }: { body: Uint8Array }): string => Buffer.from(body).toString();

describe('a request', () => {
  test('stops virtual time until it is answered', async () => {
    const echoes = new Echoes();
    const moments: number[] = [];
    echoes.answer('ecs.ListClusters', {}, async ({ account }) => {
      await new Promise((resolve) => setImmediate(resolve));
      moments.push(account.clock.now);
      return {};
    });
    const start = echoes.account.clock.now;
    echoes.account.clock.after(1, () => {});

    await Promise.all([handleHttp(echoes.account, listClusters), echoes.account.clock.run()]);

    expect(moments).toEqual([start]);
    expect(echoes.account.clock.now).toBe(start + 1);
  });

  test('of a function counts as work instead of the invocation until it is answered', async () => {
    const echoes = new Echoes();
    echoes.answer('ecs.ListClusters', {}, () => ({}));
    const activity = new Activity(echoes.account.clock);
    const { accessKeyId } = echoes.account.services.iam.credentialsFor({ arn: 'arn:aws:iam::123456789012:user/u', kind: 'user', activity });
    const headers = {
      ...listClusters.headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261123/eu-west-1/ecs/aws4_request`,
    };
    let isOver = false;

    await handleHttp(echoes.account, { ...listClusters, headers });
    const run = echoes.account.clock.run().then(() => {
      isOver = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    const wasOver = isOver;
    activity.close();
    await run;

    expect(wasOver).toBe(false);
    expect(isOver).toBe(true);
  });

  test('of a terminated invocation is never answered, and has no effect', async () => {
    const echoes = new Echoes();
    echoes.answer('ecs.ListClusters', {}, () => ({}));
    const activity = new Activity(echoes.account.clock);
    const { accessKeyId } = echoes.account.services.iam.credentialsFor({ arn: 'arn:aws:iam::123456789012:role/r', kind: 'role', activity });
    const headers = {
      ...listClusters.headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261123/eu-west-1/ecs/aws4_request`,
    };
    activity.close();

    const first = await Promise.race([
      handleHttp(echoes.account, { ...listClusters, headers }),
      new Promise((resolve) => setImmediate(() => resolve('nothing'))),
    ]);

    expect(first).toBe('nothing');
    expect(echoes.inputs).toEqual([]);
  });

  test.each([
    ['given up after the time-out of a client that throws then', true, ['TimeoutError', 5_000]],
    ['waited for by a client that only warns then', false, 'killed'],
  ])('that hangs is %s', async (_, throws, expected) => {
    const echoes = new Echoes();
    const { clock, faults, services } = echoes.account;
    echoes.answer('ecs.ListClusters', {}, () => ({}));
    faults.inject({ on: 'ecs.ListClusters', kind: 'timeoutAfter' });
    const activity = new Activity(clock);
    const { accessKeyId } = services.iam.credentialsFor({ arn: 'arn:aws:iam::123456789012:user/u', kind: 'user', activity });
    const handler = requestHandler(echoes.account, accessKeyId);
    handler.updateHttpClientConfig('requestTimeout', 5_000);
    handler.updateHttpClientConfig('throwOnRequestTimeout', throws);
    const start = clock.now;
    const ended: unknown[] = [];

    const over = (what: unknown) => {
      ended.push(what);
      activity.close();
    };
    clock.after(60_000, () => (ended.length === 0 ? over('killed') : undefined));
    void handler
      .handle(new HttpRequest({ ...listClusters, hostname: 'ecs.eu-west-1.amazonaws.com' }))
      .catch(({ name }: Error) => over([name, clock.now - start]));
    await clock.run();

    expect(ended).toEqual([expected]);
    expect(echoes.inputs).toHaveLength(1);
  });

  test('that is not JSON is refused with the reason', async () => {
    const echoes = new Echoes();
    echoes.answer('ecs.ListClusters', {}, () => ({}));

    const answer = await handleHttp(echoes.account, { ...listClusters, body: Buffer.from('{"a":') });

    expect(answer.status).toBe(400);
    expect(JSON.parse(textOf(answer))).toMatchObject({ __type: 'SerializationException' });
  });

  test.each(['', 'not gzip'])('that says it is gzip, but is "%s", is refused in its own protocol', async (body) => {
    const echoes = new Echoes();
    const headers = { ...listClusters.headers, 'content-encoding': 'gzip' };

    const answer = await handleHttp(echoes.account, { ...listClusters, headers, body: Buffer.from(body) });

    expect(answer.status).toBe(400);
    expect(JSON.parse(textOf(answer))).toMatchObject({ __type: 'SerializationException' });
  });

  test('whose path cannot be decoded is refused', async () => {
    const echoes = new Echoes();

    const answer = await handleHttp(echoes.account, { ...listClusters, headers: {}, path: '/2015-03-31/functions/%E0%A4%A/invocations' });

    expect(answer.status).toBe(400);
    expect(echoes.account.log.of('emulator', 'bug')).toEqual([]);
  });

  test('with null for a member equals one without the member', async () => {
    const echoes = new Echoes();
    echoes.answer('ecs.ListClusters', { nextToken: 'string', filters: 'any' }, () => ({}));

    await handleHttp(echoes.account, { ...listClusters, body: Buffer.from('{"nextToken":null,"filters":[null,{"a":null}]}') });

    expect(echoes.inputs).toEqual([{ filters: [null, {}] }]);
  });

  test('to a service that is not emulated is refused by its name', async () => {
    const echoes = new Echoes();
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA/20261123/eu-west-1/iam/aws4_request, SignedHeaders=host, Signature=0';
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', authorization };

    const query = await handleHttp(echoes.account, {
      ...listClusters,
      headers: form,
      body: Buffer.from('Action=ListRoles&Version=2010-05-08'),
    });
    const rest = await handleHttp(echoes.account, { ...listClusters, method: 'GET', path: '/2015-03-31/layers', headers: {} });

    expect(query.status).toBe(501);
    expect(textOf(query)).toContain('<Code>NotEmulated</Code><Message>emulator: iam.ListRoles is not emulated');
    expect(rest.status).toBe(501);
    expect(textOf(rest)).toContain('unsigned.GET /2015-03-31/layers is not emulated');
  });
});

describe.each(transports)('a request %s', (_name, open) => {
  test('that is never answered ends with the client, and does not keep virtual time or the endpoint', async () => {
    const echoes = new Echoes();
    echoes.answer('ecs.ListClusters', {}, () => ({}));
    echoes.account.faults.inject({ on: 'ecs.ListClusters', kind: 'timeoutBefore' });
    const { config, close } = await open(echoes.account);
    const abort = new AbortController();

    const sent = new ECSClient(config).send(new ListClustersCommand({}), { abortSignal: abort.signal });
    await new Promise((resolve) => echoes.account.log.listen(resolve));
    await echoes.account.clock.advance(60_000);
    abort.abort();

    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    await close();
    expect(echoes.account.clock.now).toBe(Date.parse('2026-11-23T09:01:00Z'));
  });
});
