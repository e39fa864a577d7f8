import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ListServiceDeploymentsCommandOutput,
  type ServiceDeployment,
  type ServiceRevision,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import type { ImageChange } from '../core/rollout/external-change.js';
import type { Rollout } from '../core/rollout/observation.js';
import type { ClientSettings } from './client-settings.js';
import { compact, ecs, toClusterAndService } from './ecs.js';
import { isRefused, isTransient } from './sdk-errors.js';

/** What is listed: the rollouts since a time. ISO 8601; `now` is the time of the call. */
type Period = { readonly since: string; readonly now: string };

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
    const revision = isDone ? withArn(await this.#revisions([target]), target) : { taskDefinition };
    const sources = isDone || isRolledBack ? sourcesOf(deployment) : [];
    const earlier = await this.#knownRevisions([...sources, ...rollbackTargetOf(deployment)]);
    return revision && rolloutOf(deployment, revision, earlier, containers);
  }

  /**
   * The newest rollout of this task definition in the period; undefined if ECS lists none. There are several only if a repeated
   * UpdateService started a second one, which replaced the first.
   */
  async find(service: string, taskDefinition: string, period: Period, containers: readonly string[]): Promise<Rollout | undefined> {
    const deployments = await this.#since(service, period);
    const targets = await this.#revisions(deployments.flatMap(targetOf));
    for (const deployment of deployments) {
      const revision = withArn(targets, deployment.targetServiceRevision?.arn);
      if (revision?.taskDefinition !== taskDefinition) continue;
      const earlier = await this.#knownRevisions([...sourcesOf(deployment), ...rollbackTargetOf(deployment)]);
      return rolloutOf(deployment, revision, earlier, containers);
    }
    return undefined;
  }

  /** ARN of the service revision of the newest rollout in the period: every update creates one. */
  async newestServiceRevision(service: string, period: Period): Promise<string | undefined> {
    const { serviceDeployments = [] } = await this.#list(service, period, 100);
    const [newest] = [...serviceDeployments].sort((a, b) => Number(b.createdAt) - Number(a.createdAt));
    return newest?.targetServiceRevisionArn;
  }

  /**
   * The newest rollout to this task definition in the period: when it began, and the images of these containers before and after it,
   * as in the task definitions; none before it if ECS does not know them. Undefined if ECS lists no such rollout.
   */
  async changeTo(service: string, taskDefinition: string, period: Period, containers: readonly string[]): Promise<ImageChange | undefined> {
    const deployments = await this.#since(service, period);
    const targets = await this.#revisions(deployments.flatMap(targetOf));
    const isTo = ({ targetServiceRevision }: ServiceDeployment) =>
      withArn(targets, targetServiceRevision?.arn)?.taskDefinition === taskDefinition;
    const newest = deployments.find(isTo);
    if (!newest) return undefined;
    const imagesOf = ({ containerImages = [] }: ServiceRevision): string[] =>
      compact(containerImages.filter(({ containerName }) => containers.includes(containerName ?? '')).map(({ image }) => image));
    const after = withArn(targets, newest.targetServiceRevision?.arn);
    return {
      at: newest.createdAt?.toISOString() ?? '',
      before: (await this.#knownRevisions(sourcesOf(newest))).flatMap(imagesOf),
      after: after ? imagesOf(after) : [],
    };
  }

  /** Asks ECS to stop the rollout and to roll back. @throws ConflictException if it has finished */
  async stop(arn: string): Promise<void> {
    await ecs(this.#settings).send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' }));
  }

  #list(service: string, { since, now }: Period, maxResults: number): Promise<ListServiceDeploymentsCommandOutput> {
    const after = new Date(Math.max(Date.parse(since), Date.parse(now) - historyMs));
    return ecs(this.#settings).send(
      new ListServiceDeploymentsCommand({ ...toClusterAndService(service), createdAt: { after }, maxResults }),
    );
  }

  /** Service deployments of the period, the newest first. */
  async #since(service: string, period: Period): Promise<ServiceDeployment[]> {
    const { serviceDeployments = [] } = await this.#list(service, period, 20);
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

  /**
   * Those of these revisions that ECS knows: it has none from before 25 October 2024 (ECS Developer Guide, "Amazon ECS service
   * revisions"). Of sources and of the target of a rollback, not knowing them must not hide the rollout itself.
   */
  #knownRevisions(arns: string[]): Promise<ServiceRevision[]> {
    return this.#revisions(arns).catch((error: unknown) => {
      if (isRefused(error) && !isTransient(error)) return [];
      throw error;
    });
  }
}

/**
 * ListServiceDeployments refuses a time "not within the last 3 months" (hashicorp/terraform-provider-aws#43445): the shortest three
 * months have 89 days. Its history has 90.
 */
const historyMs = 88 * 86_400_000;

/** Service revisions of one call (ECS API, DescribeServiceRevisions). */
const revisionsPerCall = 20;

const withArn = (revisions: readonly ServiceRevision[], arn: string | undefined): ServiceRevision | undefined =>
  revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);

const targetOf = ({ targetServiceRevision }: ServiceDeployment): string[] => compact([targetServiceRevision?.arn]);

const rollbackTargetOf = ({ rollback }: ServiceDeployment): string[] => compact([rollback?.serviceRevisionArn]);

const sourcesOf = ({ sourceServiceRevisions = [] }: ServiceDeployment): string[] => compact(sourceServiceRevisions.map(({ arn }) => arn));

/** Configured alarms that ECS does not use: "when the status is DISABLED" (ECS API, ServiceDeploymentAlarms). */
const ignoredAlarmsOf = ({ status, alarms, deploymentConfiguration }: ServiceDeployment): readonly string[] =>
  deploymentConfiguration?.alarms?.enable && status !== 'PENDING' && alarms?.status === 'DISABLED'
    ? (deploymentConfiguration.alarms.alarmNames ?? [])
    : [];

/** The hook that an operator has to answer or, if there is none, one that failed. */
const hookOf = ({ lifecycleHookDetails = [], lifecycleStage }: ServiceDeployment): Pick<Rollout, 'hook'> => {
  for (const status of ['AWAITING_ACTION', 'FAILED', 'TIMED_OUT'] as const) {
    const found = lifecycleHookDetails.find((hook) => hook.status === status);
    if (!found) continue;
    const { hookId = '', targetArn = '', expiresAt, timeoutAction = 'ROLLBACK' } = found;
    return {
      hook: { id: hookId || targetArn, stage: lifecycleStage ?? '', status, expiresAt: expiresAt?.toISOString() ?? '', timeoutAction },
    };
  }
  return {};
};

const ecsRollbackOf = (
  { rollback }: ServiceDeployment,
  revisions: readonly ServiceRevision[],
  containers: readonly string[],
): Pick<Rollout, 'rollback'> => {
  const arn = rollback?.serviceRevisionArn;
  if (arn === undefined) return {};
  const known = withArn(revisions, arn);
  const { taskDefinition } = known ?? {};
  return { rollback: { revision: arn, ...(known && taskDefinition && { taskDefinition, digests: digestsOf(known, containers) }) } };
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
  ...hookOf(deployment),
  finishedAt: (deployment.finishedAt ?? deployment.stoppedAt)?.toISOString() ?? '',
});
