import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  type RegisterTaskDefinitionCommandInput as Definition,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  type Configuration,
  type ConfiguredService,
  configuredServices,
  findServices,
  type Repository,
  repositoryOf,
  type Verification,
} from '../core/configuration/configuration.js';
import { parseImageReference } from '../core/image/image-reference.js';
import type { Emulator } from '../emulator/emulator.js';
import { CommandError } from './command-error.js';
import { exampleTag, firstBuild, push } from './example.js';
import type { TaskDefinitionFile } from './task-definition-file.js';

/** Virtual milliseconds between requests that create: the rate at which ECS takes clusters and revisions (1 a second). */
const BETWEEN_REQUESTS = 1000;

/**
 * Creates what an account has before Slipway is deployed to it, for any slipway.yml: repositories with one image each, clusters,
 * services that run that image by its tag (one task in a first stage, two in the others), the webhook's secret, and what verifies
 * services: their alarms, in state OK, their URLs, and their functions, which find everything verified. A service gets the task definition given
 * for it by `cluster/service`, or a plain one.
 * @throws CommandError if a task definition is refused.
 */
export const createAccount = async (
  emulator: Emulator,
  configuration: Configuration,
  webhookUrl: string,
  taskDefinitions: ReadonlyMap<string, TaskDefinitionFile> = new Map(),
): Promise<void> => {
  const config = emulator.clientConfig();
  const ecr = new ECRClient(config);
  for (const repository of Object.values(configuration.repositories)) {
    await ecr.send(
      new CreateRepositoryCommand({
        repositoryName: repository.name,
        ...(repository.scan && { imageScanningConfiguration: { scanOnPush: true } }),
      }),
    );
    await push(emulator, exampleTag(repository, firstBuild), 'healthy', undefined, repository.name);
  }
  const { slack } = configuration.notifications;
  if (slack) await new SecretsManagerClient(config).send(new CreateSecretCommand({ Name: slack.secret, SecretString: webhookUrl }));

  const ecs = new ECSClient(config);
  const places = configuredServices(configuration);
  for (const clusterName of new Set(places.map(({ service }) => service.cluster))) {
    await ecs.send(new CreateClusterCommand({ clusterName }));
    await emulator.account.clock.advance(BETWEEN_REQUESTS);
  }
  for (const name of new Set(places.map(({ service }) => service.service))) {
    const own = taskDefinitions.get(name);
    const definition = own
      ? withFirstImages(emulator, configuration, own.definition)
      : plainDefinition(emulator, configuration, findServices(configuration, name));
    await createService(ecs, findServices(configuration, name), definition).catch((error: unknown) => {
      throw own ? new CommandError(`${own.file} cannot be registered for ${name}: ${(error as Error).message}`) : error;
    });
    await emulator.account.clock.advance(BETWEEN_REQUESTS);
  }
  await createVerifiers(
    emulator,
    places.flatMap(({ service }) => service.verify ?? []),
  );
};

/** Alarms on the errors of load balancers, and URLs and functions that answer as Slipway expects. */
export const createVerifiers = async (emulator: Emulator, verifications: readonly Verification[]): Promise<void> => {
  const cloudWatch = new CloudWatchClient(emulator.clientConfig());
  for (const AlarmName of new Set(verifications.flatMap(({ alarms = [] }) => alarms))) {
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'HTTPCode_Target_5XX_Count',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 10,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'OK', StateReason: 'no errors' }));
  }
  const { network } = emulator.account;
  for (const [index, { url, status, body = '' }] of verifications.flatMap((verification) => verification.url ?? []).entries()) {
    const { hostname, port } = new URL(url);
    // Public: Slipway refuses the networks for documentation of RFC 5737.
    const address = `93.184.${index >> 8}.${index & 255}`;
    network.setName(hostname, [address]);
    network.serve({
      addresses: [address],
      port: Number(port) || 443,
      certificate: { names: [hostname] },
      answer: () => ({ status, body }),
    });
  }
  const { lambda } = emulator.account.services;
  for (const name of new Set(verifications.flatMap(({ function: verifier }) => verifier ?? [])))
    lambda.putUserFunction(name.replace(/^arn:.*:function:/, '').replace(/:.*$/, ''), () => ({ version: 1, verified: true }));
};

const firstImageUri = ({ account: { accountId, region } }: Emulator, repository: Repository): string =>
  `${accountId}.dkr.ecr.${region}.amazonaws.com/${repository.name}:${exampleTag(repository, firstBuild)}`;

/** The definition with images that are there: the emulated repositories have none of the images that the real ones have. */
const withFirstImages = (emulator: Emulator, configuration: Configuration, definition: Definition): Definition => ({
  ...definition,
  containerDefinitions: definition.containerDefinitions?.map((container) => {
    const name = parseImageReference(container.image ?? '')?.repository ?? '';
    const repository = repositoryOf(configuration, name);
    return repository ? { ...container, image: firstImageUri(emulator, repository) } : container;
  }),
});

/** A container for each repository that slipway.yml deploys to the service. */
const plainDefinition = (emulator: Emulator, { passRoles = [] }: Configuration, places: readonly ConfiguredService[]): Definition => {
  const { cluster = '', name = '' } = places[0]?.service ?? {};
  // A family has 255 characters at most.
  const family = `${cluster}-${name}`.slice(0, 255);
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    // Fargate pulls from ECR and writes logs with this role, which must be one of passRoles, if there are any.
    executionRoleArn: passRoles[0] ?? `arn:${emulator.account.partition}:iam::${emulator.account.accountId}:role/ecsTaskExecutionRole`,
    cpu: '256',
    memory: '512',
    containerDefinitions: places.map(({ repository, service }) => ({
      name: service.container ?? 'app',
      image: firstImageUri(emulator, repository),
      essential: true,
      environment: [{ name: 'DATABASE_URL', value: 'postgres://database:5432' }],
      healthCheck: { command: ['CMD-SHELL', 'wget -q -O - http://localhost:8080/health'], interval: 10, retries: 3, startPeriod: 10 },
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': `/ecs/${family}`, 'awslogs-region': emulator.account.region, 'awslogs-stream-prefix': 'app' },
      },
    })),
  };
};

const createService = async (ecs: ECSClient, [place]: readonly ConfiguredService[], definition: Definition): Promise<void> => {
  if (!place) return;
  const { cluster, name: serviceName } = place.service;
  const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand(definition));
  await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName,
      desiredCount: place.stage === place.repository.stages[0] ? 1 : 2,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      launchType: definition.requiresCompatibilities?.includes('FARGATE') ? 'FARGATE' : 'EC2',
      ...(definition.networkMode === 'awsvpc' && {
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } },
      }),
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    }),
  );
};
