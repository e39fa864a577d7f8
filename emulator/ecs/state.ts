import { createHash } from 'node:crypto';
import type { Account } from '../account.js';
import type { Ecr } from '../ecr/api.js';
import { AwsError } from '../errors.js';
import { Random } from '../random.js';
import { resourceId, serviceArn } from './names.js';
import type { Cluster, RunFailure, Service, ServiceDeployment, ServiceRevision, StartedRun, Task, TaskDefinition } from './records.js';
import { Versions } from './versions.js';

const hourMs = 3_600_000;

/** All resources of ECS in the account, and how they are found. */
export class EcsState {
  readonly account: Account;
  readonly clusters = new Map<string, Cluster>();
  /** Revisions by family; revision n is at index n - 1. */
  readonly families = new Map<string, TaskDefinition[]>();
  /** By family: whose registration is under way, and until when. */
  readonly registrations = new Map<string, { readonly client: unknown; readonly until: number }>();
  /** By cluster and client token. */
  readonly runs = new Map<string, StartedRun>();
  /** By cluster: why RunTask starts nothing, for how many requests. */
  readonly runFailures = new Map<string, { readonly failure: RunFailure; times: number }>();
  readonly serviceDeployments = new Map<string, ServiceDeployment>();
  readonly serviceRevisions = new Map<string, ServiceRevision>();
  readonly versions: Versions;
  /** The scheduler's `reconcile`, set by `createEcs`: tasks and rollouts call the scheduler, and the scheduler calls them. */
  reconcile: (service: Service) => void = () => {};
  // A generator of its own, so that additional reads do not change how long tasks take.
  #ageOfReads: Random;

  constructor(account: Account) {
    this.account = account;
    this.versions = new Versions(account.clock, account.staleReadMs);
    this.#ageOfReads = new Random(account.random.between(0, 2 ** 31));
  }

  get now(): number {
    return this.account.clock.now;
  }

  date(): Date {
    return this.account.clock.date();
  }

  /** A random duration in milliseconds, from `low` to `high` seconds. */
  seconds(low: number, high: number): number {
    return this.account.random.between(low * 1000, high * 1000);
  }

  /** The time, in epoch milliseconds, whose state one read returns. */
  asOf(): number {
    const { staleReadMs } = this.account;
    return staleReadMs > 0 ? this.now - Math.floor(this.#ageOfReads.next() * (staleReadMs + 1)) : this.now;
  }

  cluster(nameOrArn = 'default'): Cluster {
    const cluster = this.clusters.get(resourceId(nameOrArn));
    if (!cluster) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    return cluster;
  }

  service(clusterName: string | undefined, nameOrArn: string): Service {
    const service = this.cluster(clusterName).services.get(resourceId(nameOrArn));
    if (!service) throw new AwsError('ServiceNotFoundException', 'Service not found.');
    return service;
  }

  /** Services of accounts without the long ARN format have ARNs without their cluster (developer guide, ECS ARNs and IDs). */
  hasLongArns = true;

  newServiceArn(cluster: Cluster, name: string): string {
    return this.account.arn('ecs', this.hasLongArns ? `service/${cluster.name}/${name}` : `service/${name}`);
  }

  /**
   * The ARN of a service that a request names; of a service that does not exist, as it would be. Permissions are checked on what the
   * request names: which format IAM is asked for is not documented.
   */
  serviceArn(clusterName: string | undefined, nameOrArn: string): string {
    const found = this.clusters.get(resourceId(clusterName ?? 'default'))?.services.get(resourceId(nameOrArn));
    return found?.arn ?? serviceArn(this.account, clusterName, nameOrArn);
  }

  activeService(clusterName: string | undefined, nameOrArn: string): Service {
    const service = this.service(clusterName, nameOrArn);
    if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
    return service;
  }

  /** By family, `family:revision` or ARN; a family means its latest ACTIVE revision. */
  findTaskDefinition(reference: string): TaskDefinition | undefined {
    const [family = '', revision] = resourceId(reference).split(':');
    const revisions = this.families.get(family) ?? [];
    if (revision === undefined) return revisions.findLast(({ status }) => status === 'ACTIVE');
    return revisions[Number(revision) - 1];
  }

  deployableTaskDefinition(reference: string): TaskDefinition {
    const found = this.findTaskDefinition(reference);
    if (!found) throw new AwsError('ClientException', 'TaskDefinition not found.');
    if (found.status === 'INACTIVE') throw new AwsError('ClientException', 'TaskDefinition is inactive');
    return found;
  }

  /** Stopped tasks can be described for an hour. */
  isGone(task: Task): boolean {
    return task.stoppedAt !== undefined && task.stoppedAt.getTime() + hourMs <= this.now;
  }

  tasksOf(cluster: Cluster): Task[] {
    for (const task of cluster.tasks.values()) {
      if (!this.isGone(task)) continue;
      cluster.tasks.delete(task.arn);
      this.versions.forget(task.arn);
    }
    return [...cluster.tasks.values()];
  }

  task(arn: string): Task | undefined {
    for (const cluster of this.clusters.values()) {
      const task = cluster.tasks.get(arn);
      if (task) return task;
    }
    return undefined;
  }

  /** An image of another registry is assumed to exist and to be healthy. */
  pull(image: string): ReturnType<Ecr['pull']> {
    if (this.account.services.ecr.hosts(image)) return this.account.services.ecr.pull(image);
    const digest = image.split('@')[1] ?? `sha256:${createHash('sha256').update(image).digest('hex')}`;
    return { digest, behaviour: 'healthy', isIndex: false, platforms: [{ digest }] };
  }
}
