import { DescribeServicesCommand, type Service as EcsService, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { bakeSecondsOf } from '../core/rollout/bake-time.js';
import type { ServiceObservation } from '../core/rollout/observation.js';
import type { ServiceEvent } from '../core/rollout/service-event.js';
import type { ClientSettings } from './client-settings.js';
import { ecs, named } from './ecs.js';
import { isNamed } from './sdk-errors.js';

/** A service of ECS as the steps see it. */
export type ServiceDescription = ServiceObservation & {
  readonly controller: string;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** The rollouts under way: one, COMPLETED, when nothing goes on. */
  readonly deployments: readonly { readonly status: string; readonly rolloutState: string; readonly taskDefinition: string }[];
  /** Seconds that ECS itself lets a rollout bake. */
  readonly bakeSeconds?: number;
  /** Tasks of the newest deployment that failed in a row, as ECS counts them: from 0 again after one that runs well. */
  readonly consecutiveFailures?: number;
  /** The newest first. */
  readonly events: readonly ServiceEvent[];
};

const ofNewest = ({ deployments }: EcsService) => deployments?.find(({ status }) => status === 'PRIMARY');

const described = (service: EcsService): ServiceDescription => ({
  status: service.status ?? '',
  taskDefinition: service.taskDefinition ?? '',
  desiredCount: service.desiredCount ?? 0,
  runningCount: ofNewest(service)?.runningCount ?? 0,
  hasEarlySuccess: service.deploymentConfiguration?.earlySuccessCriteria?.enable ?? false,
  bakeSeconds: bakeSecondsOf(service.deploymentConfiguration),
  consecutiveFailures: ofNewest(service)?.failedTasks ?? 0,
  controller: service.deploymentController?.type ?? 'ECS',
  minimumHealthyPercent: service.deploymentConfiguration?.minimumHealthyPercent ?? 100,
  maximumPercent: service.deploymentConfiguration?.maximumPercent ?? 200,
  deployments: (service.deployments ?? []).map(({ status, rolloutState, taskDefinition }) => ({
    status: status ?? '',
    rolloutState: rolloutState ?? '',
    taskDefinition: taskDefinition ?? '',
  })),
  events: (service.events ?? []).map(({ createdAt, message }) => ({ at: createdAt?.toISOString() ?? '', message: message ?? '' })),
});

/** Services, named `cluster/service`. */
export class Services {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Undefined when there is no such service, or no such cluster. */
  async describe(service: string): Promise<ServiceDescription | undefined> {
    const { cluster, service: name } = named(service);
    const answer = await ecs(this.#settings)
      .send(new DescribeServicesCommand({ cluster, services: [name] }))
      .catch((error: unknown) => {
        if (isNamed(error, 'ClusterNotFoundException')) return undefined;
        throw error;
      });
    const [found] = answer?.services ?? [];
    return found && described(found);
  }

  /** Only the task definition: desiredCount belongs to autoscaling, and everything else to whoever set it. */
  async update(service: string, taskDefinition: string): Promise<void> {
    await ecs(this.#settings).send(new UpdateServiceCommand({ ...named(service), taskDefinition }));
  }
}
