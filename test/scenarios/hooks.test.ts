import { all, type Failing, givenEverything, type Options, urlOf } from '../support/everything.js';
import { decision, minutes } from '../support/gated.js';
import { closePipelines, type Pipeline } from '../support/pipeline.js';
import { critical, pushScanned, type Scanned } from '../support/scanned.js';
import { sourceOf, staging, web, worker } from '../support/staged.js';

afterEach(closePipelines);

const runningOn = (pipeline: Pipeline) => all.map((service) => pipeline.running(service)[0]);

/** Pushes an image; once staging has it, production is approved or not. */
const released = async (pipeline: Pipeline, scanned: Scanned = {}, command: 'approve' | 'reject' = 'approve') => {
  const digest = await pushScanned(pipeline, 'main-2', scanned);
  await pipeline.account.clock.advance(15 * minutes);
  const { status } = (await pipeline.executions('release'))[0] ?? {};
  if (status === 'RUNNING') await pipeline.invoke('decide', decision(digest, command));
  await pipeline.runUntilIdle();
  const [release] = await pipeline.executions('release');
  return { digest, arn: release?.arn ?? '', result: `${release?.outcome} ${release?.reason}` };
};

const states = ['RunBeforeTask', 'VerifyUrl', 'InvokeVerifier', 'Verify', 'PassGates', 'UpdateService', 'RollBack'] as const;
/** How often an execution entered the states of hooks. */
const counted = async (pipeline: Pipeline, arn: string) => {
  const path = await pipeline.path(arn);
  return Object.fromEntries(states.flatMap((state) => (path.includes(state) ? [[state, path.filter((one) => one === state).length]] : [])));
};

test('three stages with every hook are deployed, and the chat reads of each', async () => {
  const pipeline = await givenEverything();
  const { digest, arn, result } = await released(pipeline);

  expect(result).toBe('SUCCEEDED DEPLOYED');
  expect(runningOn(pipeline)).toEqual([digest, digest, digest]);
  // The scan and the approval: one visit that waits, and one that passes; the window is open.
  expect(await counted(pipeline, arn)).toEqual({ PassGates: 5 });
  const children = await pipeline.executions('deployment');
  const hooks = await Promise.all(children.map((one) => counted(pipeline, one.arn)));
  const stageBefore = { RunBeforeTask: 2, UpdateService: 1 };
  const service = { RunBeforeTask: 2, UpdateService: 1, VerifyUrl: 1, InvokeVerifier: 1, Verify: 3 };
  expect(hooks).toEqual([stageBefore, service, stageBefore, service, stageBefore, service]);
  const beforeTask = { outcome: 'SUCCEEDED', exitCode: 0 };
  const verification = { url: { isPassed: true }, verifier: { isPassed: true } };
  expect(pipeline.messages().at(-1)).toMatchObject({
    id: arn,
    beforeTasks: [beforeTask, beforeTask, beforeTask].map((one) => ({ beforeTask: one })),
    services: all.map((name) => ({ service: name, beforeTask, verification })),
  });
});

/** States more that a service's deployment enters for a hook of its own. */
test.each<[object, number]>([
  [{}, 0],
  [{ before: { command: ['npm', 'run', 'migrate'] } }, 2],
  [{ verify: { url: urlOf(web) } }, 2],
  [{ verify: { function: 'my-verifier' } }, 2],
  [{ verify: { bake: '2m' } }, 2],
  [{ verify: { bake: '2m', alarms: ['production-web'] } }, 2],
  [{ verify: { url: urlOf(web), function: 'my-verifier', bake: '2m', alarms: ['production-web'] } }, 5],
])('%j costs %i transitions', async (hooks, more) => {
  const pipeline = await givenEverything({ stages: [{ name: 'production', services: [{ service: web, ...hooks }] }] });
  const { digest } = await pipeline.release('main-2');

  expect(pipeline.running(web)).toEqual([digest]);
  const [deployment] = await pipeline.executions('deployment');
  // The looks at the rollout depend on when its reads show it.
  const path = await pipeline.path(deployment?.arn ?? '');
  expect(path.filter((state) => state !== 'WatchRollout')).toHaveLength(12 + more);
});

type Row = readonly [
  what: string,
  given: Options & { readonly scanned?: Scanned; readonly command?: 'approve' | 'reject'; readonly isUnplaced?: boolean },
  result: string,
  /** Which of staging, web and worker run the new image. */
  deployed: readonly string[],
  quarantined: readonly string[],
  /** What the chat reads. */
  text: string,
];

const undone = { stage: { onFailure: 'rollBackAll', rollBackScope: 'release' } };
const failing = (service: string, hook: NonNullable<Failing['hook']>) => ({ failing: { service, hook } });

test.each<Row>([
  ['the scan of the image', { scanned: { findings: [critical] } }, 'FAILED SCAN_FINDINGS', [], [], 'CVE-2026-1234'],
  ['the approval', { command: 'reject' }, 'FAILED REJECTED', [staging], [], 'ada'],
  ['the before task of the stage', failing(web, 'stageBefore'), 'FAILED BEFORE_TASK', [staging], [web], 'exit'],
  ['the before task of the service', failing(web, 'before'), 'FAILED BEFORE_TASK', [staging], [web], 'exit'],
  ['the URL', failing(web, 'url'), 'ROLLED_BACK VERIFICATION', [staging], [web], 'status 503'],
  ['the function', failing(web, 'function'), 'ROLLED_BACK VERIFICATION', [staging], [web], 'the cart is broken'],
  ['an alarm', failing(web, 'alarm'), 'ROLLED_BACK ALARM', [staging], [web], 'production-web'],
  ['a task', failing(web, 'tasks'), 'ROLLED_BACK CRASHED', [staging], [web], 'exit'],
  ['the rollout', { isUnplaced: true }, 'ROLLED_BACK PLACEMENT', [staging], [], 'PLACEMENT'],
  [
    'the last before task, and the release is undone,',
    { ...failing(worker, 'before'), ...undone },
    'ROLLED_BACK STAGE_FAILED',
    [],
    [worker],
    'exit',
  ],
  [
    'the last URL, and the release is undone,',
    { ...failing(worker, 'url'), ...undone },
    'ROLLED_BACK VERIFICATION',
    [],
    [worker],
    'status 503',
  ],
])('%s fails', async (_, { scanned, command, isUnplaced, ...options }, result, deployed, quarantined, text) => {
  const pipeline = await givenEverything(options);
  const [before] = runningOn(pipeline);
  if (isUnplaced) pipeline.account.services.ecs.failPlacement('production', 'web', 'RESOURCE:MEMORY');

  const { digest, ...release } = await released(pipeline, scanned, command);

  expect(release.result).toBe(result);
  expect(runningOn(pipeline)).toEqual(all.map((service) => (deployed.includes(service) ? digest : before)));
  for (const service of all) {
    const { quarantine = [] } = await sourceOf(pipeline, service);
    expect([service, quarantine.map((one) => one.digest)]).toEqual([service, quarantined.includes(service) ? [digest] : []]);
  }
  const reported = pipeline.messages().filter(({ command: name }) => name === undefined);
  expect(reported).toMatchObject([{ id: release.arn, text: expect.stringContaining(text) }]);
});
