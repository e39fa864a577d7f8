import {
  ContinueServiceDeploymentCommand,
  DeleteServiceCommand,
  type DeploymentLifecycleHook,
  DescribeServiceDeploymentsCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { deploying, givenAlarm, guardedBy, minutes, rolling, until, web } from '../support/failing.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { atOnce, entered, failedTaskEvents, eventsOfEcs, waits } from '../support/waiting.js';

afterEach(closePipelines);

const hours = 60 * minutes;

const lostEvents = ({ account }: Pipeline): void =>
  account.faults.injectDelivery({ rule: 'slipway-dev-ecs', kind: 'lost', times: Number.POSITIVE_INFINITY });

const show = (pipeline: Pipeline, arn: string) => {
  const t0 = pipeline.account.services.states.history(arn)[0]?.timestamp.getTime() ?? 0;
  const { states } = pipeline.account.services;
  console.log(states.transitions(arn), states.history(arn).length, ['RegisterRevision','WatchRollout', 'RollBack', 'CloseDeployment'].map(s => s + ' ' + entered(pipeline, arn, s).map(t => (t - t0)/1000).join()).join('\n'),
   pipeline.account.log.of('ecs','rollout-completed').map(e=>(e.time-t0)/1000).join(), 'stop', pipeline.account.log.of('ecs','service-deployment-stop-requested').map(e=>(e.time-t0)/1000).join());
};

test.each([['healthy',1],['crashes-on-start',4],['slow-to-start',20]] as const)('lost %s', async (behaviour,tasks) => {
  const { pipeline, start } = await deploying(behaviour, { tasks });
  lostEvents(pipeline);
  const arn = await start();
  console.log((await pipeline.ended(arn)).outcome);
  show(pipeline, arn);
});
test('lost foreign', async () => {
  const { pipeline, start } = await deploying('healthy', { tasks: 2 });
  lostEvents(pipeline);
  await pipeline.forceNewDeployment(web);
  const arn = await start();
  console.log((await pipeline.ended(arn)).outcome);
  show(pipeline, arn);
});
test('1 min', async () => {
  const { pipeline, start } = await deploying('healthy', { tasks: 1 });
  const arn = await start();
  console.log((await pipeline.ended(arn)).outcome);
  show(pipeline, arn);
});
test('2 h', async () => {
  const { pipeline, start } = await deploying('healthy', { tasks: 1, deploymentConfiguration: guardedBy('web-5xx', { bakeTimeInMinutes: 118 }) });
  await givenAlarm(pipeline, 'web-5xx', 'OK');
  const arn = await start();
  console.log((await pipeline.ended(arn)).outcome);
  show(pipeline, arn);
});
test('2 h slow', async () => {
  const { pipeline, start } = await deploying('slow-to-start', { tasks: 40, deploymentConfiguration: {...rolling, maximumPercent: 105} });
  const arn = await start();
  const e = await pipeline.ended(arn);
  console.log(e.outcome, e.reason);
  show(pipeline, arn);
});
test('deleted', async () => {
  const { pipeline, start } = await deploying('slow-to-start', { tasks: 4 });
  const arn = await start();
  await waits(pipeline, arn, 'WatchRollout');
  await pipeline.account.clock.advance(10_000);
  await pipeline.ecs.send(new DeleteServiceCommand({ cluster: 'production', service: 'web', force: true }));
  const e = await pipeline.ended(arn);
  console.log(e.outcome, e.reason);
  show(pipeline, arn);
});
test('placement', async () => {
  const { pipeline, start } = await deploying('healthy', { tasks: 4 });
  pipeline.account.services.ecs.failPlacement('production', 'web', 'RESOURCE:CPU');
  const events = eventsOfEcs(pipeline);
  const arn = await start();
  const e = await pipeline.ended(arn);
  const t0 = pipeline.account.services.states.history(arn)[0]?.timestamp.getTime() ?? 0;
  console.log(e.outcome, e.reason, events.filter(e=>e.detail.eventName==='SERVICE_TASK_PLACEMENT_FAILURE').map(e=>(e.at-t0)/1000).join());
  show(pipeline, arn);
});
test('paused', async () => {
  const { pipeline, start } = await deploying('healthy', { tasks: 2 });
  const lifecycleHooks: DeploymentLifecycleHook[] = [{ targetType: 'PAUSE', lifecycleStages: ['PRE_SCALE_UP'] }];
  const update = { cluster: 'production', service: 'web', deploymentConfiguration: { ...rolling, lifecycleHooks } };
  await pipeline.ecs.send(new UpdateServiceCommand(update));
  const arn = await start();
  await pipeline.account.clock.advance(20 * hours);
  show(pipeline, arn);
  const e = await pipeline.ended(arn);
  console.log(e.outcome, e.reason);
  show(pipeline, arn);
});
