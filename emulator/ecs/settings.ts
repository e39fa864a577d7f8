export type LoadBalancer = {
  readonly targetGroupArn?: string;
  readonly loadBalancerName?: string;
  readonly containerName?: string;
  readonly containerPort?: number;
};

/** What a service revision consists of, beside its task definition. */
export type LaunchSettings = {
  readonly launchType?: string;
  readonly capacityProviderStrategy?: readonly { readonly capacityProvider: string }[];
  readonly platformVersion?: string;
  readonly networkConfiguration?: {
    readonly awsvpcConfiguration?: { readonly subnets?: readonly string[]; readonly [member: string]: unknown };
  };
  readonly loadBalancers?: readonly LoadBalancer[];
  readonly serviceRegistries?: readonly unknown[];
  readonly serviceConnectConfiguration?: unknown;
  readonly volumeConfigurations?: readonly { readonly name?: string; readonly managedEBSVolume?: { readonly roleArn?: string } }[];
  readonly vpcLatticeConfigurations?: readonly unknown[];
};

export type LifecycleHook = {
  readonly targetType?: 'AWS_LAMBDA' | 'PAUSE';
  readonly hookTargetArn?: string;
  readonly lifecycleStages?: readonly string[];
  readonly timeoutConfiguration?: { readonly timeoutInMinutes?: number; readonly action?: 'CONTINUE' | 'ROLLBACK' };
};

export type DeploymentConfiguration = {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly strategy?: string;
  readonly bakeTimeInMinutes?: number;
  readonly lifecycleHooks?: readonly LifecycleHook[];
  readonly linearConfiguration?: { readonly stepPercent?: number; readonly stepBakeTimeInMinutes?: number };
  readonly canaryConfiguration?: { readonly canaryPercent?: number; readonly canaryBakeTimeInMinutes?: number };
  readonly deploymentCircuitBreaker?: {
    readonly enable: boolean;
    readonly rollback: boolean;
    readonly resetOnHealthyTask?: boolean;
    readonly thresholdConfiguration?: { readonly type: string; readonly value: number };
  };
  readonly alarms?: { readonly alarmNames: readonly string[]; readonly enable: boolean; readonly rollback: boolean };
  readonly earlySuccessCriteria?: {
    readonly enable: boolean;
    readonly healthyPercent?: number;
    readonly sourceServiceRevisionCleanup?: string;
  };
};

/** Members of CreateService and UpdateService that are described, and have no effect on the rollout. */
export type ServiceDescription = Readonly<Record<string, unknown>> & {
  readonly propagateTags?: string;
  readonly enableECSManagedTags?: boolean;
  readonly enableExecuteCommand?: boolean;
  readonly healthCheckGracePeriodSeconds?: number;
  readonly availabilityZoneRebalancing?: 'ENABLED' | 'DISABLED';
  readonly placementConstraints?: readonly unknown[];
  readonly placementStrategy?: readonly unknown[];
};

export type DeploymentController = 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
