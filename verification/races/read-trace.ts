import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Pipeline, repository } from '../../test/support/pipeline.js';
import { beforeTasksIn } from '../hook-oracle.js';
import { proxyRepository, type Race, service } from './race.js';
import type { Execution, PushEvent, Record, Trace, Update } from './trace.js';
import { visitsIn } from './visits.js';

/** Collects the observations. */
export const traceOf = async (
  pipeline: Pipeline,
  race: Race,
  first: string,
  pushes: readonly PushEvent[],
): Promise<Omit<Trace, 'cancels' | 'approvals' | 'alarms'>> => {
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
    isWatched: all.some(({ sk }) => sk === 'watch'),
    ...visitsIn(pipeline),
    arrivals: log
      .of('lambda', 'invoked')
      .flatMap(({ time, detail }) => (String(detail.function).endsWith('-handleEcsEvent') ? [time] : [])),
    faults: log.entries
      .filter(({ source, detail }) => source === 'fault' && !String(detail.rule).includes('push'))
      .map(({ time, type, detail }) => ({ at: time, kind: type, on: String(detail.on ?? detail.rule), by: String(detail.by ?? '') })),
    rollouts: log.entries
      .filter(({ source, type }) => source === 'ecs' && /^(rollout|rollback)-(completed|failed)$/.test(type))
      .map(({ time, type, detail }) => ({ at: time, type, revision: String(detail.taskDefinition ?? '') })),
    beforeTasks: beforeTasksIn(log.entries),
    stopped: log.of('ecs', 'task-stopped').map(({ detail }) => String(detail.taskDefinition)),
    written: JSON.stringify([pipeline.messages(), pipeline.slack.received, records]),
    gates: all.filter(({ sk }) => sk.startsWith('gate#')).map(({ sk }) => sk),
    claims: all.filter(({ sk }) => sk.startsWith('claim#')).map(({ sk }) => sk),
    running: pipeline.running(service),
    failures: log.entries
      .filter(
        ({ source, type }) =>
          source === 'emulator' ||
          type === 'dead-lettered' ||
          type === 'dropped' ||
          (source === 'lambda' && !['invoked', 'answered', ...(race.faults.length > 0 ? ['failed', 'timed-out'] : [])].includes(type)),
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
    const [digest = '', otherDigest = ''] = (taskDefinition?.containerDefinitions ?? []).map(
      ({ image = '' }) => /@(sha256:\w+)/.exec(image)?.[1] ?? '',
    );
    const by = /UpdateServiceRole|RollBackRole/.exec(String(detail.by))?.[0] ?? 'operator';
    updates.push({
      at: time,
      by: by === 'operator' ? 'operator' : by === 'RollBackRole' ? 'rollback' : 'forward',
      revision,
      digest,
      otherDigest,
      execution: tags.find(({ key }) => key === 'slipway:execution')?.value ?? '',
    });
  }
  return updates;
};
