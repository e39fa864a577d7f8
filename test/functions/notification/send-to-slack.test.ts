import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitingMessageOf } from '../../../core/notification/waiting-message.js';
import { post, sendToSlack } from '../../../functions/notification/send-to-slack.js';
import { messageOfOne } from '../../core/notification/given-messages.js';
import { requestInput } from '../../core/notification/given-waiting.js';
import { sdkError } from '../given-failure.js';

const record = (messageId: string, body: string = JSON.stringify(messageOfOne())) => ({
  messageId,
  receiptHandle: `handle-${messageId}`,
  body,
});

type Given = { status: number; body?: string; retryAfterSeconds?: number };

const given = (...answers: Given[]) => {
  const posted: { url: string; body: { text: string } }[] = [];
  const hidden: unknown[] = [];
  const logged: unknown[] = [];
  const run = sendToSlack({
    log: (all) => logged.push(...all),
    webhookUrl: async () => 'https://hooks.slack.example/services/T/B/X',
    post: async (url, body) => {
      posted.push({ url, body: JSON.parse(body) as { text: string } });
      const { status, body: text = status === 200 ? 'ok' : '', retryAfterSeconds }: Given = answers[posted.length - 1] ?? { status: 200 };
      return { status, body: text, retryAfterSeconds };
    },
    queue: {
      delayRetry: async (...call) => {
        hidden.push(call);
      },
    },
  });
  return { posted, hidden, logged, run: (...records: ReturnType<typeof record>[]) => run({ Records: records }) };
};

test('removes a message from the queue that Slack accepts', async () => {
  const { posted, hidden, run } = given({ status: 200 });

  expect(await run(record('one'))).toEqual({ batchItemFailures: [] });
  expect(posted).toMatchObject([
    { url: 'https://hooks.slack.example/services/T/B/X', body: { text: expect.stringMatching(/^ROLLED_BACK: /) } },
  ]);
  expect(hidden).toEqual([]);
});

test('posts what a release waits for, and as plain text if Slack refuses that', async () => {
  const { posted, run } = given({ status: 400, body: 'invalid_blocks' }, { status: 200 });

  expect(await run(record('one', JSON.stringify(waitingMessageOf(requestInput()))))).toEqual({ batchItemFailures: [] });
  expect(posted.map(({ body }) => [body.text, 'attachments' in body])).toEqual([
    [expect.stringMatching(/^WAITING for approval until 2026-11-24 12:05 UTC: /), true],
    [expect.stringMatching(/^WAITING for approval until 2026-11-24 12:05 UTC: /), false],
  ]);
});

test('delays a message that Slack rate-limits for as long as Slack says', async () => {
  const { hidden, run } = given({ status: 429, retryAfterSeconds: 30 });

  expect(await run(record('one'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'one' }] });
  expect(hidden).toEqual([['handle-one', 30]]);
});

const notDelivered: Given[] = [
  { status: 429 },
  { status: 500 },
  { status: 503, retryAfterSeconds: 30 },
  { status: 302, body: 'ok' },
  { status: 200, body: 'no_service' },
  { status: 200, body: '{"ok":false,"error":"invalid_auth"}' },
  { status: 200, body: '<html>ok</html>' },
  { status: 200, body: '' },
  { status: 201, body: 'ok' },
];

test.each(notDelivered)('returns a message to the queue that Slack answers with %j', async (answer) => {
  const { posted, hidden, logged, run } = given(answer);

  expect(await run(record('one'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'one' }] });
  expect(posted).toHaveLength(1);
  expect(logged).toMatchObject([{ status: answer.status }]);
  expect(hidden).toEqual([]);
});

describe('a message that Slack refuses', () => {
  test.each([400, 403, 404, 410, 413])('with %i is posted once more, as plain text', async (status) => {
    const { posted, run } = given({ status, body: 'invalid_blocks' }, { status: 200 });

    expect(await run(record('one'))).toEqual({ batchItemFailures: [] });
    expect(posted.map(({ body }) => Object.keys(body))).toEqual([['text', 'attachments'], ['text']]);
    expect(posted[1]?.body.text).toBe(posted[0]?.body.text);
  });

  test('as plain text, too, returns to the queue', async () => {
    const { posted, logged, run } = given({ status: 400, body: 'invalid_blocks' }, { status: 404, body: 'no_service' });

    expect(await run(record('one'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'one' }] });
    expect(posted).toHaveLength(2);
    expect(logged).toMatchObject([{ body: 'invalid_blocks' }, { body: 'no_service' }]);
  });

  test('and rate-limits as plain text is delayed', async () => {
    const { hidden, run } = given({ status: 400 }, { status: 429, retryAfterSeconds: 30 });

    await run(record('one'));

    expect(hidden).toEqual([['handle-one', 30]]);
  });
});

test('returns only those messages to the queue that Slack did not accept', async () => {
  const { run } = given({ status: 200 }, { status: 500 }, { status: 200 });

  expect(await run(record('one'), record('two'), record('three'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'two' }] });
});

test.each(['', 'not JSON', 'null', '{}'])(
  'fails for the body %j, which Notify never sends, so that it reaches the dead-letter queue',
  async (body) => {
    const { posted, run } = given();

    await expect(run(record('one', body))).rejects.toThrow();
    expect(posted).toEqual([]);
  },
);

test('fails if the secret cannot be read', async () => {
  const run = sendToSlack({
    webhookUrl: async () => {
      throw sdkError('ResourceNotFoundException');
    },
    post: async () => ({ status: 200, body: 'ok', retryAfterSeconds: undefined }),
    queue: { delayRetry: async () => undefined },
    log: () => undefined,
  });

  await expect(run({ Records: [record('one')] })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

describe('over HTTP', () => {
  const requests: { method: string; type: string; body: string }[] = [];
  // As Slack's incoming webhooks answer, by the path that is asked for.
  const answers: Record<string, { status: number; headers?: Record<string, string>; body: string }> = {
    '/ok': { status: 200, body: 'ok' },
    '/too-many': { status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' },
    '/too-many-until': { status: 429, headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, body: 'rate_limited' },
    '/broken': { status: 500, body: 'rollup_error' },
    '/moved': { status: 302, headers: { location: '/ok' }, body: '' },
    '/page': { status: 200, body: 'x'.repeat(100_000) },
    '/invalid': { status: 400, body: 'invalid_blocks' },
  };
  const textOf = async (request: IncomingMessage): Promise<string> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    return text;
  };
  let server: Server;
  const urlOf = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      requests.push({ method: request.method ?? '', type: request.headers['content-type'] ?? '', body: await textOf(request) });
      const { status, headers, body } = answers[request.url ?? ''] ?? { status: 404, body: 'no_service' };
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  test('posts the body as JSON', async () => {
    await post(urlOf('/ok'), '{"text":"é"}');

    expect(requests).toEqual([{ method: 'POST', type: 'application/json', body: '{"text":"é"}' }]);
  });

  test.each([
    ['/ok', { status: 200, body: 'ok' }],
    ['/too-many', { status: 429, body: 'rate_limited', retryAfterSeconds: 30 }],
    ['/too-many-until', { status: 429, body: 'rate_limited' }],
    ['/broken', { status: 500, body: 'rollup_error' }],
    ['/invalid', { status: 400, body: 'invalid_blocks' }],
    ['/gone', { status: 404, body: 'no_service' }],
    ['/moved', { status: 302, body: '' }],
    ['/page', { status: 200, body: 'x'.repeat(200) }],
  ])('%s is answered with %j', async (path, answer) => {
    expect(await post(urlOf(path), '{}')).toEqual({ retryAfterSeconds: undefined, ...answer });
  });

  test('fails if the connection is refused', async () => {
    await expect(post('http://127.0.0.1:1/', '{}')).rejects.toThrow('fetch failed');
  });
});
