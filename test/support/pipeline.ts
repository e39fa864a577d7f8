import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  ECRClient,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import {
  type ContainerDefinition,
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceRequest,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { executionResult } from '../../cli/execution-result.js';
import { fromSource } from '../../cli/from-source.js';
import type { CommandName } from '../../core/input/control-input.js';
import type { Message } from '../../core/notification/message.js';
import { isWaiting, type WaitingMessage } from '../../core/notification/waiting-message.js';
import type { Result } from '../../core/result/result.js';
import type { Deployment } from '../../emulator/cloudformation/deploy.js';
import type { Behaviour } from '../../emulator/ecr/api.js';
import type { AccountOptions } from '../../emulator/emulated-account.js';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.js';
import type { BusEvent } from '../../emulator/events/api.js';
import type { ControlOutput } from '../../functions/control/control.js';
import { keepPermissions } from '../../stack/kept-permissions.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import type { Stack } from './packaged-stack.js';
import { type SlackServer, startSlack } from './slack-server.js';

/** What `npm run package` wrote: scenarios run what is packaged, with function code from source. */
const packaged: Stack = { directory: '.serverless', configurationFile: 'slipway.yml' };

const templateIn = (directory: string) =>
  JSON.parse(readFileSync(join(directory, 'cloudformation-template-update-stack.json'), 'utf8')) as Record<string, unknown>;

type Code = NonNullable<EmulatorOptions['functionCode']>;

/** The functions of every stack that was deployed, from source: a version of a function has the configuration that it was packaged with. */
class SourceCode {
  readonly #byDirectory = new Map<string, Code>();

  /** As packaged on the day `now`. */
  async add({ directory, configurationFile }: Stack, now: Date): Promise<void> {
    if (!this.#byDirectory.has(directory)) this.#byDirectory.set(directory, await fromSource(readConfiguration(configurationFile, now)));
  }

  readonly of: Code = (spec, runtime) => {
    const code = this.#byDirectory.get(dirname(spec.zipPath ?? ''));
    if (!code) throw new Error(`${spec.zipPath} is of no stack that was deployed`);
    return code(spec, runtime);
  };
}

export const repository = 'my-learn-app';

export type ServiceOptions = {
  readonly tasks?: number;
  /** Circuit breaker with rollback; default off, so that Slipway itself has to see a failure. */
  readonly breaker?: boolean;
  readonly containers?: readonly ContainerDefinition[];
} & Partial<Pick<CreateServiceRequest, 'deploymentConfiguration' | 'deploymentController' | 'launchType' | 'loadBalancers'>>;

export type PipelineOptions = AccountOptions & {
  /** Default: the services of slipway.yml, one task each. */
  readonly services?: Readonly<Record<string, ServiceOptions>>;
  /** Further repositories, each with an image main-1. */
  readonly repositories?: readonly string[];
  /** Runs the packaged bundles in workers, in place of functions from source. */
  readonly bundles?: boolean;
  /** Another packaging than that of slipway.yml: the folder of its template, and its configuration file. */
  readonly stack?: Stack;
  /** What the account has before the stack is deployed. */
  readonly prepare?: (emulator: Emulator) => void;
};

/** An execution that has ended, with its result. */
export type Ended = Result & { readonly arn: string; readonly status: string };

type Published<Content> = Content & {
  readonly subject: string;
  readonly text: string;
  readonly attributes: Record<string, string | undefined>;
};

/** The packaged stack on an emulated account, with services that run `my-learn-app:main-1`. */
export class Pipeline {
  readonly emulator: Emulator;
  #stack: Deployment | undefined;
  readonly #executions: SFNClient;
  readonly #ecr: ECRClient;
  readonly #lambda: LambdaClient;
  readonly ecs: ECSClient;
  readonly #code: SourceCode;
  #directory = '';
  #revisions = 0;

  /** What Slack received. */
  readonly slack: SlackServer;

  constructor(emulator: Emulator, slack: SlackServer, code: SourceCode) {
    this.emulator = emulator;
    this.slack = slack;
    this.#code = code;
    const config = emulator.clientConfig();
    this.#executions = new SFNClient(config);
    this.#ecr = new ECRClient(config);
    this.#lambda = new LambdaClient(config);
    this.ecs = new ECSClient(config);
  }

  get account() {
    return this.emulator.account;
  }

  /**
   * Deploys a packaging as `serverless deploy` does, the first time or over another one. Executions that run keep the machine's definition
   * and the versions of functions that they started with, and each version keeps its configuration.
   */
  async deployAgain(stack: Stack): Promise<void> {
    await this.#code.add(stack, this.account.clock.date());
    const template = templateIn(stack.directory);
    if (this.#directory !== '') keepPermissions(template, templateIn(this.#directory));
    this.#directory = stack.directory;
    await this.deployStack(template);
  }

  /** Deploys another template with the functions that were packaged last. */
  async deployStack(template: Record<string, unknown>): Promise<void> {
    this.#stack = await this.emulator.deploy({ template, stackName: 'slipway-dev', artifactsDir: this.#directory });
  }

  /** What `Ref` or an attribute of a resource of the stack gives. */
  resource(logicalId: string, attribute?: string): string {
    const { ref, attributes } = this.#stack?.resources[logicalId] ?? { ref: '', attributes: {} as Record<string, string> };
    return attribute === undefined ? ref : (attributes[attribute] ?? '');
  }

  /** Invokes the function `control` as an operator does, and waits for its answer. */
  async control(command: CommandName, service: string, more: object = {}): Promise<ControlOutput> {
    return (await this.invoke('control', { command, service, ...more })) as ControlOutput;
  }

  /** Invokes a function, and waits for its answer. */
  async invoke(name: string, payload: unknown): Promise<unknown> {
    const [answer] = await this.invokeAtOnce(name, [payload]);
    return answer;
  }

  /** Invokes a function several times at once, and waits for the answers. */
  async invokeAtOnce(name: string, payloads: readonly unknown[]): Promise<unknown[]> {
    let open = payloads.length;
    const one = async (payload: unknown): Promise<unknown> => {
      const command = new InvokeCommand({ FunctionName: `slipway-dev-${name}`, Payload: JSON.stringify(payload) });
      const { Payload: answer } = await this.#lambda.send(command).finally(() => {
        open--;
      });
      return JSON.parse(Buffer.from(answer ?? []).toString());
    };
    const answers = Promise.all(payloads.map(one));
    while (open > 0) {
      await this.account.clock.run({ until: () => open === 0 });
      await new Promise((resolve) => setImmediate(resolve));
    }
    return answers;
  }

  imageUri(tagOrDigest: string, of = repository): string {
    const separator = tagOrDigest.startsWith('sha256:') ? '@' : ':';
    return `${this.account.accountId}.dkr.ecr.${this.account.region}.amazonaws.com/${of}${separator}${tagOrDigest}`;
  }

  /** Pushes a new image; answers its digest. */
  async push(tag: string | undefined, behaviour: Behaviour = 'healthy', revision?: string, to = repository): Promise<string> {
    return this.putManifest(tag, this.#manifest(behaviour, revision), to);
  }

  #manifest(behaviour: Behaviour, revision = `build-${++this.#revisions}`): string {
    return JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      annotations: { 'slipway.behaviour': behaviour, 'org.opencontainers.image.revision': revision },
    });
  }

  /** A new image arrives by replication from another Region; answers its digest. */
  async replicate(tag: string, behaviour: Behaviour = 'healthy'): Promise<string> {
    const image = { repositoryName: repository, imageTag: tag, imageManifest: this.#manifest(behaviour), sourceRegion: 'us-west-2' };
    return this.account.clock.during(() => this.account.services.ecr.replicate(image));
  }

  /** A pull-through cache takes a new image from its upstream registry; answers its digest. */
  async pullThrough(tag: string, behaviour: Behaviour = 'healthy', repositoryName = repository): Promise<string> {
    const image = { repositoryName, imageTag: tag, imageManifest: this.#manifest(behaviour), upstreamRegistryUrl: 'public.ecr.aws' };
    return this.account.clock.during(() => this.account.services.ecr.pullThrough(image));
  }

  /**
   * Pushes an image for several platforms as buildx does: its members without a tag, then the index. A member's architecture
   * `unknown` makes it an attestation. Answers the digest of the index.
   */
  async pushIndex(tag: string, architectures: readonly string[], behaviour: Behaviour = 'healthy'): Promise<string> {
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifests: object[] = [];
    for (const architecture of architectures) {
      const digest = await this.push(undefined, behaviour);
      const os = architecture === 'unknown' ? 'unknown' : 'linux';
      manifests.push({ mediaType, digest, size: 1, platform: { architecture, os } });
    }
    return this.putManifest(
      tag,
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests,
        annotations: { 'slipway.behaviour': behaviour },
      }),
    );
  }

  async putManifest(tag: string | undefined, imageManifest: string, to = repository): Promise<string> {
    const { image } = await this.#ecr.send(
      new PutImageCommand({ repositoryName: to, imageManifest, ...(tag !== undefined && { imageTag: tag }) }),
    );
    return image?.imageId?.imageDigest ?? '';
  }

  /** Uploads a blob, such as an image's configuration; answers its digest. */
  async upload(content: object): Promise<string> {
    const bytes = Buffer.from(JSON.stringify(content));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const { uploadId } = await this.#ecr.send(new InitiateLayerUploadCommand({ repositoryName: repository }));
    await this.#ecr.send(
      new UploadLayerPartCommand({
        repositoryName: repository,
        uploadId,
        partFirstByte: 0,
        partLastByte: bytes.length - 1,
        layerPartBlob: bytes,
      }),
    );
    await this.#ecr.send(new CompleteLayerUploadCommand({ repositoryName: repository, uploadId, layerDigests: [digest] }));
    return digest;
  }

  /** An event of a sample file arrives at the bus. */
  async event(file: string, id?: string): Promise<void> {
    const event = JSON.parse(readFileSync(`events/${file}`, 'utf8')) as BusEvent;
    await this.account.clock.during(() => this.account.services.events.put(id === undefined ? event : { ...event, id }));
  }

  machine(name: 'release' | 'deployment'): string {
    return this.account.arn('states', `stateMachine:slipway-dev-${name}`);
  }

  /** Starts an execution with an operator's input. */
  async start(machine: 'release' | 'deployment', input: unknown): Promise<string> {
    const { executionArn } = await this.#executions.send(
      new StartExecutionCommand({
        stateMachineArn: this.machine(machine),
        input: typeof input === 'string' ? input : JSON.stringify(input),
      }),
    );
    return executionArn ?? '';
  }

  /** As from the ECS console. */
  async forceNewDeployment(service: string): Promise<void> {
    const [cluster = '', name = ''] = service.split('/');
    await this.ecs.send(new UpdateServiceCommand({ cluster, service: name, forceNewDeployment: true }));
  }

  get executionsClient(): SFNClient {
    return this.#executions;
  }

  async executions(machine: 'release' | 'deployment'): Promise<Ended[]> {
    const { executions } = await this.#executions.send(new ListExecutionsCommand({ stateMachineArn: this.machine(machine) }));
    const all = await Promise.all((executions ?? []).map(({ executionArn }) => this.execution(executionArn ?? '')));
    return all.reverse();
  }

  async execution(executionArn: string): Promise<Ended> {
    const { states } = this.account.services;
    const view = states.executions().find(({ arn }) => arn === executionArn);
    if (!view) throw new Error(`no execution ${executionArn}`);
    return { arn: executionArn, status: view.status, ...executionResult(states, view) };
  }

  /** Names of the states that the execution entered, in order. */
  async path(executionArn: string): Promise<string[]> {
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.#executions.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, ...(nextToken && { nextToken }) }),
      );
      for (const { stateEnteredEventDetails } of page.events ?? [])
        if (stateEnteredEventDetails?.name) names.push(stateEnteredEventDetails.name);
      nextToken = page.nextToken;
    } while (nextToken);
    return names;
  }

  /** Lets time pass until nothing but schedules is left to run. */
  async runUntilIdle(): Promise<void> {
    await this.account.clock.run();
  }

  /** Lets time pass until this execution has ended; answers how. */
  async ended(executionArn: string): Promise<Ended> {
    const { clock, log } = this.account;
    await clock.run({ until: () => log.of('states', 'execution-ended').some(({ detail }) => detail.execution === executionArn) });
    return this.execution(executionArn);
  }

  /** Pushes, and lets the release run to its end. */
  async release(tag: string, behaviour: Behaviour = 'healthy'): Promise<Ended & { readonly digest: string }> {
    const before = (await this.executions('release')).length;
    const digest = await this.push(tag, behaviour);
    await this.runUntilIdle();
    const release = (await this.executions('release'))[before];
    if (!release) throw new Error(`no release was started for ${tag}`);
    return { ...release, digest };
  }

  /** Digests that a container's running tasks have, each once. */
  running(service: string, container = 'app'): string[] {
    const tasks = this.service(service)?.runningTasks ?? [];
    return [...new Set(tasks.map(({ digests }) => digests[container] ?? ''))];
  }

  service(service: string) {
    const [cluster = '', name = ''] = service.split('/');
    return this.account.services.ecs.service(cluster, name);
  }

  /** The results and commands that were published. */
  messages(): Published<Message>[] {
    return this.#published().filter((message): message is Published<Message> => !isWaiting(message));
  }

  /** What was published of releases that wait. */
  waitingMessages(): Published<WaitingMessage>[] {
    return this.#published().filter((message): message is Published<WaitingMessage> => isWaiting(message));
  }

  #published(): Published<Message | WaitingMessage>[] {
    return this.account.services.sns.published(this.resource('Topic')).flatMap(({ subject = '', message, attributes }) => {
      const { default: text = '', sqs } = JSON.parse(message) as { default?: string; sqs?: string };
      // Without it, it is the notification of an alarm of the stack.
      if (sqs === undefined) return [];
      return {
        ...(JSON.parse(sqs) as Message | WaitingMessage),
        subject,
        text,
        attributes: Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue])),
      };
    });
  }

  async close(): Promise<void> {
    this.slack.close();
    await this.emulator.close();
  }
}

const openPipelines = new Set<Pipeline>();

export const closePipeline = async (pipeline: Pipeline): Promise<void> => {
  if (openPipelines.delete(pipeline)) await pipeline.close();
};

/** Call in afterEach of every file that uses `givenPipeline`. */
export const closePipelines = async (): Promise<void> => {
  for (const pipeline of openPipelines) await closePipeline(pipeline);
};

export const appContainer: ContainerDefinition = {
  name: 'app',
  image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${repository}:main-1`,
  essential: true,
  healthCheck: { command: ['CMD-SHELL', 'true'], interval: 10, retries: 3, startPeriod: 10 },
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': '/ecs/app', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'app' },
  },
};

const oneTaskEach: Record<string, ServiceOptions> = { 'staging/web': {}, 'production/web': {}, 'production/worker': {} };

export const givenPipeline = async ({
  services = oneTaskEach,
  repositories = [],
  bundles = false,
  stack = packaged,
  prepare = () => {},
  ...options
}: PipelineOptions = {}): Promise<Pipeline> => {
  const code = new SourceCode();
  const emulator = createEmulator(bundles ? options : { ...options, functionCode: code.of });
  const slack = await startSlack();
  const pipeline = new Pipeline(emulator, slack, code);
  openPipelines.add(pipeline);
  const config = emulator.clientConfig();
  for (const repositoryName of [repository, ...repositories])
    await new ECRClient(config).send(new CreateRepositoryCommand({ repositoryName }));
  await pipeline.push('main-1', 'healthy', 'first');
  for (const other of repositories) await pipeline.push('main-1', 'healthy', `first of ${other}`, other);
  await new SecretsManagerClient(config).send(new CreateSecretCommand({ Name: 'slipway/slack', SecretString: slack.url }));
  emulator.account.services.logs.createLogGroup('/ecs/app');
  for (const clusterName of ['staging', 'production']) await pipeline.ecs.send(new CreateClusterCommand({ clusterName }));
  for (const [index, [name, service]] of Object.entries(services).entries()) {
    // Within the rate at which revisions may be registered.
    if (index > 0 && index % 10 === 0) await emulator.account.clock.advance(10_000);
    await createService(pipeline.ecs, name, service);
  }
  await pipeline.runUntilIdle();
  // Reads may be stale after the services were created.
  await emulator.account.clock.advance(10_000);
  prepare(emulator);
  await pipeline.deployAgain(stack);
  return pipeline;
};

const createService = async (
  ecs: ECSClient,
  name: string,
  { tasks = 1, breaker = false, containers, ...request }: ServiceOptions,
): Promise<void> => {
  const [cluster = '', serviceName = ''] = name.split('/');
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: `${cluster}-${serviceName}`,
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      ...(request.launchType === 'FARGATE' && {
        requiresCompatibilities: ['FARGATE'],
        executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
      }),
      containerDefinitions: [...(containers ?? [appContainer])],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName,
      desiredCount: tasks,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } },
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: breaker, rollback: breaker },
      },
      ...request,
    }),
  );
};
