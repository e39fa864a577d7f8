import { closePipelines, givenPipeline } from '../support/pipeline.js';
import { deploymentsOf } from '../support/table.js';

afterEach(closePipelines);

test('a deployment whose record was opened, but of which no answer of OpenDeployment came, is told once', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': {} } });
  await pipeline.push('other-1');
  pipeline.account.faults.injectInvocation({ function: 'openDeployment', kind: 'answerLost', times: 50 });

  const image = pipeline.imageUri('other-1');
  expect(await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }))).toMatchObject({
    outcome: 'FAILED',
  });
  await pipeline.account.clock.advance(30 * 60_000);

  // The push itself was skipped, for its tag.
  expect(pipeline.messages().map(({ result }) => result.outcome)).toEqual(['SKIPPED', 'FAILED']);
  expect(await deploymentsOf(pipeline)).toMatchObject([{ outcome: 'FAILED', notifiedAt: expect.any(String) }]);
});
