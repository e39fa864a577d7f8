import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  paginateListTasks,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { ClientSettings } from '../aws/client-settings.js';
import { RecordRepository } from '../aws/record-repository.js';
import { Table } from '../aws/table.js';
import { push, repository } from '../cli/example.js';
import { startFakeSlack } from '../cli/fake-slack.js';
import { fromSource } from '../cli/from-source.js';
import type { Configuration } from '../core/configuration/configuration.js';
import { deploymentName } from '../core/records/record-name.js';
import type { DeploymentRecord } from '../core/records/records.js';
import type { Behaviour } from '../emulator/ecr/api.js';
import type { AccountOptions } from '../emulator/emulated-account.js';
import { createEmulator, type Emulator } from '../emulator/emulator.js';
import type { ExecutionView } from '../emulator/states/api.js';

/** A packaged stack and its configuration. */
export type Stack = { readonly directory: string; readonly configuration: Configuration };

/** A service whose rollout takes about tasks ÷ atATime × (30 + secondsToHealthy) seconds. */
export type ServiceShape = {
  readonly tasks: number;
  readonly atATime: number;
  readonly secondsToHealthy: number;
  /** ECS's circuit breaker, with rollback and its default threshold. */
  readonly breaker?: boolean;
};

type ServiceName = { readonly cluster: string; readonly service: string };

/** The one service that most measurements deploy to. */
export const web: ServiceName = { cluster: 'production', service: 'web' };

/** An emulated account with one service and the packaged stack; its functions run from source. */
export class BenchAccount {
  readonly emulator: Emulator;
  readonly #closeSlack: () => Promise<void>;
  readonly #executions: SFNClient;

  constructor(emulator: Emulator, closeSlack: () => Promise<void>) {
    this.emulator = emulator;
    this.#closeSlack = closeSlack;
    this.#executions = new SFNClient(emulator.clientConfig());
  }

  /** Pushes an image whose tag the policy skips, so that only an operator deploys it. */
  async image(tag: string, behaviour: Behaviour = 'healthy'): Promise<string> {
    await push(this.emulator, tag, behaviour);
    await this.emulator.account.clock.run();
    return imageUri(this.emulator, tag);
  }

  /**
   * Runs one deployment until the account is idle.
   * @throws if the outcome is not `expected`
   */
  async deploy(image: string, expected = 'SUCCEEDED'): Promise<ExecutionView> {
    const { account } = this.emulator;
    const executionArn = await this.start(image);
    await account.clock.run();
    const execution = account.services.states.executions().find(({ arn }) => arn === executionArn);
    const { outcome = execution?.error } = (execution?.output ?? {}) as { outcome?: string };
    if (!execution || outcome !== expected)
      throw new Error(`the deployment of ${image} ended ${outcome}: ${execution?.cause}; expected ${expected}`);
    return execution;
  }

  /** Starts a deployment; answers its ARN. */
  async start(image: string): Promise<string> {
    const input = JSON.stringify({ service: 'production/web', image });
    const stateMachineArn = this.emulator.account.arn('states', 'stateMachine:slipway-dev-deployment');
    const { executionArn = '' } = await this.#executions.send(new StartExecutionCommand({ stateMachineArn, input }));
    return executionArn;
  }

  /** ARNs of all tasks of the service that run or start. */
  async tasks(): Promise<string[]> {
    const ecs = new ECSClient(this.emulator.clientConfig());
    const arns: string[] = [];
    for await (const page of paginateListTasks({ client: ecs }, { cluster: web.cluster, serviceName: web.service }))
      arns.push(...(page.taskArns ?? []));
    return arns;
  }

  /** The record of a deployment, as the table has it. */
  async record(executionArn: string): Promise<DeploymentRecord> {
    const { states } = this.emulator.account.services;
    const execution = states.executions().find(({ arn }) => arn === executionArn);
    const startedAt = new Date(execution?.startTime ?? 0).toISOString();
    const records = new RecordRepository(
      new Table({ ...this.emulator.clientConfig(), maxAttempts: 1 } as unknown as ClientSettings, 'slipway-dev'),
    );
    return records.deployment(deploymentName('production/web', startedAt, executionArn));
  }

  async close(): Promise<void> {
    await this.emulator.close();
    await this.#closeSlack();
  }
}

export const imageUri = ({ account }: Emulator, tag: string): string =>
  `${account.accountId}.dkr.ecr.${account.region}.amazonaws.com/${repository}:${tag}`;

/** An account with the service and without Slipway. */
export const openPlainAccount = async (shape: ServiceShape, options: AccountOptions = {}): Promise<Emulator> => {
  const emulator = createEmulator(options);
  await createExample(emulator, shape);
  return emulator;
};

/** `services` all have the shape. */
export const openAccount = async (
  { directory, configuration }: Stack,
  shape: ServiceShape,
  options: AccountOptions = {},
  services: readonly ServiceName[] = [web],
): Promise<BenchAccount> => {
  const emulator = createEmulator({ ...options, functionCode: await fromSource(configuration) });
  const slack = await startFakeSlack(() => {});
  const secret = { Name: 'slipway/slack', SecretString: slack.url };
  await new SecretsManagerClient(emulator.clientConfig()).send(new CreateSecretCommand(secret));
  await createExample(emulator, shape, services);
  const file = join(directory, 'cloudformation-template-update-stack.json');
  const template = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  await emulator.deploy({ template, stackName: 'slipway-dev' });
  return new BenchAccount(emulator, slack.close);
};

/** A repository, and services that run its first image. */
const createExample = async (emulator: Emulator, shape: ServiceShape, services: readonly ServiceName[] = [web]): Promise<void> => {
  const { clock } = emulator.account;
  await new ECRClient(emulator.clientConfig()).send(new CreateRepositoryCommand({ repositoryName: repository }));
  await push(emulator, 'first', 'healthy');
  const ecs = new ECSClient(emulator.clientConfig());
  for (const clusterName of new Set(services.map(({ cluster }) => cluster))) await ecs.send(new CreateClusterCommand({ clusterName }));
  for (const [index, name] of services.entries()) {
    // Within the rate at which revisions may be registered, which is full again when the stack is deployed.
    if (index > 0) await clock.advance(1000);
    await createService(ecs, name, await registerRevision(ecs, imageUri(emulator, 'first'), shape, name), shape);
  }
  await clock.run();
  await clock.advance(60_000);
};

/** Registers a revision of a service's task definition. Returns its ARN. */
export const registerRevision = async (
  ecs: ECSClient,
  image: string,
  { secondsToHealthy }: ServiceShape,
  { cluster, service }: ServiceName = web,
): Promise<string> => {
  const healthCheck = { command: ['CMD-SHELL', 'true'], interval: secondsToHealthy };
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: `${cluster}-${service}`,
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image, essential: true, healthCheck }],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? '';
};

const createService = async (
  ecs: ECSClient,
  { cluster, service }: ServiceName,
  taskDefinition: string,
  { tasks, atATime, breaker }: ServiceShape,
): Promise<void> => {
  await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName: service,
      desiredCount: tasks,
      taskDefinition,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } },
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 100 + Math.ceil((100 * atATime) / tasks),
        ...(breaker && { deploymentCircuitBreaker: { enable: true, rollback: true } }),
      },
    }),
  );
};
