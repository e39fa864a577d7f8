import { approval, decision, gated, givenGates, minutes, officeHours, released, reports, said } from '../support/gated.js';
import { appContainer, closePipelines, givenPipeline } from '../support/pipeline.js';
import { planOf } from '../support/revisions.js';
import { itemsOf } from '../support/table.js';
import { entered } from '../support/waiting.js';

afterEach(closePipelines);

const onlyWeb = { services: ['production/web'] };
const evenings = { ...officeHours, from: '18:00', to: '20:00' };

test('the stack is deployed anew twice while a release waits: gates are those of the last one, services those of the plan', async () => {
  const pipeline = await givenGates({ production: approval });
  const [, before = ''] = ['production/web', 'production/worker'].map((service) => pipeline.running(service)[0]);
  const { arn, digest } = await released(pipeline, 'main-2');
  expect(said(pipeline)).toEqual(['request']);

  // No approval any more, and a window: the release finds it at its next look, within the hour.
  await pipeline.deployAgain(gated({ production: { window: evenings } }));
  await pipeline.account.clock.advance(61 * minutes);
  expect(said(pipeline)).toEqual(['request', 'window']);
  expect(pipeline.waitingMessages()[1]?.waiting).toMatchObject({ because: 'window', until: '2026-11-23T17:00:00.000Z' });

  // An earlier window, and a service less.
  await pipeline.deployAgain(gated({ production: { ...onlyWeb, window: { ...evenings, from: '14:00' } } }));
  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'PARTIAL', reason: 'NOT_CONFIGURED' });

  expect(new Date(entered(pipeline, arn, 'DeployServices')[1] ?? 0).toISOString()).toMatch(/^2026-11-23T13:0/);
  expect(pipeline.running('production/web')).toEqual([digest]);
  expect(pipeline.running('production/worker')).toEqual([before]);
  const [report] = reports(pipeline);
  expect(report?.services).toMatchObject([
    {},
    { result: { reason: 'DEPLOYED' } },
    { result: { outcome: 'SKIPPED', reason: 'NOT_CONFIGURED' } },
  ]);
  expect(report?.text).toContain('production/worker');
});

test('an approval that the stack asks for since the release was planned is asked for', async () => {
  const pipeline = await givenGates({});
  const before = pipeline.running('production/web');
  const digest = await pipeline.push('main-2', 'slow-to-start');
  const { clock, log } = pipeline.account;
  await clock.run({ until: () => log.of('ecs', 'service-updated').length === 1 });
  await pipeline.deployAgain(gated({ production: approval }));
  await clock.advance(15 * minutes);

  expect(pipeline.running('staging/web')).toEqual([digest]);
  expect(pipeline.running('production/web')).toEqual(before);
  expect(said(pipeline)).toEqual(['request']);
  await pipeline.invoke('decide', decision(digest));
  const [release] = await pipeline.executions('release');
  expect(await pipeline.ended(release?.arn ?? '')).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
});

test('a freeze that comes while a release waits for approval holds it after the approval', async () => {
  const pipeline = await givenGates({ production: approval });
  const { arn, digest } = await released(pipeline, 'main-2');
  const freeze = [{ from: '2026-11-23', to: '2026-11-23', timezone: 'Europe/Berlin', reason: 'an incident' }];
  await pipeline.deployAgain(gated({ production: { ...approval, freeze } }));
  await pipeline.invoke('decide', decision(digest));
  await pipeline.account.clock.advance(minutes);
  expect(said(pipeline)).toEqual(['request', 'window']);

  // It is lifted by a deployment of the stack.
  await pipeline.deployAgain(gated({ production: approval }));
  await pipeline.account.clock.advance(65 * minutes);
  expect(await pipeline.execution(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
});

test('what production cannot run is a warning before staging, in the request and in the plan, and ends the release after the approval', async () => {
  const named = [{ service: 'production/web', container: 'app' }, 'production/worker'];
  const pipeline = await givenPipeline({
    stack: gated({ production: { ...approval, services: named } }),
    services: { 'staging/web': {}, 'production/web': { containers: [{ ...appContainer, name: 'web' }] } },
  });
  const before = pipeline.running('production/web', 'web');
  const { arn, digest } = await released(pipeline, 'main-2');
  const found = [
    { severity: 'block', code: 'CONTAINER_MISSING', service: 'production/web' },
    { severity: 'block', code: 'SERVICE_NOT_DEPLOYABLE', service: 'production/worker' },
  ];

  expect(pipeline.waitingMessages()).toMatchObject([{ findings: found }]);
  const items = await itemsOf(pipeline);
  expect(await planOf(pipeline, { tag: 'main-2' })).toMatchObject({
    stages: [{ findings: [] }, { gates: { approval: {} }, findings: found }],
  });
  expect(await itemsOf(pipeline)).toEqual(items);

  await pipeline.invoke('decide', decision(digest));
  const { message, ...result } = await pipeline.ended(arn);
  expect(result).toMatchObject({ outcome: 'FAILED', reason: 'PREFLIGHT' });
  expect(pipeline.running('production/web', 'web')).toEqual(before);
  const [report] = reports(pipeline);
  for (const { service } of found) {
    expect(message).toContain(service);
    expect(report?.warnings?.join()).toContain(service);
  }
  expect(report?.services).toMatchObject([{ service: 'staging/web' }]);
});
