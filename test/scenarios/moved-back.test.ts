import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

const updatesOf = ({ account }: Pipeline, cluster: string) =>
  account.log.of('ecs', 'service-updated').filter(({ detail }) => detail.cluster === cluster).length;

const until = (pipeline: Pipeline, cluster: string, times: number) =>
  pipeline.account.clock.run({ until: () => updatesOf(pipeline, cluster) >= times });

/** A has done staging and is on its way to production when B is pushed, which takes staging; then the tag is moved back to A. */
test.each(['has done', 'is doing'])(
  'a tag is moved back while the release of before is in production, and a newer one %s staging',
  async (how) => {
    const pipeline = await givenPipeline();
    const a = await pipeline.push('main-moving', 'slow-to-start', 'a');
    await until(pipeline, 'production', 2);
    const b = await pipeline.push('main-moving', 'healthy', 'b');
    await until(pipeline, 'staging', 2);
    if (how === 'has done') await pipeline.account.clock.run({ until: () => pipeline.running('staging/web').join() === b });
    await pipeline.account.clock.advance(2_000);
    expect(await pipeline.push('main-moving', 'slow-to-start', 'a')).toBe(a);
    await pipeline.runUntilIdle();

    for (const service of ['staging/web', 'production/web', 'production/worker']) expect(pipeline.running(service)).toEqual([a]);
    expect((await pipeline.executions('release')).map(({ outcome }) => outcome)).toEqual(['SUCCEEDED', 'SKIPPED', 'SUCCEEDED']);
  },
);
