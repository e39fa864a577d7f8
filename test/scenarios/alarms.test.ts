import { metricsOf, safetyLookMetricsOf } from '../../functions/runtime/metrics.js';
import { deploymentRecord } from '../core/given.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { revoked } from '../support/slack-server.js';

afterEach(closePipelines);

const minutes = 60_000;

const stateOf = (pipeline: Pipeline, alarm: string) => pipeline.account.services.cloudwatch.stateOf(`slipway-dev-${alarm}`);

const firing = (pipeline: Pipeline) =>
  [
    'rollback-failed',
    'outcome-unknown',
    'sweep-stopped',
    'reconcile-stopped',
    'messages-refused',
    'messages-waiting',
    'undelivered-messages',
    'undelivered-pushes',
    'unhandled-events',
    'events-lost',
  ].filter((alarm) => stateOf(pipeline, alarm) === 'ALARM');

/** What closeDeployment writes to its log in Lambda. */
const close = (pipeline: Pipeline, outcome: 'ROLLBACK_FAILED' | 'UNKNOWN' | 'ROLLED_BACK') => {
  const { clock, services } = pipeline.account;
  const metrics = metricsOf(deploymentRecord(), { outcome, reason: 'CRASHED', message: '' }, clock.date().toISOString(), 'dev');
  services.logs.write('/aws/lambda/slipway-dev-closeDeployment', 'one', JSON.stringify(metrics));
};

test('no alarm fires while rollouts succeed or are rolled back, and time passes', async () => {
  const pipeline = await givenPipeline();
  await pipeline.release('main-2');
  await pipeline.release('main-3', 'crashes-on-start');
  close(pipeline, 'ROLLED_BACK');

  // The interval of reconcile has passed once.
  for (let passed = 0; passed < 24; passed++) {
    await pipeline.account.clock.advance(5 * minutes);
    if (passed >= 12) expect(firing(pipeline)).toEqual([]);
  }
});

test('an outcome that needs a look sets off its alarm, which is published to the topic', async () => {
  const pipeline = await givenPipeline();
  // Before its first run, a function that is invoked on a schedule looks like one that is not.
  await pipeline.account.clock.advance(65 * minutes);
  expect(firing(pipeline)).toEqual([]);

  close(pipeline, 'ROLLBACK_FAILED');
  expect(firing(pipeline)).toEqual(['rollback-failed']);
  close(pipeline, 'UNKNOWN');
  expect(firing(pipeline)).toEqual(['rollback-failed', 'outcome-unknown']);

  const subjects = pipeline.account.services.sns.published(pipeline.resource('Topic')).map(({ subject }) => subject);
  expect(subjects).toContain('ALARM: "slipway-dev-rollback-failed" in eu-west-1');
  expect(subjects).toContain('ALARM: "slipway-dev-outcome-unknown" in eu-west-1');
});

test.each([
  ['sweep-schedule', 'sweep-stopped', 30],
  ['reconcile', 'reconcile-stopped', 240],
])('when the rule %s no longer invokes its function, the alarm %s fires', async (rule, alarm, withinMinutes) => {
  const pipeline = await givenPipeline();
  await pipeline.account.clock.advance(65 * minutes);
  expect(firing(pipeline)).toEqual([]);

  const name = `slipway-dev-${rule}`;
  const arn = pipeline.account.arn('events', `rule/${name}`);
  pipeline.account.services.events.putRule({ name, arn, scheduleExpression: 'rate(1 hour)', isEnabled: false, targets: [] });
  await pipeline.account.clock.advance(withinMinutes * minutes);

  expect(firing(pipeline)).toEqual([alarm]);
});

test('an event that handleEcsEvent cannot handle sets off an alarm, and its deployment succeeds without it', async () => {
  const pipeline = await givenPipeline();
  await pipeline.account.clock.advance(65 * minutes);
  pipeline.account.faults.injectInvocation({ function: 'handleEcsEvent', kind: 'throws', times: Number.POSITIVE_INFINITY });

  expect(await pipeline.release('main-2')).toMatchObject({ status: 'SUCCEEDED' });
  await pipeline.account.clock.advance(10 * minutes);

  expect(firing(pipeline)).toEqual(['unhandled-events']);
});

test.each([
  ['a lost', 'lost', [1, 1, 1]], // each of the three services
  ['a delivered', 'doubled', []],
] as const)('%s event that a rollout has completed: every safety look that its deployment needs is published', async (_, kind, found) => {
  const pipeline = await givenPipeline();
  pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-ecs-services-1', kind, times: Number.POSITIVE_INFINITY });
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  process.env.AWS_LAMBDA_FUNCTION_NAME = 'slipway-dev-watchRollout';
  await pipeline.release('main-2');
  delete process.env.AWS_LAMBDA_FUNCTION_NAME;
  write.mockRestore();

  const looks = lines
    .filter((line) => line.includes('"SafetyLooks"'))
    .map((line) => (JSON.parse(line) as { SafetyLooksThatFound: number }).SafetyLooksThatFound);
  expect(looks).toEqual(found);
  expect(lines.some((line) => line.includes('"TimeToAction":'))).toBe(kind !== 'lost');
});

test('safety looks that found something in two hours of a day set off an alarm, and others do not', async () => {
  const pipeline = await givenPipeline();
  const { clock, services } = pipeline.account;
  await clock.advance(65 * minutes);
  const look = async (hasFound: boolean) => {
    const metrics = safetyLookMetricsOf('production/web', hasFound, clock.date().toISOString(), 'dev');
    services.logs.write('/aws/lambda/slipway-dev-watchRollout', 'one', JSON.stringify(metrics));
    await clock.advance(2 * 60 * minutes);
    return firing(pipeline);
  };

  expect(await look(false)).toEqual([]);
  expect(await look(false)).toEqual([]);
  expect(await look(true)).toEqual([]);
  expect(await look(true)).toEqual(['events-lost']);
});

test('a webhook that was revoked sets off an alarm after 15 minutes, long before the message is a dead letter', async () => {
  const pipeline = await givenPipeline();
  await pipeline.account.clock.advance(65 * minutes);
  pipeline.slack.always = revoked;
  await pipeline.push('main-2');
  await pipeline.account.clock.run({ until: () => pipeline.slack.requests() > 0 });

  await pipeline.account.clock.advance(13 * minutes);
  const early = firing(pipeline);
  await pipeline.account.clock.advance(7 * minutes);

  expect(early).toEqual([]);
  // Not messages-waiting: SQS no longer counts the age of a message that was received three times.
  expect(firing(pipeline)).toEqual(['messages-refused']);
});
