import type { QueryName } from '../../core/query/request.js';
import { approval, decision, givenGates, minutes } from '../support/gated.js';
import { closePipelines, type Pipeline } from '../support/pipeline.js';
import { answerTo, errorIn } from '../support/query-shapes.js';

afterEach(closePipelines);

const repository = 'my-learn-app';

const asking =
  (pipeline: Pipeline) =>
  async <Query extends QueryName>(query: Query, question: object = {}) =>
    answerTo(query, await pipeline.invoke('query', { api: 1, query, ...question }));

test('a release from its push to its end, and what is left of it', async () => {
  const pipeline = await givenGates({ production: approval });
  const { clock, log } = pipeline.account;
  const ask = asking(pipeline);
  const main2 = { repository, tag: 'main-2' };
  expect((await ask('release', main2)).image).toBeUndefined();

  const digest = await pipeline.push('main-2');
  await clock.run({ until: () => log.of('ecs', 'service-updated').length > 0 });
  await clock.advance(15_000);

  const { release, image, explain } = await ask('release', main2);
  expect(image).toMatchObject({ ...main2, digest });
  expect(explain?.map(({ isDeployed }) => isDeployed)).toEqual([true, true, true]);
  expect(release).toMatchObject({ repository, image: { digest, commit: 'build-1' }, trigger: { kind: 'push' }, stage: 'staging' });
  expect(release?.stages.map(({ name, state }) => `${name} ${state}`)).toEqual(['staging running', 'production ahead']);
  const rollingOut = release?.stages[0]?.services[0]?.deployment;
  expect(rollingOut).toMatchObject({
    service: 'staging/web',
    phase: 'rollingOut',
    revision: 'staging-web:2',
    previousRevision: 'staging-web:1',
    previousImage: 'my-learn-app:main-1',
    progress: { desired: 1, failed: 0 },
  });
  const { services } = await ask('status', { service: 'staging/web' });
  expect(services).toMatchObject([{ service: 'staging/web', current: { id: rollingOut?.id }, queued: [] }]);

  await clock.advance(15 * minutes);
  const waits = (await ask('release', { release: release?.id })).release;
  expect(waits).toMatchObject({ stage: 'production', waiting: { stage: 'production', for: 'approval' } });
  expect(waits?.stages.map(({ state }) => state)).toEqual(['succeeded', 'waiting']);
  const { repositories } = await ask('status');
  expect(repositories).toMatchObject([
    {
      releases: [{ id: release?.id }],
      stages: [{ name: 'staging' }, { waiting: { for: 'approval', release: release?.name, image: { digest } } }],
    },
  ]);

  await pipeline.invoke('decide', decision(digest));
  await pipeline.runUntilIdle();
  const arn = (await pipeline.executions('release'))[0]?.arn ?? '';
  const ended = (await ask('release', { release: arn })).release;
  expect(ended).toMatchObject({ result: { outcome: 'SUCCEEDED' }, approvals: [{ stage: 'production', by: 'ada' }] });
  expect(ended).not.toHaveProperty('waiting');
  expect(ended?.stages.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);

  await pipeline.release('main-3', 'crashes-on-start');
  const failed = (await ask('release', { repository, tag: 'main-3' })).release;
  const crashed = failed?.stages[0]?.services[0]?.deployment;
  expect(failed?.stages.map(({ state }) => state)).toEqual(['failed', 'ahead']);
  expect(crashed).toMatchObject({ phase: 'ended', result: { outcome: 'ROLLED_BACK' }, rollback: { reason: 'CRASHED' } });
  for (const deployment of [crashed?.name, crashed?.id, pipeline.account.arn('states', `execution:slipway-dev-deployment:${crashed?.id}`)])
    expect((await ask('deployment', { deployment })).deployment).toEqual(crashed);

  const first = await ask('history', { repository, limit: 1 });
  const rest = await ask('history', { repository, limit: 1, next: first.next });
  expect([first, rest]).toMatchObject([{ releases: [{ id: failed?.id }] }, { releases: [{ id: release?.id }] }]);
  expect(rest).not.toHaveProperty('next');
  expect(await ask('history', { service: 'staging/web' })).toMatchObject({ deployments: [{ id: crashed?.id }, { id: rollingOut?.id }] });
  expect((await ask('explain', { repository, tag: 'main-3' })).explain[0]).toMatchObject({ service: 'staging/web', code: 'QUARANTINED' });
  expect((await ask('explain', main2)).explain[0]).toMatchObject({ service: 'staging/web', code: 'ALREADY_RUNNING' });
  expect((await ask('plan', main2)).plan).toMatchObject({ digest });
  expect((await ask('installation')).repositories).toMatchObject([
    { stages: [{ isProduction: false }, { hasApproval: true, isProduction: true }] },
  ]);
  expect(await ask('log', { service: 'staging/web' })).toMatchObject({
    logs: expect.arrayContaining([expect.objectContaining({ isStopped: true })]),
  });

  expect(errorIn(await pipeline.invoke('query', { query: 'release', release: crashed?.name }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(errorIn(await pipeline.invoke('query', { api: 2, query: 'status', more: true }))).toMatchObject({ code: 'API_TOO_NEW' });
});
