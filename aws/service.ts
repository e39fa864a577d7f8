import { DescribeServicesCommand, type Service as EcsService, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { LaunchSettings } from '../core/records/records.js';
import { bakeSecondsOf } from '../core/rollout/bake-time.js';
import type { ServiceObservation } from '../core/rollout/observation.js';
import type { ServiceEvent } from '../core/rollout/service-event.js';
import type { ClientSettings } from './client-settings.js';
import { ecs, toClusterAndService } from './ecs.js';
import { isNamed } from './sdk-errors.js';

/** A service of ECS: the members that the steps read. */
export type ServiceDescription = ServiceObservation & {
  readonly arn: string;
  readonly controller: string;
  readonly strategy: string;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** Its deployments: one, COMPLETED, if no rollout is in progress. */
  readonly deployments: readonly { readonly status: string; readonly rolloutState: string; readonly taskDefinition: string }[];
  /** Seconds for which ECS lets a rollout bake. */
  readonly bakeSeconds?: number;
  /** Consecutively failed tasks of the newest deployment; 0 again once a task runs (ECS API, Deployment, failedTasks). */
  readonly consecutiveFailures?: number;
  /** How its tasks are launched. */
  readonly launch?: LaunchSettings;
  /** The newest first. */
  readonly events: readonly ServiceEvent[];
};

const launchOf = ({
  networkConfiguration,
  launchType,
  capacityProviderStrategy = [],
  platformVersion,
  placementConstraints = [],
}: EcsService): LaunchSettings => ({
  ...(networkConfiguration && { networkConfiguration }),
  // RunTask takes one of the two.
  ...(capacityProviderStrategy.length > 0 ? { capacityProviderStrategy } : launchType !== undefined && { launchType }),
  ...(platformVersion !== undefined && { platformVersion }),
  ...(placementConstraints.length > 0 && { placementConstraints }),
});

const ofNewest = ({ deployments }: EcsService) => deployments?.find(({ status }) => status === 'PRIMARY');

/** The members that the steps read. */
export const described = (service: EcsService): ServiceDescription => ({
  arn: service.serviceArn ?? '',
  status: service.status ?? '',
  taskDefinition: service.taskDefinition ?? '',
  desiredCount: service.desiredCount ?? 0,
  runningCount: ofNewest(service)?.runningCount ?? 0,
  hasEarlySuccess: service.deploymentConfiguration?.earlySuccessCriteria?.enable ?? false,
  bakeSeconds: bakeSecondsOf(service.deploymentConfiguration),
  consecutiveFailures: ofNewest(service)?.failedTasks ?? 0,
  controller: service.deploymentController?.type ?? 'ECS',
  strategy: service.deploymentConfiguration?.strategy ?? 'ROLLING',
  minimumHealthyPercent: service.deploymentConfiguration?.minimumHealthyPercent ?? 100,
  maximumPercent: service.deploymentConfiguration?.maximumPercent ?? 200,
  launch: launchOf(service),
  deployments: (service.deployments ?? []).map(({ status, rolloutState, taskDefinition }) => ({
    status: status ?? '',
    rolloutState: rolloutState ?? '',
    taskDefinition: taskDefinition ?? '',
  })),
  events: (service.events ?? []).map(({ createdAt, message }) => ({ at: createdAt?.toISOString() ?? '', message: message ?? '' })),
});

/** Services of ECS, named `cluster/service`. */
export class Services {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Undefined if there is no such service or cluster. */
  async describe(service: string): Promise<ServiceDescription | undefined> {
    const { cluster, service: name } = toClusterAndService(service);
    const answer = await ecs(this.#settings)
      .send(new DescribeServicesCommand({ cluster, services: [name] }))
      .catch((error: unknown) => {
        if (isNamed(error, 'ClusterNotFoundException')) return undefined;
        throw error;
      });
    const [found] = answer?.services ?? [];
    return found && described(found);
  }

  /**
   * Updates the task definition alone: desiredCount belongs to autoscaling, and other members to the owner of the service. Answers the
   * ID of the new deployment (`ecs-svc/…`), if ECS names it.
   */
  async update(service: string, taskDefinition: string): Promise<string | undefined> {
    const updated = await ecs(this.#settings).send(new UpdateServiceCommand({ ...toClusterAndService(service), taskDefinition }));
    return updated.service && ofNewest(updated.service)?.id;
  }
}
