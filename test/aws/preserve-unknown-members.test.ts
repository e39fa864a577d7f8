import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import type { ClientSettings } from '../../aws/client-settings.js';
import { TaskDefinitions } from '../../aws/task-definition.js';

const tomorrow = { family: 'web', newThing: { a: [1] }, containerDefinitions: [{ name: 'app', image: 'a:1', newField: true }] };

/** ECS of tomorrow: it knows more members than the SDK of today. */
const given = (body: (answer: string) => unknown) => {
  const sent: { body: string; length: string | undefined }[] = [];
  const settings = {
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    requestHandler: {
      handle: async (request: { body: Uint8Array; headers: Record<string, string> }) => {
        sent.push({ body: new TextDecoder().decode(request.body), length: request.headers['content-length'] });
        const answer = JSON.stringify({
          taskDefinition: { ...tomorrow, status: 'ACTIVE', registeredAt: 1 },
          tags: [{ key: 'team', value: 'a' }],
        });
        return {
          response: new HttpResponse({ statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: body(answer) }),
        };
      },
    },
  } as unknown as ClientSettings;
  return { taskDefinitions: new TaskDefinitions(settings), sent };
};

test.each([
  ['a stream', (answer: string) => Readable.from([Buffer.from(answer.slice(0, 40)), Buffer.from(answer.slice(40))])],
  ['bytes', (answer: string) => Buffer.from(answer)],
])('unknown members are read from %s', async (_, body) => {
  const { definition, tags } = await given(body).taskDefinitions.describe('web:1');

  expect(definition).toEqual({ ...tomorrow, status: 'ACTIVE', registeredAt: new Date(1000) });
  expect(tags).toEqual([{ key: 'team', value: 'a' }]);
});

test('unknown members are sent, with the right content length', async () => {
  const { taskDefinitions, sent } = given((answer) => Buffer.from(answer));

  const { definition } = await taskDefinitions.register({ ...tomorrow, tags: [{ key: 'é', value: 'ü' }] });

  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ ...tomorrow, tags: [{ key: 'é', value: 'ü' }] });
  expect(sent[0]?.length).toBe(String(Buffer.byteLength(sent[0]?.body ?? '')));
  expect(definition).toMatchObject({ newThing: { a: [1] } });
});
