import { DescribeTaskDefinitionCommand, ListTaskDefinitionsCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type { Plan } from '../../functions/shared/plan.js';
import { appContainer, type Pipeline, repository } from './pipeline.js';

/** Another deployer registers a revision; answers its ARN. */
export const register = async ({ ecs, account }: Pipeline, family: string, changes: object = {}): Promise<string> => {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [appContainer],
      ...changes,
    }),
  );
  // Reads may be stale for as long.
  await account.clock.advance(10_000);
  return taskDefinition?.taskDefinitionArn ?? '';
};

/** ARNs of the ACTIVE revisions of a family. */
export const revisionsOf = async ({ ecs }: Pipeline, familyPrefix: string): Promise<readonly string[]> =>
  (await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix }))).taskDefinitionArns ?? [];

/** The environment of the first container that a service runs. */
export const environmentOf = async (pipeline: Pipeline, service: string) => {
  const taskDefinition = pipeline.service(service)?.taskDefinition ?? '';
  const { taskDefinition: found } = await pipeline.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return found?.containerDefinitions?.[0]?.environment;
};

/** Asks the function `query` for a plan, as an operator does. */
export const planOf = async (pipeline: Pipeline, image: { readonly tag: string } | { readonly digest: string }): Promise<Plan> =>
  ((await pipeline.invoke('query', { query: 'plan', repository, ...image })) as { readonly plan: Plan }).plan;
