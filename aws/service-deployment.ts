import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceRevision,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import type { Rollout } from '../core/verdict.js';
import type { ClientSettings } from './client-settings.js';
import { ecs, named, present } from './ecs.js';

/** ECS's own records of rollouts: the only witness of success. */
export class ServiceDeployments {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /**
   * One rollout that was seen to roll out `known`; undefined while ECS does not show it. What its tasks really run is
   * read only when it claims success, for that is when it counts.
   */
  async describe(arn: string, known: string, containers: readonly string[]): Promise<Rollout | undefined> {
    const [deployment] = await this.#describe([arn]);
    const target = deployment?.targetServiceRevision?.arn;
    if (!deployment || !target) return undefined;
    if (deployment.status !== 'SUCCESSFUL') return rolloutOf(deployment, { taskDefinition: known }, containers);
    const [revision] = await this.#revisions([target]);
    return revision && rolloutOf(deployment, revision, containers);
  }

  /**
   * The newest rollout of this task definition among those that were created since then. There are several only where
   * a repeated update started a second one of the same, which replaced the first.
   */
  async find(service: string, taskDefinition: string, since: string, containers: readonly string[]): Promise<Rollout | undefined> {
    const { serviceDeployments } = await ecs(this.#settings).send(
      new ListServiceDeploymentsCommand({ ...named(service), createdAt: { after: new Date(since) }, maxResults: 20 }),
    );
    const arns = present((serviceDeployments ?? []).map(({ serviceDeploymentArn }) => serviceDeploymentArn));
    if (arns.length === 0) return undefined;
    const deployments = (await this.#describe(arns)).sort((a, b) => Number(b.createdAt) - Number(a.createdAt));
    const revisions = await this.#revisions([
      ...new Set(present(deployments.map(({ targetServiceRevision }) => targetServiceRevision?.arn))),
    ]);
    for (const deployment of deployments) {
      const revision = revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === deployment.targetServiceRevision?.arn);
      if (revision?.taskDefinition === taskDefinition) return rolloutOf(deployment, revision, containers);
    }
    return undefined;
  }

  /** Asks ECS to take the service back to what ran before. @throws ConflictException when it is over already. */
  async stop(arn: string): Promise<void> {
    await ecs(this.#settings).send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' }));
  }

  async #describe(serviceDeploymentArns: string[]): Promise<ServiceDeployment[]> {
    const { serviceDeployments } = await ecs(this.#settings).send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
    return serviceDeployments ?? [];
  }

  async #revisions(serviceRevisionArns: string[]): Promise<ServiceRevision[]> {
    if (serviceRevisionArns.length === 0) return [];
    const { serviceRevisions } = await ecs(this.#settings).send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
    return serviceRevisions ?? [];
  }
}

const rolloutOf = (deployment: ServiceDeployment, revision: ServiceRevision, containers: readonly string[]): Rollout => ({
  arn: deployment.serviceDeploymentArn ?? '',
  status: deployment.status ?? '',
  statusReason: deployment.statusReason ?? '',
  target: revision.taskDefinition ?? '',
  digests: present(
    (revision.containerImages ?? [])
      .filter(({ containerName }) => containers.includes(containerName ?? ''))
      .map(({ imageDigest }) => imageDigest),
  ),
  isBreakerTriggered: deployment.deploymentCircuitBreaker?.status === 'TRIGGERED',
  triggeredAlarms: deployment.alarms?.triggeredAlarmNames ?? [],
});
