import { givenPackagedStack } from '../support/packaged-stack.js';
import { appContainer, closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { stateOf } from '../support/table.js';

afterEach(closePipelines);

const seconds = 1_000;
const web = 'production/web';
const proxyContainer = { name: 'proxy', image: appContainer.image?.replace('my-learn-app', 'my-proxy'), essential: true };

/** production/web has a container of each of two repositories. */
const given = async (): Promise<Pipeline> =>
  givenPipeline({
    stack: await givenPackagedStack('test/support/two-sources.yml'),
    repositories: ['my-proxy'],
    services: { [web]: { containers: [appContainer, proxyContainer] } },
  });

const pushApp = (pipeline: Pipeline, tag: string) => pipeline.push(`main-${tag}`, 'healthy', `app ${tag}`);
const pushProxy = (pipeline: Pipeline, tag: string) => pipeline.push(`proxy-${tag}`, 'healthy', `proxy ${tag}`, 'my-proxy');
const running = (pipeline: Pipeline) => [pipeline.running(web, 'app'), pipeline.running(web, 'proxy')];
const outcomes = async (pipeline: Pipeline) => (await pipeline.executions('release')).map(({ outcome }) => outcome).sort();
const byHand = async (pipeline: Pipeline, input: object) => pipeline.ended(await pipeline.start('deployment', { service: web, ...input }));

test('images of two repositories that are pushed in the same second both run', async () => {
  const pipeline = await given();
  const digests = [await pushApp(pipeline, '2'), await pushProxy(pipeline, '2')];
  await pipeline.runUntilIdle();

  expect(await outcomes(pipeline)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(running(pipeline)).toEqual(digests.map((digest) => [digest]));
});

test('a push between two pushes of another repository runs, and so does the newest of those', async () => {
  const pipeline = await given();
  await pushApp(pipeline, '2');
  await pipeline.account.clock.advance(5 * seconds);
  const proxy = await pushProxy(pipeline, '2');
  await pipeline.account.clock.advance(5 * seconds);
  const app = await pushApp(pipeline, '3');
  await pipeline.runUntilIdle();

  expect(await outcomes(pipeline)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
  expect(running(pipeline)).toEqual([[app], [proxy]]);
});

test('a push whose event arrives after a later push of another repository was deployed runs', async () => {
  const pipeline = await given();
  pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-push-1', kind: 'delayed', delayMs: 1_800 * seconds });
  const proxy = await pushProxy(pipeline, '2');
  await pipeline.account.clock.advance(5 * seconds);
  const app = await pushApp(pipeline, '2');
  await pipeline.runUntilIdle();

  expect(await outcomes(pipeline)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(running(pipeline)).toEqual([[app], [proxy]]);
});

test('twenty pushes of one repository do not keep the other one waiting for more than its turn', async () => {
  const pipeline = await given();
  await pushApp(pipeline, '2');
  const proxy = await pushProxy(pipeline, '2');
  for (let index = 3; index <= 20; index++) {
    await pipeline.account.clock.advance(30 * seconds);
    await pushApp(pipeline, String(index));
  }

  expect(pipeline.running(web, 'proxy')).toEqual([proxy]);
});

test('a failed image of one repository is quarantined for that one, until another one’s image has changed', async () => {
  const pipeline = await given();
  const [[before]] = running(pipeline) as [string[], string[]];
  const pushBad = async (tag: string) => {
    const digest = await pipeline.push(tag, 'crashes-on-start', 'bad');
    await pipeline.runUntilIdle();
    return { digest, ...(await pipeline.executions('release')).at(-1) };
  };
  const { digest: bad } = await pushBad('main-2');
  expect(await pushBad('main-3')).toMatchObject({ digest: bad, outcome: 'SKIPPED', reason: 'QUARANTINED' });
  const proxy = await pushProxy(pipeline, '2');
  await pipeline.runUntilIdle();

  expect(running(pipeline)).toEqual([[before], [proxy]]);
  expect(await pushBad('main-4')).toMatchObject({ digest: bad, outcome: 'ROLLED_BACK' });
  expect(await stateOf(pipeline, web)).toMatchObject({
    'quarantine#my-learn-app': [{ digest: bad, others: [{ repository: 'my-proxy', digest: proxy }] }],
    'quarantine#my-proxy': [],
  });
});

describe('an operator’s rollback', () => {
  /** The app's images 2 and 3 were deployed, and then the proxy's image 2. */
  const deployed = async () => {
    const pipeline = await given();
    const [app1, proxy1] = running(pipeline).flat();
    const app2 = await pushApp(pipeline, '2');
    await pipeline.runUntilIdle();
    const app3 = await pushApp(pipeline, '3');
    await pipeline.runUntilIdle();
    const proxy2 = await pushProxy(pipeline, '2');
    await pipeline.runUntilIdle();
    return { pipeline, app1, app2, app3, proxy1, proxy2 };
  };

  test('is of the repository that was deployed last, and keeps what runs of the other', async () => {
    const { pipeline, app3, proxy1 } = await deployed();

    expect(await byHand(pipeline, { rollback: true })).toMatchObject({ reason: 'ROLLED_BACK_BY_OPERATOR' });
    expect(running(pipeline)).toEqual([[app3], [proxy1]]);
  });

  test('of a named repository goes to its newest known good image that is older, each time, and keeps what runs of the other', async () => {
    const { pipeline, app1, app2, proxy2 } = await deployed();

    expect(await byHand(pipeline, { rollback: true, repository: 'my-learn-app' })).toMatchObject({ reason: 'ROLLED_BACK_BY_OPERATOR' });
    expect(running(pipeline)).toEqual([[app2], [proxy2]]);
    // The quarantine of what the rollback led away from lapses, and still no later one leads back to it.
    const proxy3 = await pushProxy(pipeline, '3');
    await pipeline.runUntilIdle();
    expect(await byHand(pipeline, { rollback: true, repository: 'my-learn-app' })).toMatchObject({ reason: 'ROLLED_BACK_BY_OPERATOR' });
    expect(running(pipeline)).toEqual([[app1], [proxy3]]);
  });

  test('of a repository that does not deploy the service is rejected', async () => {
    const pipeline = await given();

    expect(await byHand(pipeline, { rollback: true, repository: 'my-tool' })).toMatchObject({
      outcome: 'FAILED',
      reason: 'INVALID_INPUT',
      message: expect.stringContaining('is deployed from my-learn-app, my-proxy, not from my-tool'),
    });
  });
});

test('a push waits behind an operator’s deployment in its own place', async () => {
  const pipeline = await given();
  const app = await pipeline.push('other', 'slow-to-start', 'by hand');
  const operator = await pipeline.start('deployment', { service: web, image: pipeline.imageUri('other') });
  await pipeline.account.clock.advance(30 * seconds);
  const proxy = await pushProxy(pipeline, '2');

  expect(await pipeline.ended(operator)).toMatchObject({ outcome: 'SUCCEEDED' });
  await pipeline.runUntilIdle();
  expect(running(pipeline)).toEqual([[app], [proxy]]);
});
