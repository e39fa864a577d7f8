import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DescribeTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { appContainer, givenPipeline, type Pipeline, type PipelineOptions, repository } from '../../test/support/pipeline.js';
import type { Execution, PushEvent, Record, Trace, Update } from './oracle.js';
import { type Abort, type OperatorAction, type Push, type Race, works } from './race.js';

const service = 'production/web';
const proxyRepository = 'my-proxy';
const proxyContainer = { ...appContainer, name: 'proxy', image: appContainer.image?.replace(repository, proxyRepository) };
const minutes = (count: number): number => count * 60_000;
const never = Number.POSITIVE_INFINITY;

/** Runs a race until everything has settled, hours of virtual time later. The pipeline stays open. */
export const run = async (race: Race, stack: NonNullable<PipelineOptions['stack']>): Promise<{ trace: Trace; pipeline: Pipeline }> => {
  const { seed, tasks, breaker, assumptions, hasTwoSources } = race;
  const containers = [appContainer, ...(hasTwoSources ? [proxyContainer] : [])];
  const pipeline = await givenPipeline({
    seed,
    stack,
    assumptions,
    repositories: hasTwoSources ? [proxyRepository] : [],
    services: { [service]: { tasks, breaker, containers } },
  });
  const { clock } = pipeline.account;
  const [[first = ''], [firstProxy = '']] = [pipeline.running(service), pipeline.running(service, 'proxy')];
  // The reconciler considers pushes from its first run on; its schedule would invoke it within the hour.
  const reconciler = pipeline.resource('ReconcileLambdaFunction', 'Arn');
  await Promise.all([pipeline.account.services.lambda.invoke(reconciler, { time: clock.date() }), clock.advance(minutes(1))]);
  const pushes = await play(pipeline, race);
  const late = pushes.map(({ deliveredAt }) => (deliveredAt === never ? 0 : deliveredAt - clock.now));
  // The reconciler runs within the hour and starts releases for missed events and held pushes.
  await clock.advance(Math.max(0, ...late) + minutes(90));
  const trace = await traceOf(pipeline, race, first, pushes);
  const proxy = { first: firstProxy, running: pipeline.running(service, 'proxy') };
  return { trace: { ...trace, ...(hasTwoSources && { proxy }) }, pipeline };
};

type Happening = { readonly at: number; readonly play: () => Promise<unknown> };

/** Plays all inputs in the order of their times; answers the pushes. */
const play = async (pipeline: Pipeline, { seed, pushes, operator, aborts }: Race): Promise<PushEvent[]> => {
  const { clock } = pipeline.account;
  const start = clock.now;
  const events: PushEvent[] = [];
  const all: Happening[] = [
    ...pushes.map((push, index) => ({
      at: push.at,
      play: async () =>
        events.push(await pushed(pipeline, push, `${push.isProxy ? 'proxy' : 'main'}-${index + 2}`, `${seed}-${push.again ?? index}`)),
    })),
    ...operator.flatMap((action) => happeningsOf(pipeline, action)),
    ...aborts.map(({ at, machine }) => ({ at, play: () => abort(pipeline, machine) })),
  ];
  for (const { at, play: begin } of all.toSorted((one, other) => one.at - other.at)) {
    await clock.run({ deadline: start + at });
    await begin();
  }
  return events;
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

const happeningsOf = (pipeline: Pipeline, { at, action, releasedAfterMs }: OperatorAction): Happening[] => {
  const byOperator = (order: object) => pipeline.start('deployment', { service, by: 'ada', ...order });
  switch (action) {
    case 'rolls back':
      return [{ at, play: () => byOperator({ rollback: true }) }];
    case 'redeploys':
      return [{ at, play: () => byOperator({ redeploy: true }) }];
    case 'cancelTarget':
      return [{ at, play: () => byOperator({ cancel: true }) }];
    case 'holds':
      return [
        { at, play: () => byOperator({ hold: true }) },
        { at: at + releasedAfterMs, play: () => byOperator({ hold: false }) },
      ];
    case 'forces a new deployment in the console':
      return [{ at, play: () => pipeline.forceNewDeployment(service) }];
    case 'takes the first revision in the console': {
      const update = new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition: 'production-web:1' });
      return [{ at, play: () => pipeline.ecs.send(update) }];
    }
  }
};

/** Aborts the youngest running execution of a machine, if any. */
const abort = async (pipeline: Pipeline, machine: Abort['machine']): Promise<void> => {
  const executions = pipeline.account.services.states.executions(pipeline.machine(machine));
  const youngest = executions.findLast(({ status }) => status === 'RUNNING');
  if (youngest) await pipeline.executionsClient.send(new StopExecutionCommand({ executionArn: youngest.arn, cause: 'ada' }));
};

/** Collects the observations. */
const traceOf = async (pipeline: Pipeline, race: Race, first: string, pushes: readonly PushEvent[]): Promise<Trace> => {
  const { log, services } = pipeline.account;
  const table = new DynamoDBClient(pipeline.emulator.clientConfig());
  const items = async (pk: string): Promise<Item[]> => {
    const { Items = [] } = await table.send(
      new QueryCommand({
        TableName: pipeline.resource('Table'),
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': pk }),
      }),
    );
    return Items.map((item) => unmarshall(item) as Item);
  };
  const partitions = [`service#${service}`, `repository#${repository}`, `repository#${proxyRepository}`];
  const all = (await Promise.all(partitions.map(items))).flat();
  const records = all
    .filter(({ sk }) => /^(deployment|release)#/.test(sk))
    .map(({ result, ...record }) => ({ ...record, ...(result as object | undefined) })) as unknown as Record[];
  return {
    race,
    first,
    pushes,
    updates: await updatesOf(pipeline),
    executions: services.states.executions() as readonly Execution[],
    messages: pipeline.messages().map(({ id, result }) => ({ id, outcome: result.outcome, reason: result.reason })),
    records,
    state: all.find(({ sk }) => sk === 'state') ?? {},
    claims: all.filter(({ sk }) => sk.startsWith('claim#')).map(({ sk }) => sk),
    running: pipeline.running(service),
    failures: log.entries
      .filter(
        ({ source, type }) =>
          source === 'emulator' ||
          type === 'dead-lettered' ||
          type === 'dropped' ||
          (source === 'lambda' && type !== 'invoked' && type !== 'answered'),
      )
      .map(({ source, type, detail }) => `${source} ${type} ${JSON.stringify(detail)}`),
  };
};

type Item = { readonly pk: string; readonly sk: string; readonly [name: string]: unknown };

/** Every UpdateService of the service, in order. */
const updatesOf = async ({ account, ecs }: Pipeline): Promise<Update[]> => {
  const updates: Update[] = [];
  for (const { time, detail } of account.log.of('ecs', 'service-updated')) {
    const revision = String(detail.taskDefinition);
    const { taskDefinition, tags = [] } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: revision, include: ['TAGS'] }),
    );
    const [digest = '', proxyDigest = ''] = (taskDefinition?.containerDefinitions ?? []).map(
      ({ image = '' }) => /@(sha256:\w+)/.exec(image)?.[1] ?? '',
    );
    const by = /UpdateServiceRole|RollBackRole/.exec(String(detail.by))?.[0] ?? 'operator';
    updates.push({
      at: time,
      by: by === 'operator' ? 'operator' : by === 'RollBackRole' ? 'rollback' : 'forward',
      revision,
      digest,
      proxyDigest,
      execution: tags.find(({ key }) => key === 'slipway:execution')?.value ?? '',
    });
  }
  return updates;
};
