import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { releasesOf, resultsOn, sourceOf, staged, staging, web, worker } from '../support/staged.js';
import { deploymentsOf } from '../support/table.js';

afterEach(closePipelines);

const minutes = 60_000;
const hours = 60 * minutes;
const all = [staging, web, worker];
const operator = { by: 'ada', reason: 'wrong prices' };
const nameOf = (arn: string) => arn.split(':').at(-1) ?? '';

const start = (pipeline: Pipeline, more: object = {}) => pipeline.start('release', { repository: 'my-learn-app', rollback: true, ...operator, ...more });

const rollBack = async (pipeline: Pipeline, more: object = {}) => {
  const arn = await start(pipeline, more);
  await pipeline.runUntilIdle();
  return pipeline.execution(arn);
};
const runningAll = (pipeline: Pipeline) => all.map((service) => pipeline.running(service));
const messagesOf = (pipeline: Pipeline, arn: string) => pipeline.messages().filter(({ id }) => id === arn);

const show = async (pipeline: Pipeline) => {
  for (const r of await releasesOf(pipeline)) console.log('RELEASE', r.tag, r.stage, JSON.stringify(r.result), JSON.stringify(r.stageFailure), JSON.stringify(r.rollback));
  for (const service of all) {
    console.log(service, pipeline.running(service), JSON.stringify(await sourceOf(pipeline, service)));
    for (const d of await deploymentsOf(pipeline, service)) console.log(d.startedAt, d.endedAt, d.operation?.kind, d.image?.tag, JSON.stringify(d.result));
  }
};

test('explore', async () => {
  const pipeline = await givenPipeline();
  const [first = ''] = pipeline.running(web);
  const two = await pipeline.release('main-2');
  const three = await pipeline.release('main-3');
  const a = await rollBack(pipeline);
  console.log(a, [first, two.digest, three.digest]);
  await show(pipeline);
  console.log(messagesOf(pipeline, a.arn).map((m) => m.text).join('\n-----\n'), JSON.stringify(messagesOf(pipeline, a.arn)[0], null, 1));
  console.log('by name', await rollBack(pipeline, { release: nameOf(three.arn) }));
  const b = await rollBack(pipeline);
  console.log(b, runningAll(pipeline));
  console.log(await rollBack(pipeline));
  for (const m of pipeline.messages()) console.log(m.subject);
  for (const service of all)
    console.log(service, pipeline.running(service), JSON.stringify(await sourceOf(pipeline, service)));
  const c = await pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true }));
  console.log(c);
  console.log(await pipeline.release('main-4'));
});
