import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { readServices } from '../deployed-stack.js';
import { type Ended, ended } from '../executions.js';
import { type Check, skip, type Target } from '../target.js';

/** `web` of `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7`. */
const familyOf = (taskDefinition: string): string => /task-definition\/(.+):\d+$/.exec(taskDefinition)?.[1] ?? taskDefinition;

/** The first two configured services that share a family. */
export const servicesOfOneFamily = (taskDefinitions: ReadonlyMap<string, string>): string[] => {
  const byFamily = new Map<string, string[]>();
  for (const [service, definition] of taskDefinitions)
    byFamily.set(familyOf(definition), [...(byFamily.get(familyOf(definition)) ?? []), service]);
  return ([...byFamily.values()].find((services) => services.length > 1) ?? []).slice(0, 2);
};

const redeploy = async ({ clients, stack }: Target, service: string): Promise<string> => {
  const input = JSON.stringify({ service, redeploy: true, by: 'verify:aws', reason: 'two registrations of one family' });
  const { executionArn = '' } = await clients.states.send(new StartExecutionCommand({ stateMachineArn: stack.machines.deployment, input }));
  return executionArn;
};

const isSuccess = ({ result }: Ended): boolean => result.outcome === 'SUCCEEDED';

/**
 * Two executions register a revision of one family at the same moment. ECS refuses one with a ClientException, which the step has to
 * take for an error that passes; how often it does is no fact, because it depends on milliseconds.
 */
export const concurrentRegistration: Check = {
  name: 'two services of one family',
  run: async (target) => {
    const services = servicesOfOneFamily(await readServices(target.clients, target.configuration));
    if (services.length < 2) return skip('no two services of slipway.yml share a task-definition family');
    if (!target.mayChange) return skip('it was not confirmed');
    const started = await Promise.all(services.map((service) => redeploy(target, service)));
    const ends = await Promise.all(started.map((arn) => ended(target, arn)));
    const after = await readServices(target.clients, target.configuration);
    const revisions = services.map((service) => after.get(service) ?? '');
    for (const taskDefinition of revisions) await target.clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    const failed = ends.flatMap((end, index) =>
      isSuccess(end) ? [] : [`${services[index]} ended ${end.result.outcome}, ${end.result.reason}: ${end.result.message} (${end.arn})`],
    );
    const errors = ends.flatMap((end) => end.errors);
    const isShared = new Set(revisions).size < services.length;
    return {
      problems: [...failed, ...(isShared ? [`${services.join(' and ')} run the same revision ${revisions[0]}`] : [])],
      facts: { results: ends.map(({ status, result }) => ({ status, outcome: result.outcome, reason: result.reason })), isShared },
      notes: errors.length === 0 ? ['ECS refused neither registration'] : [`errors that were retried: ${errors.join(', ')}`],
    };
  },
};
