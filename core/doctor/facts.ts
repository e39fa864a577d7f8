import type { InstallationAnswer, StackView } from '../query/answers.js';
import type { ServiceToDeploy } from '../task-definition/service-plan.js';
import type { TaskDefinition } from '../task-definition/task-definition.js';

/** A read that was not answered: the caller may not call this action, as IAM names it, or AWS throttled it to the end. */
export type Unread = { readonly action: string; readonly reason: 'denied' | 'throttled' };

/** What AWS answered, or why it did not. */
export type Read<T> = { readonly value: T } | { readonly unread: Unread };

/** A resource of the stack, as CloudFormation names it. */
export type StackResource = { readonly logicalId: string; readonly physicalId: string; readonly type: string };

export type StackFacts = {
  readonly status: string;
  readonly statusReason?: string | undefined;
  readonly resources: readonly StackResource[];
};

/** Physical IDs of the resources of a type, such as `AWS::SQS::Queue`. */
export const resourcesOf = (stack: Read<StackFacts | undefined>, type: string): string[] =>
  ('value' in stack ? (stack.value?.resources ?? []) : []).filter((one) => one.type === type).map(({ physicalId }) => physicalId);

export type RuleFacts = {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly isSchedule: boolean;
  readonly targets: readonly { readonly id: string; readonly arn: string; readonly hasDeadLetter: boolean }[];
};

export type FunctionFacts = {
  readonly name: string;
  readonly state: string;
  readonly stateReason?: string | undefined;
  readonly lastUpdate: string;
  readonly lastUpdateReason?: string | undefined;
  readonly runtime: string;
  readonly reservedConcurrency?: number | undefined;
};

export type EventSourceFacts = { readonly id: string; readonly functionName: string; readonly state: string };

/** `functions` are the ARNs of the functions that its definition invokes, with their versions. */
export type MachineFacts = { readonly name: string; readonly status: string; readonly functions: readonly string[] };

/** `deletedAt`, ISO 8601: when it will be deleted. */
export type SecretFacts = { readonly deletedAt?: string | undefined; readonly hasValue: boolean };

export type SubscriptionFacts = { readonly protocol: string; readonly endpoint: string; readonly isPending: boolean };

export type AlarmFacts = {
  readonly name: string;
  readonly isInAlarm: boolean;
  readonly hasActions: boolean;
  readonly description?: string | undefined;
  /**
   * Until then a new alarm that takes missing data for a breach may fire for want of data. ISO 8601; absent of another alarm.
   */
  readonly settlesAt?: string | undefined;
  /** Values of its metric's dimensions: names of a queue, a function … */
  readonly of: readonly string[];
};

export type QueueFacts = { readonly name: string; readonly messages: number };

export type ServiceFacts = ServiceToDeploy & {
  readonly hasCircuitBreaker: boolean;
  readonly hasLoadBalancer: boolean;
  readonly gracePeriodSeconds: number;
  /** Names of the alarms that guard its rollouts in ECS. */
  readonly alarms: readonly string[];
  /** Absent if the revision is gone. */
  readonly definition?: TaskDefinition | undefined;
};

export type ImageFacts = { readonly digest: string; readonly tags: readonly string[]; readonly pushedAt: string };

export type RepositoryFacts = {
  /** MUTABLE, IMMUTABLE, or either with exclusions (ECR API, Repository). */
  readonly mutability: string;
  /** JSON. */
  readonly lifecyclePolicy: Read<string | undefined>;
  readonly images: Read<readonly ImageFacts[]>;
  /** Of a repository whose images are scanned before they are deployed. */
  readonly isScanned?: Read<boolean>;
};

/** The configuration of the stack as its function `query` answers it, or why it did not. */
export type Queried =
  | { readonly stack: StackView; readonly installation: InstallationAnswer }
  /** `isDenied`: the caller may not invoke it. */
  | { readonly failure: string; readonly isDenied: boolean };

/** Everything that `doctor` reads, by names. A value that is undefined does not exist. */
export type Facts = {
  readonly stack: Read<StackFacts | undefined>;
  readonly queried: Queried;
  readonly rules: ReadonlyMap<string, Read<RuleFacts | undefined>>;
  readonly functions: ReadonlyMap<string, Read<FunctionFacts | undefined>>;
  readonly eventSources: Read<readonly EventSourceFacts[]>;
  readonly machines: ReadonlyMap<string, Read<MachineFacts | undefined>>;
  readonly subscriptions: ReadonlyMap<string, Read<readonly SubscriptionFacts[] | undefined>>;
  readonly secrets: ReadonlyMap<string, Read<SecretFacts | undefined>>;
  /** Those of the stack, of verifications and of services that exist. */
  readonly alarms: Read<ReadonlyMap<string, AlarmFacts>>;
  readonly queues: ReadonlyMap<string, Read<QueueFacts | undefined>>;
  readonly services: ReadonlyMap<string, Read<ServiceFacts | undefined>>;
  readonly repositories: ReadonlyMap<string, Read<RepositoryFacts | undefined>>;
  /** Digests to which each service, `cluster/service`, was deployed with success, the newest first. */
  readonly deployed: ReadonlyMap<string, readonly { readonly repository: string; readonly digest: string }[]>;
};
