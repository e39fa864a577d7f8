import { HttpResponse } from '@smithy/core/protocols';
import { Topic } from '../../aws/topic.js';

test('a notification has no character that SQS refuses', async () => {
  const bodies: URLSearchParams[] = [];
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async ({ body }: { body: string }) => {
      bodies.push(new URLSearchParams(body));
      return { response: new HttpResponse({ statusCode: 200, headers: {}, body: Buffer.from('<PublishResponse/>') }) };
    },
  };
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
  const topic = new Topic({ region: 'eu-west-1', maxAttempts: 1, credentials, requestHandler }, 'arn:aws:sns:eu-west-1:123456789012:t');
  const line = 'a\uffffb\ufffe\u0000\ud83d 😀';

  const attributes = { outcome: 'FAILED', stage: '', service: [], quiet: true };
  await topic.publish({ subject: 's', text: `${line}\n`, json: JSON.stringify({ line }), attributes });

  expect(bodies[0]?.get('MessageAttributes.entry.2.Name')).toBe('quiet');
  const { default: text, sqs } = JSON.parse(bodies[0]?.get('Message') ?? '{}') as { default: string; sqs: string };
  expect(text).toBe('a\ufffdb\ufffd\ufffd\ufffd 😀\n');
  expect(sqs).toBe('{"line":"a\ufffdb\ufffd\\u0000\\ud83d 😀"}');
});
