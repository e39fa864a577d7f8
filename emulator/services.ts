import type { Ecs } from './ecs/inner-face.js';
import type { Caller } from './operation.js';

/** A policy document as CloudFormation has it, intrinsics resolved. */
export type PolicyDocument = { readonly Version?: string; readonly Statement: readonly PolicyStatement[] };
export type PolicyStatement = {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
};

export type Iam = {
  putRole(role: { readonly arn: string; readonly trust: PolicyDocument; readonly policies: readonly PolicyDocument[] }): void;
  /** Users may do everything. Roles need an Allow and no Deny. Services: see allowsService. */
  isAllowed(caller: Caller, action: string, resource: string, context?: Readonly<Record<string, string>>): boolean;
  /** A resource policy (queue, topic, function): may this caller, a service principal, do it? */
  isAllowedByResource(policy: PolicyDocument | undefined, caller: Caller, action: string, resource: string): boolean;
  /** May this service (`lambda.amazonaws.com`) assume the role? */
  canAssume(roleArn: string, servicePrincipal: string): boolean;
  /** Credentials whose requests come back as this caller. */
  credentialsFor(caller: Caller): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /** An access key that was never issued belongs to the account's user, who may do everything. */
  callerOf(accessKeyId: string | undefined): Caller;
};

export type FunctionSpec = {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** `functions/plan-release.handler`, as in the template. */
  readonly handler: string;
  /** The packaged zip file; absent only when the emulator was given `functionCode`. */
  readonly zipPath: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** `nodejs24.x` unless given. */
  readonly runtime?: string;
};

/** What runs in place of a function's bundle: see `EmulatorOptions.functionCode`. */
export type FunctionCode = (payload: unknown) => Promise<unknown>;

/** As Step Functions and SQS see a finished invocation. */
export type InvocationResult =
  | { readonly status: 'ok'; readonly payload: unknown }
  | { readonly status: 'error'; readonly errorType: string; readonly errorMessage: string; readonly trace: readonly string[] };

export type Lambda = {
  createFunction(spec: FunctionSpec): void;
  /** Returns the version's qualified ARN. Code and configuration of a version do not change. */
  publishVersion(functionArn: string): string;
  addPermission(functionArn: string, permission: { readonly principal: string; readonly sourceArn?: string }): void;
  /** Do the function's permissions (AddPermission) let this service call it? Throws ResourceNotFoundException for no function. */
  mayInvoke(caller: Caller, functionArn: string): boolean;
  createEventSourceMapping(mapping: {
    readonly queueArn: string;
    readonly functionArn: string;
    readonly batchSize: number;
    readonly reportsBatchItemFailures: boolean;
    readonly maximumConcurrency?: number;
  }): void;
  /** For invocations of type Event; without it, two retries and six hours. */
  putEventInvokeConfig?(
    functionArn: string,
    config: { readonly maximumRetryAttempts?: number; readonly maximumEventAgeSeconds?: number; readonly onFailureArn?: string },
  ): void;
  /** Runs the function as its role. IAM is the caller's affair (`lambda.Invoke` checks it). Takes virtual time. */
  invoke(functionArn: string, payload: unknown): Promise<InvocationResult>;
  close(): Promise<void>;
};

/** An execution, for tests and for people who watch. */
export type ExecutionView = {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** Virtual, in epoch milliseconds. */
  readonly startTime: number;
  readonly stopTime: number | undefined;
  readonly input: unknown;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
};

export type States = {
  /** The definition may be JSON or an object. A machine with the same ARN is updated; its executions keep what they started with. */
  createStateMachine(spec: { readonly name: string; readonly arn: string; readonly roleArn: string; readonly definition: unknown }): void;
  /** Oldest first; of all machines, or of one. */
  executions(machineArn?: string): readonly ExecutionView[];
  /** Events as GetExecutionHistory has them, oldest first. */
  history(executionArn: string): readonly {
    readonly id: number;
    readonly previousEventId: number;
    readonly timestamp: Date;
    readonly type: string;
    readonly [details: `${string}EventDetails`]: Readonly<Record<string, unknown>>;
  }[];
  /** State transitions as they are billed: entries and retries. */
  transitions(executionArn: string): number;
};

export type RuleSpec = {
  readonly name: string;
  readonly arn: string;
  readonly isEnabled: boolean;
  readonly eventPattern?: Readonly<Record<string, unknown>>;
  readonly scheduleExpression?: string;
  readonly targets: readonly {
    readonly id: string;
    readonly arn: string;
    readonly roleArn?: string;
    readonly input?: string;
    readonly deadLetterArn?: string;
    readonly maximumRetryAttempts: number;
    readonly maximumEventAgeSeconds: number;
  }[];
};

/** An event on the default bus, as targets get it. */
export type BusEvent = {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
};

export type Events = {
  putRule(rule: RuleSpec): void;
  /** Emits an event of an AWS service. */
  emit(event: Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'>): void;
  /** Puts an event, whole, on the bus: for sample files. */
  put(event: BusEvent): void;
};

export type Sns = {
  createTopic(topic: { readonly name: string; readonly arn: string }): void;
  setTopicPolicy(topicArn: string, policy: PolicyDocument): void;
  subscribe(subscription: {
    readonly topicArn: string;
    readonly protocol: string;
    readonly endpoint: string;
    readonly rawMessageDelivery: boolean;
    readonly filterPolicy?: Readonly<Record<string, unknown>>;
    readonly deadLetterArn?: string;
  }): string;
  /** As a service would: the topic's policy decides. Throws AwsError. */
  publish(caller: Caller, topicArn: string, message: { readonly subject?: string; readonly message: string }): void;
  /** What was published to the topic, oldest first: for tests. */
  published(topicArn: string): readonly PublishedMessage[];
};

/** A message attribute of SNS and SQS, as on the wire. */
export type MessageAttribute = { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: Uint8Array };

export type PublishedMessage = {
  readonly messageId: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
};

export type Sqs = {
  createQueue(queue: {
    readonly name: string;
    readonly arn: string;
    readonly visibilityTimeoutSeconds: number;
    readonly messageRetentionSeconds: number;
    readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
  }): { url: string };
  setQueuePolicy(queueArn: string, policy: PolicyDocument): void;
  /** As a service would: the queue's policy decides. Throws AwsError. */
  send(caller: Caller, queueArn: string, body: string, attributes?: Readonly<Record<string, string | MessageAttribute>>): void;
  /** Calls the listener whenever a message becomes visible: sent, or visible again. Returns the function that ends it. */
  onMessage(queueArn: string, listener: () => void): () => void;
  urlOf(queueArn: string): string;
  /** Approximate numbers, as GetQueueAttributes has them. */
  depth(queueArn: string): { visible: number; inFlight: number };
};

export type Dynamodb = {
  /** CreateTable's input, as in the template; resolves when the table is ACTIVE. */
  createTable(input: Readonly<Record<string, unknown>>): Promise<void>;
  setTimeToLive(tableName: string, attributeName: string): Promise<void>;
  close(): Promise<void>;
};

export type CloudWatch = {
  putMetricAlarm(alarm: { readonly name: string; readonly arn: string; readonly [member: string]: unknown }): void;
  stateOf(alarmName: string): 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | undefined;
};

export type Logs = {
  createLogGroup(name: string, retentionInDays?: number): void;
  write(group: string, stream: string, message: string): void;
};

export type Secrets = {
  createSecret(secret: { readonly name: string; readonly arn: string; readonly value: string }): void;
};

/** How an image behaves when it runs: its manifest's annotation `slipway.behaviour`. */
export type Behaviour = 'healthy' | 'crashes-on-start' | 'never-healthy' | 'cannot-pull' | 'slow-to-start' | 'crashes-later';

export type Ecr = {
  /** What ECS finds when it pulls `repository-uri:tag` or `repository-uri@digest`; undefined when it is not there. */
  pull(
    image: string,
  ):
    | { digest: string; behaviour: Behaviour; mediaType: string; platformDigests: readonly string[]; architectures: readonly string[] }
    | undefined;
};

/** What each service is to the others, beside its operations. */
export type Services = {
  readonly iam: Iam;
  readonly lambda: Lambda;
  readonly states: States;
  readonly events: Events;
  readonly sns: Sns;
  readonly sqs: Sqs;
  readonly dynamodb: Dynamodb;
  readonly cloudwatch: CloudWatch;
  readonly logs: Logs;
  readonly secrets: Secrets;
  readonly ecr: Ecr;
  readonly ecs: Ecs;
};
