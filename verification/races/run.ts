import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { setAlarm } from '../../test/support/failing.js';
import { appContainer, givenPipeline, type Pipeline, type PipelineOptions, repository } from '../../test/support/pipeline.js';
import { itemsOf } from '../../test/support/table.js';
import { abortDuring } from '../abort-during.js';
import { alarm, givenVerification } from '../hooks.js';
import type { RaceFault } from './faults.js';
import { type Abort, type GateAction, type OperatorAction, type Push, proxyRepository, type Race, service, works } from './race.js';
import { traceOf } from './read-trace.js';
import type { PushEvent, Trace } from './trace.js';

const proxyContainer = { ...appContainer, name: 'proxy', image: appContainer.image?.replace(repository, proxyRepository) };
const minutes = (count: number): number => count * 60_000;
const never = Number.POSITIVE_INFINITY;

/** Runs a race until everything has settled, hours of virtual time later. The pipeline stays open. */
export const run = async (race: Race, stack: NonNullable<PipelineOptions['stack']>): Promise<{ trace: Trace; pipeline: Pipeline }> => {
  const { seed, tasks, breaker, assumptions, staleReadMs, hasTwoSources } = race;
  const containers = [appContainer, ...(hasTwoSources ? [proxyContainer] : [])];
  const pipeline = await givenPipeline({
    seed,
    stack,
    assumptions,
    staleReadMs,
    repositories: hasTwoSources ? [proxyRepository] : [],
    services: { [service]: { tasks, breaker, containers } },
  });
  const { clock } = pipeline.account;
  if (race.hasHooks) await givenVerification(pipeline);
  const [[first = ''], [firstProxy = '']] = [pipeline.running(service), pipeline.running(service, 'proxy')];
  // The reconciler considers pushes from its first run on; its schedule would invoke it within the hour.
  const reconciler = pipeline.resource('ReconcileLambdaFunction', 'Arn');
  await Promise.all([pipeline.account.services.lambda.invoke(reconciler, { time: clock.date() }), clock.advance(minutes(1))]);
  const { pushes, ...answers } = await play(pipeline, race);
  const late = pushes.map(({ deliveredAt }) => (deliveredAt === never ? 0 : deliveredAt - clock.now));
  // The reconciler runs within the hour and starts releases for missed events and held pushes.
  await clock.advance(Math.max(0, ...late) + minutes(race.hasGate || race.hasHooks ? 150 : 90));
  const trace = { ...(await traceOf(pipeline, race, first, pushes)), ...answers };
  const proxy = { first: firstProxy, running: pipeline.running(service, 'proxy') };
  return { trace: { ...trace, ...(hasTwoSources && { proxy }) }, pipeline };
};

type Happening = { readonly at: number; readonly play: () => Promise<unknown> };

type Played = { readonly pushes: PushEvent[] } & { -readonly [Name in 'cancels' | 'approvals' | 'alarms']: Trace[Name][number][] };

/** Plays all inputs in the order of their times; answers the pushes, and what operators did. */
const play = async (pipeline: Pipeline, race: Race): Promise<Played> => {
  const { clock, faults } = pipeline.account;
  const { seed } = race;
  const start = clock.now;
  const pushes: PushEvent[] = [];
  const cancels: number[] = [];
  const alarms: number[] = [];
  const approvals: Played['approvals'] = [];
  const all: Happening[] = [
    ...race.pushes.map((push, index) => ({
      at: push.at,
      play: async () =>
        pushes.push(await pushed(pipeline, push, `${push.isProxy ? 'proxy' : 'main'}-${index + 2}`, `${seed}-${push.again ?? index}`)),
    })),
    ...race.operator.flatMap((action) => happeningsOf(pipeline, action, { cancels, alarms })),
    ...race.gateActions.map(({ at, action }) => ({ at, play: () => answer(pipeline, action, cancels, approvals) })),
    ...race.aborts.map((one) => ({ at: one.at, play: () => beginAbort(pipeline, one) })),
    ...race.faults.map((fault) => ({ at: fault.at, play: async () => inject(faults, fault) })),
  ];
  for (const { at, play: begin } of all.toSorted((one, other) => one.at - other.at)) {
    await clock.run({ deadline: start + at });
    await begin();
  }
  return { pushes, cancels, approvals, alarms };
};

const inject = (faults: Pipeline['account']['faults'], { kind, fault }: RaceFault): void => {
  if (kind === 'delivery') faults.injectDelivery(fault);
  else if (kind === 'request') faults.inject(fault);
  else faults.injectInvocation(fault);
};

const pushed = async (
  pipeline: Pipeline,
  { behaviour, isProxy, tags, delivery, delayMs }: Push,
  tag: string,
  build: string,
): Promise<PushEvent> => {
  const { clock, faults } = pipeline.account;
  if (delivery !== 'once') faults.injectDelivery({ rule: 'push', kind: delivery, delayMs, times: tags });
  let digest = '';
  for (let index = 0; index < tags; index++) {
    const name = index === 0 ? tag : `${tag}-${index}`;
    digest = await pipeline.push(name, behaviour, build, isProxy ? proxyRepository : repository);
  }
  // Events carry their time in seconds.
  const at = Math.floor(clock.now / 1000) * 1000;
  const deliveredAt = delivery === 'lost' ? never : clock.now + (delivery === 'delayed' ? delayMs : 0) + 500;
  return { digest, isProxy, at, deliveredAt, works: works(behaviour) };
};

const happeningsOf = (
  pipeline: Pipeline,
  { at, action, releasedAfterMs }: OperatorAction,
  { cancels, alarms }: Pick<Played, 'cancels' | 'alarms'>,
): Happening[] => {
  const byOperator = (order: object) => pipeline.start('deployment', { service, by: 'ada', ...order });
  switch (action) {
    case 'rolls back':
      return [{ at, play: () => byOperator({ rollback: true }) }];
    case 'redeploys':
      return [{ at, play: () => byOperator({ redeploy: true }) }];
    case 'cancels':
      return [{ at, play: async () => cancels.push(await command(pipeline, 'cancel')) }];
    case 'cancels and stops the task':
      return [{ at, play: async () => cancels.push(await command(pipeline, 'cancel', { stopTask: true })) }];
    case 'sets off the alarm': {
      const goOff = async (): Promise<void> => {
        alarms.push(pipeline.account.clock.now);
        await setAlarm(pipeline, alarm, 'ALARM');
      };
      const end = at + Math.min(releasedAfterMs, minutes(5));
      return [
        { at, play: goOff },
        { at: end, play: () => setAlarm(pipeline, alarm, 'OK') },
      ];
    }
    case 'holds':
      return [
        { at, play: () => command(pipeline, 'hold') },
        { at: at + releasedAfterMs, play: () => command(pipeline, 'unhold') },
      ];
    case 'forces a new deployment in the console':
      return [{ at, play: () => pipeline.forceNewDeployment(service) }];
    case 'takes the first revision in the console': {
      const update = new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition: 'production-web:1' });
      return [{ at, play: () => pipeline.ecs.send(update) }];
    }
  }
};

/** Gives a command, again while the function fails; answers when that was done. */
const command = async (pipeline: Pipeline, name: Parameters<Pipeline['control']>[0], more: object = {}): Promise<number> => {
  const { clock } = pipeline.account;
  for (let attempts = 0; attempts < 5; attempts++) {
    const { outcome } = await pipeline.control(name, service, { by: 'ada', reason: 'a race', ...more });
    if (outcome !== undefined) break;
    await clock.advance(minutes(1));
  }
  return clock.now;
};

/** Answers the request that is open, or cancels the release that waits. */
const answer = async (
  pipeline: Pipeline,
  action: GateAction['action'],
  cancels: number[],
  approvals: Played['approvals'],
): Promise<void> => {
  const gate = (await itemsOf(pipeline)).find(({ sk }) => sk === 'gate#production');
  if (!gate) return;
  const { digest, pk } = gate as { readonly digest?: string; readonly pk: string };
  const place = { command: action, repository: pk.replace('repository#', ''), stage: 'production', by: 'ada', reason: 'a race' };
  if (action === 'cancel') {
    cancels.push(pipeline.account.clock.now);
    await pipeline.invoke('control', place);
    return;
  }
  if (action === 'approve') approvals.push({ digest: String(digest), at: pipeline.account.clock.now });
  await pipeline.invoke('decide', { ...place, digest });
};

/** Aborts now, or while a function of the machine runs. */
const beginAbort = async (pipeline: Pipeline, { machine, during }: Abort): Promise<void> => {
  if (during) abortDuring(pipeline, during, () => abort(pipeline, machine));
  else await abort(pipeline, machine);
};

/** Aborts the youngest running execution of a machine, if any. */
const abort = async (pipeline: Pipeline, machine: Abort['machine']): Promise<void> => {
  const executions = pipeline.account.services.states.executions(pipeline.machine(machine));
  const youngest = executions.findLast(({ status }) => status === 'RUNNING');
  if (youngest) await pipeline.executionsClient.send(new StopExecutionCommand({ executionArn: youngest.arn, cause: 'ada' }));
};
