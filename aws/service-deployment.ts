import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceRevision,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import type { ImageChange } from '../core/rollout/external-change.js';
import type { Rollout } from '../core/rollout/observation.js';
import type { ClientSettings } from './client-settings.js';
import { compact, ecs, toClusterAndService } from './ecs.js';

/** Service deployments: ECS's records of rollouts, and the only proof of success. */
export class ServiceDeployments {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /**
   * The rollout of this ARN, whose task definition is already known; undefined while ECS does not show it. What its tasks really run
   * is read only once it reports success, as only then it decides.
   */
  async describe(arn: string, taskDefinition: string, containers: readonly string[]): Promise<Rollout | undefined> {
    const [deployment] = await this.#describe([arn]);
    const target = deployment?.targetServiceRevision?.arn;
    if (!deployment || !target) return undefined;
    const isDone = deployment.status === 'SUCCESSFUL';
    const isRolledBack = deployment.status === 'ROLLBACK_SUCCESSFUL';
    const revisions = await this.#revisions([
      ...(isDone ? [target] : []),
      ...(isDone || isRolledBack ? sourcesOf(deployment) : []),
      ...compact([deployment.rollback?.serviceRevisionArn]),
    ]);
    const revision = isDone ? withArn(revisions, target) : { taskDefinition };
    return revision && rolloutOf(deployment, revision, revisions, containers);
  }

  /**
   * The newest rollout of this task definition since then (ISO 8601); undefined if ECS lists none. There are several only if a repeated
   * UpdateService started a second one, which replaced the first.
   */
  async find(service: string, taskDefinition: string, since: string, containers: readonly string[]): Promise<Rollout | undefined> {
    const deployments = await this.#since(service, since);
    const revisions = await this.#revisions(
      compact(
        deployments.flatMap((deployment) => [
          deployment.targetServiceRevision?.arn,
          deployment.rollback?.serviceRevisionArn,
          ...sourcesOf(deployment),
        ]),
      ),
    );
    for (const deployment of deployments) {
      const revision = withArn(revisions, deployment.targetServiceRevision?.arn);
      if (revision?.taskDefinition === taskDefinition) return rolloutOf(deployment, revision, revisions, containers);
    }
    return undefined;
  }

  /** ARN of the service revision of the newest rollout since then (ISO 8601): every update creates one. */
  async newestServiceRevision(service: string, since: string): Promise<string | undefined> {
    const { serviceDeployments = [] } = await ecs(this.#settings).send(
      new ListServiceDeploymentsCommand({ ...toClusterAndService(service), createdAt: { after: new Date(since) }, maxResults: 100 }),
    );
    const [newest] = [...serviceDeployments].sort((a, b) => Number(b.createdAt) - Number(a.createdAt));
    return newest?.targetServiceRevisionArn;
  }

  /**
   * The newest rollout to this task definition since then (ISO 8601): when it began, and the images of these containers before and
   * after it, as in the task definitions. Undefined if ECS lists none.
   */
  async changeTo(service: string, taskDefinition: string, since: string, containers: readonly string[]): Promise<ImageChange | undefined> {
    const deployments = await this.#since(service, since);
    const revisions = await this.#revisions(
      compact(deployments.flatMap((deployment) => [deployment.targetServiceRevision?.arn, ...sourcesOf(deployment)])),
    );
    const imagesOf = (arn: string): string[] =>
      compact(
        (withArn(revisions, arn)?.containerImages ?? [])
          .filter(({ containerName }) => containers.includes(containerName ?? ''))
          .map(({ image }) => image),
      );
    const newest = deployments.find(
      ({ targetServiceRevision }) => withArn(revisions, targetServiceRevision?.arn)?.taskDefinition === taskDefinition,
    );
    if (!newest) return undefined;
    return {
      at: newest.createdAt?.toISOString() ?? '',
      before: sourcesOf(newest).flatMap(imagesOf),
      after: imagesOf(newest.targetServiceRevision?.arn ?? ''),
    };
  }

  /** Asks ECS to stop the rollout and to roll back. @throws ConflictException if it has finished */
  async stop(arn: string): Promise<void> {
    await ecs(this.#settings).send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' }));
  }

  /** Service deployments that were created since then, the newest first. */
  async #since(service: string, since: string): Promise<ServiceDeployment[]> {
    const { serviceDeployments = [] } = await ecs(this.#settings).send(
      new ListServiceDeploymentsCommand({ ...toClusterAndService(service), createdAt: { after: new Date(since) }, maxResults: 20 }),
    );
    const arns = compact(serviceDeployments.map(({ serviceDeploymentArn }) => serviceDeploymentArn));
    return arns.length === 0 ? [] : (await this.#describe(arns)).sort((a, b) => Number(b.createdAt) - Number(a.createdAt));
  }

  async #describe(serviceDeploymentArns: string[]): Promise<ServiceDeployment[]> {
    const { serviceDeployments } = await ecs(this.#settings).send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
    return serviceDeployments ?? [];
  }

  async #revisions(arns: string[]): Promise<ServiceRevision[]> {
    const found: ServiceRevision[] = [];
    const all = [...new Set(arns)];
    for (let start = 0; start < all.length; start += revisionsPerCall) {
      const serviceRevisionArns = all.slice(start, start + revisionsPerCall);
      const { serviceRevisions } = await ecs(this.#settings).send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
      found.push(...(serviceRevisions ?? []));
    }
    return found;
  }
}

/** Service revisions of one call (ECS API, DescribeServiceRevisions). */
const revisionsPerCall = 20;

const withArn = (revisions: readonly ServiceRevision[], arn: string | undefined): ServiceRevision | undefined =>
  revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);

const sourcesOf = ({ sourceServiceRevisions = [] }: ServiceDeployment): string[] => compact(sourceServiceRevisions.map(({ arn }) => arn));

/** Configured alarms that ECS does not use: "when the status is DISABLED" (ECS API, ServiceDeploymentAlarms). */
const ignoredAlarmsOf = ({ status, alarms, deploymentConfiguration }: ServiceDeployment): readonly string[] =>
  deploymentConfiguration?.alarms?.enable && status !== 'PENDING' && alarms?.status === 'DISABLED'
    ? (deploymentConfiguration.alarms.alarmNames ?? [])
    : [];

const ecsRollbackOf = (
  { rollback }: ServiceDeployment,
  revisions: readonly ServiceRevision[],
  containers: readonly string[],
): Pick<Rollout, 'rollback'> => {
  const revision = withArn(revisions, rollback?.serviceRevisionArn);
  if (!revision) return {};
  const { taskDefinition = '', serviceRevisionArn = '' } = revision;
  return { rollback: { taskDefinition, revision: serviceRevisionArn, digests: digestsOf(revision, containers) } };
};

const digestsOf = ({ containerImages = [] }: ServiceRevision, containers: readonly string[]): string[] =>
  compact(containerImages.filter(({ containerName }) => containers.includes(containerName ?? '')).map(({ imageDigest }) => imageDigest));

const rolloutOf = (
  deployment: ServiceDeployment,
  revision: ServiceRevision,
  revisions: readonly ServiceRevision[],
  containers: readonly string[],
): Rollout => ({
  arn: deployment.serviceDeploymentArn ?? '',
  status: deployment.status ?? '',
  statusReason: deployment.statusReason ?? '',
  target: revision.taskDefinition ?? '',
  targetServiceRevision: deployment.targetServiceRevision?.arn ?? '',
  ...ecsRollbackOf(deployment, revisions, containers),
  replaced: compact(sourcesOf(deployment).map((arn) => withArn(revisions, arn)?.taskDefinition)),
  digests: digestsOf(revision, containers),
  isBreakerTriggered: deployment.deploymentCircuitBreaker?.status === 'TRIGGERED',
  triggeredAlarms: deployment.alarms?.triggeredAlarmNames ?? [],
  ignoredAlarms: ignoredAlarmsOf(deployment),
  finishedAt: (deployment.finishedAt ?? deployment.stoppedAt)?.toISOString() ?? '',
});
