import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DescribeTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { givenPipeline, type Pipeline, type PipelineOptions } from '../pipeline.js';
import type { Execution, PushEvent, Record, Story, Update } from './oracle.js';
import { type Abort, type Deed, type Push, type Race, works } from './race.js';

const service = 'production/web';
const minutes = (count: number): number => count * 60_000;
const never = Number.POSITIVE_INFINITY;

/** Runs a race to its end, hours later, and tells what happened. The pipeline stays open. */
export const run = async (race: Race, stack: NonNullable<PipelineOptions['stack']>): Promise<{ story: Story; pipeline: Pipeline }> => {
  const { seed, tasks, breaker, assumptions } = race;
  const pipeline = await givenPipeline({ seed, stack, assumptions, services: { [service]: { tasks, breaker } } });
  const { clock } = pipeline.account;
  const [first = ''] = pipeline.running(service);
  // As its schedule does within the hour: what is pushed from now on is the reconciler's business.
  const reconciler = pipeline.resource('ReconcileLambdaFunction', 'Arn');
  await Promise.all([pipeline.account.services.lambda.invoke(reconciler, { time: clock.date() }), clock.advance(minutes(1))]);
  const pushes = await happen(pipeline, race);
  const late = pushes.map(({ heardAt }) => (heardAt === never ? 0 : heardAt - clock.now));
  // The reconciler comes within the hour, makes up for what was lost or held, and that takes its time.
  await clock.advance(Math.max(0, ...late) + minutes(90));
  return { story: await told(pipeline, race, first, pushes), pipeline };
};

type Happening = { readonly at: number; readonly happen: () => Promise<unknown> };

/** Everything that is put in, in its order. */
const happen = async (pipeline: Pipeline, { seed, pushes, person, aborts }: Race): Promise<PushEvent[]> => {
  const { clock } = pipeline.account;
  const start = clock.now;
  const events: PushEvent[] = [];
  const all: Happening[] = [
    ...pushes.map((push, index) => ({
      at: push.at,
      happen: async () => events.push(await pushed(pipeline, push, `main-${index + 2}`, `${seed}-${push.again ?? index}`)),
    })),
    ...person.flatMap((deed) => deedsOf(pipeline, deed)),
    ...aborts.map(({ at, machine }) => ({ at, happen: () => abort(pipeline, machine) })),
  ];
  for (const { at, happen: begin } of all.toSorted((one, other) => one.at - other.at)) {
    await clock.run({ deadline: start + at });
    await begin();
  }
  return events;
};

const pushed = async (pipeline: Pipeline, { behaviour, tags, delivery, delayMs }: Push, tag: string, build: string): Promise<PushEvent> => {
  const { clock, faults } = pipeline.account;
  if (delivery !== 'once') faults.injectDelivery({ rule: 'push', kind: delivery, delayMs, times: tags });
  let digest = '';
  for (let index = 0; index < tags; index++) digest = await pipeline.push(index === 0 ? tag : `${tag}-${index}`, behaviour, build);
  // Events tell their time in seconds.
  const at = Math.floor(clock.now / 1000) * 1000;
  const heardAt = delivery === 'lost' ? never : clock.now + (delivery === 'delayed' ? delayMs : 0) + 500;
  return { digest, at, heardAt, works: works(behaviour) };
};

const deedsOf = (pipeline: Pipeline, { at, deed, releasedAfterMs }: Deed): Happening[] => {
  const byHand = (order: object) => pipeline.start('deployment', { service, by: 'ada', ...order });
  switch (deed) {
    case 'rolls back':
      return [{ at, happen: () => byHand({ rollback: true }) }];
    case 'redeploys':
      return [{ at, happen: () => byHand({ redeploy: true }) }];
    case 'cancels':
      return [{ at, happen: () => byHand({ cancel: true }) }];
    case 'holds':
      return [
        { at, happen: () => byHand({ hold: true }) },
        { at: at + releasedAfterMs, happen: () => byHand({ hold: false }) },
      ];
    case 'forces a new deployment in the console':
      return [{ at, happen: () => pipeline.forceNewDeployment(service) }];
    case 'takes the first revision in the console': {
      const update = new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition: 'production-web:1' });
      return [{ at, happen: () => pipeline.ecs.send(update) }];
    }
  }
};

/** Ends the youngest execution of a machine that runs, if one does. */
const abort = async (pipeline: Pipeline, machine: Abort['machine']): Promise<void> => {
  const executions = pipeline.account.services.states.executions(pipeline.machine(machine));
  const youngest = executions.findLast(({ status }) => status === 'RUNNING');
  if (youngest) await pipeline.executionsClient.send(new StopExecutionCommand({ executionArn: youngest.arn, cause: 'ada' }));
};

/** What there is to see afterwards. */
const told = async (pipeline: Pipeline, race: Race, first: string, pushes: readonly PushEvent[]): Promise<Story> => {
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
  const all = [...(await items(`service#${service}`)), ...(await items('repository#my-learn-app'))];
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
    amiss: log.entries
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

/** Every UpdateService that the service saw, in order. */
const updatesOf = async ({ account, ecs }: Pipeline): Promise<Update[]> => {
  const updates: Update[] = [];
  for (const { time, detail } of account.log.of('ecs', 'service-updated')) {
    const revision = String(detail.taskDefinition);
    const { taskDefinition, tags = [] } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: revision, include: ['TAGS'] }),
    );
    const image = taskDefinition?.containerDefinitions?.[0]?.image ?? '';
    const by = /UpdateServiceRole|RollBackRole/.exec(String(detail.by))?.[0] ?? 'person';
    updates.push({
      at: time,
      by: by === 'person' ? 'person' : by === 'RollBackRole' ? 'back' : 'forward',
      revision,
      digest: /@(sha256:\w+)/.exec(image)?.[1] ?? '',
      execution: tags.find(({ key }) => key === 'slipway:execution')?.value ?? '',
    });
  }
  return updates;
};
