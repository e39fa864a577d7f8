import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  type ContainerDefinition,
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Configuration, type ConfiguredService, configuredServices, findServices } from '../core/configuration.js';
import type { Emulator } from '../emulator/emulator.js';
import { firstBuild, push, tagFor } from './example.js';

/** Virtual milliseconds between requests that create: the rate at which ECS takes clusters and revisions (1 a second). */
const BETWEEN_REQUESTS = 1000;

/**
 * Creates what an account has before Slipway is deployed to it, for any slipway.yml: repositories with one image each, clusters,
 * services that run that image by its tag (one task in a first stage, two in the others), and the webhook's secret.
 */
export const createAccount = async (emulator: Emulator, configuration: Configuration, webhookUrl: string): Promise<void> => {
  const config = emulator.clientConfig();
  const ecr = new ECRClient(config);
  for (const { name, tags } of Object.values(configuration.repositories)) {
    await ecr.send(new CreateRepositoryCommand({ repositoryName: name }));
    await push(emulator, tagFor(tags[0] ?? '', firstBuild), 'healthy', undefined, name);
  }
  const { slack } = configuration.notifications;
  if (slack) await new SecretsManagerClient(config).send(new CreateSecretCommand({ Name: slack.secret, SecretString: webhookUrl }));

  const ecs = new ECSClient(config);
  const places = configuredServices(configuration);
  for (const clusterName of new Set(places.map(({ service }) => service.cluster))) {
    await ecs.send(new CreateClusterCommand({ clusterName }));
    await emulator.world.clock.advance(BETWEEN_REQUESTS);
  }
  for (const name of new Set(places.map(({ service }) => service.service))) {
    await createService(emulator, ecs, findServices(configuration, name));
    await emulator.world.clock.advance(BETWEEN_REQUESTS);
  }
};

/** One service, with a container for each repository that slipway.yml deploys to it. */
const createService = async (emulator: Emulator, ecs: ECSClient, places: readonly ConfiguredService[]): Promise<void> => {
  const [first] = places;
  if (!first) return;
  const { cluster, name: serviceName } = first.service;
  const { region, accountId } = emulator.world;
  // Names are unique in an account, and a family has 255 characters at most.
  const family = `${cluster}-${serviceName}`.slice(0, 255);
  emulator.world.services.logs.createLogGroup(`/ecs/${family}`);
  const container = ({ repository, service }: ConfiguredService): ContainerDefinition => ({
    name: service.container ?? 'app',
    image: `${accountId}.dkr.ecr.${region}.amazonaws.com/${repository.name}:${tagFor(repository.tags[0] ?? '', firstBuild)}`,
    essential: true,
    environment: [{ name: 'DATABASE_URL', value: 'postgres://database:5432' }],
    healthCheck: { command: ['CMD-SHELL', 'wget -q -O - http://localhost:8080/health'], interval: 10, retries: 3, startPeriod: 10 },
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': `/ecs/${family}`, 'awslogs-region': region, 'awslogs-stream-prefix': 'app' },
    },
  });
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: places.map(container),
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName,
      desiredCount: first.stage === first.repository.stages[0] ? 1 : 2,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      launchType: 'FARGATE',
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    }),
  );
};
