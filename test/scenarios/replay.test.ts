import { createHash } from 'node:crypto';
import { closePipelines, givenPipeline } from '../support/pipeline.js';

afterEach(closePipelines);

/** Everything that happened, in order, as one hash. */
const historyOf = async (seed: number): Promise<string> => {
  const pipeline = await givenPipeline({ seed });
  await pipeline.push('main-2', 'healthy', 'a');
  await pipeline.runUntilIdle();
  await pipeline.push('main-3', 'crashes-on-start', 'b');
  await pipeline.runUntilIdle();
  const histories = pipeline.account.services.states.executions().map(({ arn }) => pipeline.account.services.states.history(arn));
  return createHash('sha256').update(JSON.stringify(histories)).digest('hex');
};

test('two runs with one seed have identical histories', async () => {
  expect(await historyOf(7)).toBe(await historyOf(7));
});

test('another seed has another history', async () => {
  expect(await historyOf(7)).not.toBe(await historyOf(8));
});
