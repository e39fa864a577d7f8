/** Why ECS stopped a task, as `stopCode` in DescribeTasks. */
export type TaskStopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'SpotInterruption'
  | 'TerminationNotice'
  | 'InfrastructureHealth';

/** A service as it is now: never stale, and without a request. */
export type ServiceSnapshot = {
  readonly arn: string;
  readonly status: string;
  readonly desiredCount: number;
  readonly taskDefinition: string | undefined;
  readonly runningTasks: readonly {
    readonly arn: string;
    readonly taskDefinition: string;
    readonly startedBy: string | undefined;
    readonly isHealthy: boolean;
    /** By container: the digest that its image resolved to. */
    readonly digests: Readonly<Record<string, string>>;
  }[];
  /** Newest first. */
  readonly serviceDeployments: readonly {
    readonly arn: string;
    readonly status: string;
    readonly taskDefinition: string;
    readonly statusReason: string | undefined;
  }[];
  /** Newest first. */
  readonly events: readonly string[];
};

export type Ecs = {
  cluster(name: string): { readonly arn: string; readonly services: readonly string[] } | undefined;
  service(cluster: string, name: string): ServiceSnapshot | undefined;
  /** Stops a task for a cause outside the scheduler: a Spot interruption, an operator, a failed host. */
  stopTask(taskArn: string, stopCode: TaskStopCode, reason: string): void;
  /** `short` for services created from now on: their ARNs lack the cluster, as those of accounts without the long format. */
  setServiceArnFormat(format: 'long' | 'short'): void;
  /** From now on no task of the service can be placed, for want of resources or by its configuration; `undefined` ends this. */
  failPlacement(cluster: string, service: string, reason: string | undefined, kind?: 'placement' | 'configuration'): void;
  /**
   * From now on, or for that many requests, RunTask starts nothing in the cluster and answers `failures` with the reason, such as
   * `RESOURCE:CPU`, `RESOURCE:MEMORY` or `RESOURCE:FARGATE`; `undefined` ends this.
   */
  failRuns(cluster: string, reason: string | undefined, options?: { readonly times?: number }): void;
};
