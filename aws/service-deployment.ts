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
    const isDone = deployment.status === 'SUCCESSFUL';
    const isBack = deployment.status === 'ROLLBACK_SUCCESSFUL';
    const revisions = await this.#revisions([
      ...(isDone ? [target] : []),
      ...(isDone || isBack ? sourcesOf(deployment) : []),
      ...present([deployment.rollback?.serviceRevisionArn]),
    ]);
    const revision = isDone ? withArn(revisions, target) : { taskDefinition: known };
    return revision && rolloutOf(deployment, revision, revisions, containers);
  }

  /**
   * The newest rollout of this task definition among those that were created since then. There are several only where
   * a repeated update started a second one of the same, which replaced the first.
   */
  async find(service: string, taskDefinition: string, since: string, containers: readonly string[]): Promise<Rollout | undefined> {
    const deployments = await this.#since(service, since);
    const revisions = await this.#revisions(
      present(
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

  /** ARN of the service revision that the newest of the rollouts since then rolls out: every update makes a new one. */
  async newestRevision(service: string, since: string): Promise<string | undefined> {
    const { serviceDeployments = [] } = await ecs(this.#settings).send(
      new ListServiceDeploymentsCommand({ ...named(service), createdAt: { after: new Date(since) }, maxResults: 100 }),
    );
    const [newest] = [...serviceDeployments].sort((a, b) => Number(b.createdAt) - Number(a.createdAt));
    return newest?.targetServiceRevisionArn;
  }

  /**
   * The newest rollout to this task definition since then: when it began, and the images of these containers before it and
   * after it, as they stood in the task definitions.
   */
  async changeTo(service: string, taskDefinition: string, since: string, containers: readonly string[]): Promise<ImageChange | undefined> {
    const deployments = await this.#since(service, since);
    const revisions = await this.#revisions(
      present(deployments.flatMap((deployment) => [deployment.targetServiceRevision?.arn, ...sourcesOf(deployment)])),
    );
    const imagesOf = (arn: string): string[] =>
      present(
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

  /** Asks ECS to take the service back to what ran before. @throws ConflictException when it is over already. */
  async stop(arn: string): Promise<void> {
    await ecs(this.#settings).send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' }));
  }

  /** Those that were created since then, the newest first. */
  async #since(service: string, since: string): Promise<ServiceDeployment[]> {
    const { serviceDeployments = [] } = await ecs(this.#settings).send(
      new ListServiceDeploymentsCommand({ ...named(service), createdAt: { after: new Date(since) }, maxResults: 20 }),
    );
    const arns = present(serviceDeployments.map(({ serviceDeploymentArn }) => serviceDeploymentArn));
    return arns.length === 0 ? [] : (await this.#describe(arns)).sort((a, b) => Number(b.createdAt) - Number(a.createdAt));
  }

  async #describe(serviceDeploymentArns: string[]): Promise<ServiceDeployment[]> {
    const { serviceDeployments } = await ecs(this.#settings).send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
    return serviceDeployments ?? [];
  }

  async #revisions(arns: string[]): Promise<ServiceRevision[]> {
    const found: ServiceRevision[] = [];
    const all = [...new Set(arns)];
    for (let start = 0; start < all.length; start += revisionsACall) {
      const serviceRevisionArns = all.slice(start, start + revisionsACall);
      const { serviceRevisions } = await ecs(this.#settings).send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
      found.push(...(serviceRevisions ?? []));
    }
    return found;
  }
}

/** As many as DescribeServiceRevisions takes. */
const revisionsACall = 20;

const withArn = (revisions: readonly ServiceRevision[], arn: string | undefined): ServiceRevision | undefined =>
  revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);

const sourcesOf = ({ sourceServiceRevisions = [] }: ServiceDeployment): string[] => present(sourceServiceRevisions.map(({ arn }) => arn));

/** "ECS is not using alarms for service deployment failures when the status is DISABLED" (API reference), though they are configured. */
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
  present(containerImages.filter(({ containerName }) => containers.includes(containerName ?? '')).map(({ imageDigest }) => imageDigest));

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
  targetRevision: deployment.targetServiceRevision?.arn ?? '',
  ...ecsRollbackOf(deployment, revisions, containers),
  replaced: present(sourcesOf(deployment).map((arn) => withArn(revisions, arn)?.taskDefinition)),
  digests: digestsOf(revision, containers),
  isBreakerTriggered: deployment.deploymentCircuitBreaker?.status === 'TRIGGERED',
  triggeredAlarms: deployment.alarms?.triggeredAlarmNames ?? [],
  ignoredAlarms: ignoredAlarmsOf(deployment),
  finishedAt: (deployment.finishedAt ?? deployment.stoppedAt)?.toISOString() ?? '',
});
