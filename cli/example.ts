import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { CreateClusterCommand, CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Behaviour } from '../emulator/ecr/api.js';
import type { Emulator } from '../emulator/emulator.js';

export const repository = 'my-learn-app';

/** The services of the example slipway.yml, with the number of their tasks. */
const services = { 'staging/web': 1, 'production/web': 3, 'production/worker': 2 };

/** An image manifest that behaves so when it runs on the emulator; `revision` tells builds apart. */
export const manifest = (behaviour: Behaviour, revision: string): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    annotations: {
      'slipway.behaviour': behaviour,
      'org.opencontainers.image.revision': revision,
      'org.opencontainers.image.source': 'https://github.com/example/my-learn-app',
    },
  });

/** Pushes an image as `docker push` ends: with PutImage. Answers its digest. */
export const push = async (emulator: Emulator, tag: string, behaviour: Behaviour, revision = tag): Promise<string> => {
  const ecr = new ECRClient(emulator.clientConfig());
  const { image } = await ecr.send(
    new PutImageCommand({ repositoryName: repository, imageTag: tag, imageManifest: manifest(behaviour, revision) }),
  );
  return image?.imageId?.imageDigest ?? '';
};

/** What an account has before Slipway comes: a repository, clusters, services that run an image by its tag, a webhook. */
export const createExample = async (emulator: Emulator, webhookUrl: string): Promise<void> => {
  const config = emulator.clientConfig();
  const ecs = new ECSClient(config);
  await new ECRClient(config).send(new CreateRepositoryCommand({ repositoryName: repository }));
  await push(emulator, 'main-1', 'healthy');
  await new SecretsManagerClient(config).send(new CreateSecretCommand({ Name: 'slipway/slack', SecretString: webhookUrl }));
  for (const clusterName of ['staging', 'production']) await ecs.send(new CreateClusterCommand({ clusterName }));
  for (const [name, desiredCount] of Object.entries(services)) await createService(emulator, ecs, name, desiredCount);
};

const createService = async (emulator: Emulator, ecs: ECSClient, name: string, desiredCount: number): Promise<void> => {
  const { region, accountId } = emulator.account;
  const [cluster = '', serviceName = ''] = name.split('/');
  const family = `${cluster}-${serviceName}`;
  emulator.account.services.logs.createLogGroup(`/ecs/${family}`);
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [
        {
          name: 'app',
          image: `${accountId}.dkr.ecr.${region}.amazonaws.com/${repository}:main-1`,
          essential: true,
          environment: [{ name: 'DATABASE_URL', value: 'postgres://database:5432' }],
          healthCheck: { command: ['CMD-SHELL', 'wget -q -O - http://localhost:8080/health'], interval: 10, retries: 3, startPeriod: 10 },
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': `/ecs/${family}`, 'awslogs-region': region, 'awslogs-stream-prefix': 'app' },
          },
        },
      ],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName,
      desiredCount,
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
