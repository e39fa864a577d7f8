import { closePipelines, givenPipeline } from '../support/pipeline.js';

afterEach(closePipelines);

test('try', async () => {
  const pipeline = await givenPipeline();
  const ask = (question: object) => pipeline.invoke('query', { api: 1, ...question });
  const show = async (question: object) =>
    process.stdout.write(`${JSON.stringify(question)} ${JSON.stringify(await ask(question), null, 1)}\n`);
  const digest = await pipeline.push('main-2');
  await pipeline.account.clock.run({ until: () => pipeline.account.log.of('ecs', 'service-updated').length >= 1 });
  await pipeline.account.clock.advance(30_000);
  await show({ query: 'release', repository: 'my-learn-app', tag: 'main-2' });
  await show({ query: 'status' });
  await pipeline.runUntilIdle();
  await show({ query: 'installation' });
  await show({ query: 'history', repository: 'my-learn-app' });
  await show({ query: 'history', service: 'production/web', limit: 1 });
  await show({ query: 'explain', repository: 'my-learn-app', tag: 'main-2' });
  await show({ query: 'log', service: 'production/web' });
  await show({ query: 'plan', repository: 'my-learn-app', digest });
});
