import type { Publication } from '../../../aws/topic.js';
import { publishWaiting } from '../../../functions/shared/publish-waiting.js';
import { releaseExecution, releaseRecord } from '../../core/given.js';
import { change, requestInput, windowInput } from '../../core/notification/given-waiting.js';
import { sdkError } from '../given-failure.js';

const given = () => {
  const published: Publication[] = [];
  const topic = { publish: async (publication: Publication) => void published.push(publication) };
  return { published, run: (input = requestInput()) => publishWaiting({ topic }, input) };
};

test('publishes one message, as text and as data, for filters by outcome, stage and service', async () => {
  const { published, run } = given();

  await run(requestInput({ changes: [change(), change({ service: 'production/worker' })] }));

  expect(published).toMatchObject([
    {
      subject: 'WAITING for approval: my-learn-app:main-7 (a1b2c3d4a1b2) on production',
      text: expect.stringContaining('To approve it:\nnpx --no-install slipway approve '),
      attributes: { outcome: 'WAITING', stage: 'production', service: ['production/web', 'production/worker'] },
    },
  ]);
  expect(JSON.parse(published[0]?.json ?? '')).toMatchObject({
    id: `${releaseExecution} production request`,
    waiting: { kind: 'request', until: '2026-11-24T12:05:00.000Z' },
    services: [{ service: 'production/web' }, { service: 'production/worker' }],
  });
});

test('a message of a window has an ID for the time at which the stage may begin: a stage may get another window meanwhile', async () => {
  const { published, run } = given();
  await run(windowInput({ until: '2026-11-24T08:00:00.000Z' }));
  await run(windowInput({ until: '2026-11-24T20:00:00.000Z' }));

  expect(new Set(published.map(({ json }) => JSON.parse(json).id)).size).toBe(2);
});

test('the task token that the release waits with is in no message', async () => {
  const { published, run } = given();

  await run({ ...requestInput({ release: { ...releaseRecord(), token: 'AAAAtoken' } as never }), token: 'AAAAtoken' } as never);

  expect(JSON.stringify(published)).not.toContain('AAAAtoken');
});

test('fails if the topic does not accept it', async () => {
  const topic = { publish: () => Promise.reject(sdkError('AuthorizationErrorException')) };

  await expect(publishWaiting({ topic }, requestInput())).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
});
