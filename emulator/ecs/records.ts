import type { Timer } from '../clock.js';
import type { TaskStopCode } from './api.js';
import type { DeploymentConfiguration, DeploymentController, LaunchSettings, ServiceDescription } from './settings.js';
import type { TaskGroup, TaskState } from './task-group.js';

export type Tag = { readonly key: string; readonly value?: string };

export type PortMapping = { readonly containerPort?: number; readonly hostPort?: number | undefined; readonly protocol?: string };

export type ContainerDefinition = {
  readonly name: string;
  readonly image: string;
  readonly cpu?: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly essential?: boolean;
  readonly versionConsistency?: string;
  readonly portMappings?: readonly PortMapping[];
  readonly dependsOn?: readonly { readonly containerName?: string }[];
  readonly mountPoints?: readonly { readonly sourceVolume?: string }[];
  readonly healthCheck?: {
    readonly interval?: number;
    readonly timeout?: number;
    readonly retries?: number;
    readonly startPeriod?: number;
  };
  /** Seconds from SIGTERM to SIGKILL. */
  readonly stopTimeout?: number;
  readonly secrets?: readonly { readonly name?: string; readonly valueFrom?: string }[];
  readonly logConfiguration?: { readonly logDriver?: string; readonly options?: Readonly<Record<string, string>> };
  readonly [member: string]: unknown;
};

/** RegisterTaskDefinition's input without the tags, as it was given. */
export type TaskDefinitionDocument = {
  readonly family: string;
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly requiresCompatibilities?: readonly string[];
  readonly networkMode?: string;
  /** Units and MiB, as digits. */
  readonly cpu?: string;
  readonly memory?: string;
  readonly placementConstraints?: readonly unknown[];
  readonly volumes?: readonly { readonly name?: string; readonly configuredAtLaunch?: boolean }[];
  readonly ephemeralStorage?: { readonly sizeInGiB?: number };
  readonly runtimePlatform?: { readonly cpuArchitecture?: string; readonly operatingSystemFamily?: string };
  readonly [member: string]: unknown;
};

export type TaskDefinition = {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly document: TaskDefinitionDocument;
  readonly registeredAt: Date;
  readonly registeredBy: string;
  tags: readonly Tag[];
  status: 'ACTIVE' | 'INACTIVE';
  deregisteredAt?: Date;
};

/** `platform` is the digest of the manifest for the task's architecture, where the image is an index. */
export type ResolvedImage = { readonly digest: string; readonly platform: string };

export type ServiceRevision = {
  readonly arn: string;
  readonly service: Service;
  readonly taskDefinition: TaskDefinition;
  readonly settings: LaunchSettings;
  readonly createdAt: Date;
  /** By container, set by the first pull: later tasks run the digest that it resolved. */
  readonly images: Map<string, ResolvedImage>;
};

/** One of `services[].deployments[]`: a service revision with its tasks. */
export type Deployment = {
  readonly id: string;
  readonly revision: ServiceRevision;
  readonly createdAt: Date;
  /** Tasks that are not STOPPED yet. */
  readonly tasks: TaskGroup<Task>;
  status: 'PRIMARY' | 'ACTIVE';
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  updatedAt: Date;
  /** As the circuit breaker counts them. */
  failures: number;
  /** Failed tasks whose replacements have not started yet. */
  uncountedFailures: Task[];
  /** Failures since a task was healthy. */
  consecutiveFailures: number;
  /** Tasks that never reached RUNNING, since one did; the throttle of launches grows with them. */
  launchFailures: number;
  retryAt: number;
  /** The `retryAt` for which a timer is set. */
  retryTimer?: number;
  isImpaired: boolean;
};

export const serviceDeploymentStatuses = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'STOPPED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
  'SUCCESSFUL',
] as const;
export type ServiceDeploymentStatus = (typeof serviceDeploymentStatuses)[number];

export type MonitorStatus = 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';

/** A lifecycle hook of type PAUSE that a rollout has reached. */
export type HookRun = {
  readonly id: string;
  readonly stage: string;
  readonly expiresAt: Date;
  readonly timeoutAction: 'CONTINUE' | 'ROLLBACK';
  status: 'AWAITING_ACTION' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  settle: (action: 'CONTINUE' | 'ROLLBACK', status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT') => void;
};

export type ServiceDeployment = {
  readonly arn: string;
  readonly service: Service;
  readonly createdAt: Date;
  readonly sources: readonly ServiceRevision[];
  readonly target: ServiceRevision;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  startedAt?: Date;
  finishedAt?: Date;
  stoppedAt?: Date;
  updatedAt: Date;
  rollback?: { readonly reason: string; readonly startedAt: Date; readonly serviceRevisionArn: string };
  circuitBreaker: { status: MonitorStatus; failureCount: number };
  alarms: { status: MonitorStatus; alarmNames: readonly string[]; triggeredAlarmNames: string[] };
  readonly hooks: HookRun[];
  /** While it is paused. */
  lifecycleStage?: string;
  /** The last view, once it has finished. */
  finalView?: object;
};

/** A rollout or a rollback under way: the deployment that is to be COMPLETED, and its service deployment. */
export type Rollout = {
  readonly deployment: Deployment;
  readonly serviceDeployment: ServiceDeployment;
  readonly isRollback: boolean;
  /** `paused` before its first task, `held` with all its tasks, by lifecycle hooks; `scaled` once a hold is over. */
  phase: 'pending' | 'paused' | 'rolling' | 'held' | 'scaled' | 'baking' | 'baked';
  watchedAlarms: readonly string[];
  isStuckReported: boolean;
  /** The circuit breaker's threshold is reached, and it trips in some seconds. */
  isTripping: boolean;
  /** Its SERVICE_DEPLOYMENT_COMPLETED has been sent, or it has none. */
  isCompletionReported: boolean;
};

/** Why no task of a service can be placed: for want of resources, or by its configuration, such as a role that ECS cannot assume. */
export type PlacementFailure = { readonly kind: 'placement' | 'configuration'; readonly reason: string };

export type Service = {
  readonly arn: string;
  readonly name: string;
  readonly cluster: Cluster;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly controller: DeploymentController;
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  /** The request that created it, with its client token: the same request again is answered with the service. */
  readonly request: { readonly clientToken?: string };
  readonly roleArn: string | undefined;
  /** The PRIMARY one first. */
  readonly deployments: Deployment[];
  /** Newest first. */
  readonly serviceDeployments: ServiceDeployment[];
  readonly revisions: ServiceRevision[];
  readonly events: { readonly id: string; readonly createdAt: Date; readonly message: string }[];
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  taskDefinition: TaskDefinition | undefined;
  settings: LaunchSettings;
  description: ServiceDescription;
  configuration: DeploymentConfiguration;
  tags: readonly Tag[];
  rollout: Rollout | undefined;
  /** The target of a rollback. */
  lastCompleted: Deployment | undefined;
  placementFailure: PlacementFailure | undefined;
  isSteady: boolean;
};

export type Health = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';

export type Container = {
  readonly name: string;
  readonly arn: string;
  readonly definition: ContainerDefinition;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  health: Health;
  image?: ResolvedImage;
  exitCode?: number;
  reason?: string;
  /** How it takes SIGTERM; absent: as a server that handles it, with exit code 0. */
  termination?: Termination;
};

/** Milliseconds from SIGTERM to the end. */
export type Termination = { readonly afterMs: number; readonly exitCode: number };

/** A task in a target group, as a load balancer of its service says. */
export type Target = {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
  health: 'initial' | 'healthy' | 'unhealthy';
};

export type Task = TaskState & {
  readonly arn: string;
  readonly id: string;
  readonly cluster: Cluster;
  readonly taskDefinition: TaskDefinition;
  readonly service: Service | undefined;
  readonly deployment: Deployment | undefined;
  readonly startedBy: string | undefined;
  readonly group: string;
  readonly settings: LaunchSettings;
  readonly overrides: TaskOverrides;
  readonly enableExecuteCommand: boolean;
  readonly createdAt: Date;
  readonly containers: readonly Container[];
  readonly targets: readonly Target[];
  readonly timers: Set<Timer>;
  tags: readonly Tag[];
  version: number;
  /** `container health checks`, or those of a target group. */
  failedChecks?: string;
  pullStartedAt?: Date;
  pullStoppedAt?: Date;
  startedAt?: Date;
  stoppingAt?: Date;
  executionStoppedAt?: Date;
  stoppedAt?: Date;
  stopCode?: TaskStopCode;
  stoppedReason?: string;
};

export type ContainerOverride = {
  readonly name?: string;
  readonly command?: readonly string[];
  readonly cpu?: number;
  readonly memory?: number;
  readonly [member: string]: unknown;
};

export type TaskOverrides = {
  readonly containerOverrides?: readonly ContainerOverride[];
  readonly cpu?: string;
  readonly memory?: string;
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly [member: string]: unknown;
};

/** Why RunTask started no task. */
export type RunFailure = { readonly arn?: string; readonly reason: string };

/** A request of RunTask with a client token: the tasks that it started, or why it started none. */
export type StartedRun = {
  readonly request: object;
  readonly at: number;
  readonly tasks: readonly Task[];
  readonly failures: readonly RunFailure[];
};

export type Cluster = {
  readonly name: string;
  readonly arn: string;
  readonly services: Map<string, Service>;
  /** By ARN. */
  readonly tasks: Map<string, Task>;
  readonly settings: Readonly<Record<string, unknown>>;
  tags: readonly Tag[];
};
