import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CreateClusterCommand, CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { push, repository } from '../cli/example.js';
import { fromSource } from '../cli/from-source.js';
import { startSlackStandIn } from '../cli/slack-stand-in.js';
import type { Configuration } from '../core/configuration.js';
import { createEmulator, type Emulator } from '../emulator/emulator.js';
import type { ExecutionView } from '../emulator/services.js';

/** A stack as it was packaged, with the configuration that it was packaged with. */
export type Stack = { readonly directory: string; readonly configuration: Configuration };

/** A service whose rollout takes about tasks ÷ atATime × (half a minute + secondsToHealthy). */
export type ServiceShape = { readonly tasks: number; readonly atATime: number; readonly secondsToHealthy: number };

/** An emulated account with the packaged stack, functions from source, and one service to deploy to. */
export class Account {
  readonly emulator: Emulator;
  readonly #closeSlack: () => Promise<void>;
  readonly #executions: SFNClient;

  constructor(emulator: Emulator, closeSlack: () => Promise<void>) {
    this.emulator = emulator;
    this.#closeSlack = closeSlack;
    this.#executions = new SFNClient(emulator.clientConfig());
  }

  /** Pushes an image whose tag the policy skips, so that it is deployed by hand only. */
  async image(tag: string): Promise<string> {
    await push(this.emulator, tag, 'healthy');
    await this.emulator.world.clock.run();
    return imageUri(this.emulator, tag);
  }

  /** One deployment, from the start of its machine until everything has come to rest. */
  async deploy(image: string): Promise<ExecutionView> {
    const { world } = this.emulator;
    const input = JSON.stringify({ service: 'production/web', image });
    const stateMachineArn = world.arn('states', 'stateMachine:slipway-dev-deployment');
    const { executionArn } = await this.#executions.send(new StartExecutionCommand({ stateMachineArn, input }));
    await world.clock.run();
    const execution = world.services.states.executions().find(({ arn }) => arn === executionArn);
    const { outcome } = (execution?.output ?? {}) as { outcome?: string };
    if (!execution || outcome !== 'SUCCEEDED')
      throw new Error(`the deployment of ${image} ended ${execution?.cause ?? outcome}; expected SUCCEEDED`);
    return execution;
  }

  async close(): Promise<void> {
    await this.emulator.close();
    await this.#closeSlack();
  }
}

const imageUri = ({ world }: Emulator, tag: string): string =>
  `${world.accountId}.dkr.ecr.${world.region}.amazonaws.com/${repository}:${tag}`;

export const openAccount = async ({ directory, configuration }: Stack, shape: ServiceShape): Promise<Account> => {
  const emulator = createEmulator({ functionCode: fromSource(configuration) });
  const slack = await startSlackStandIn(() => {});
  const account = new Account(emulator, slack.close);
  const config = emulator.clientConfig();
  await new SecretsManagerClient(config).send(new CreateSecretCommand({ Name: 'slipway/slack', SecretString: slack.url }));
  await new ECRClient(config).send(new CreateRepositoryCommand({ repositoryName: repository }));
  await createService(emulator, await account.image('first'), shape);
  await emulator.world.clock.run();
  const template = JSON.parse(readFileSync(join(directory, 'cloudformation-template-update-stack.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  await emulator.deploy({ template, stackName: 'slipway-dev' });
  return account;
};

const createService = async (emulator: Emulator, image: string, { tasks, atATime, secondsToHealthy }: ServiceShape): Promise<void> => {
  const ecs = new ECSClient(emulator.clientConfig());
  const healthCheck = { command: ['CMD-SHELL', 'true'], interval: secondsToHealthy };
  await ecs.send(new CreateClusterCommand({ clusterName: 'production' }));
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'production-web',
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image, essential: true, healthCheck }],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'production',
      serviceName: 'web',
      desiredCount: tasks,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 + Math.ceil((100 * atATime) / tasks) },
    }),
  );
};
