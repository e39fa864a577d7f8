import { DescribeServiceDeploymentsCommand, type ServiceDeployment, type ServiceRevisionSummary } from '@aws-sdk/client-ecs';
import type { ClientSettings } from './client-settings.js';
import { compact, ecs } from './ecs.js';

/** ECS's own counts of tasks. */
export type Counts = { readonly desired: number; readonly running: number; readonly pending: number };

/** Of the revision that a service deployment rolls out, and of those that it replaces. */
export type CountsOfRollout = { readonly target: Counts; readonly sources: Counts };

/** Service deployments of one call (ECS API, DescribeServiceDeployments). */
const deploymentsPerCall = 20;

export class RolloutCounts {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** By ARN of the service deployment, of those that ECS knows. */
  async of(arns: readonly string[]): Promise<ReadonlyMap<string, CountsOfRollout>> {
    const found = new Map<string, CountsOfRollout>();
    for (let start = 0; start < arns.length; start += deploymentsPerCall) {
      const serviceDeploymentArns = arns.slice(start, start + deploymentsPerCall);
      const { serviceDeployments = [] } = await ecs(this.#settings).send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
      for (const one of serviceDeployments) found.set(one.serviceDeploymentArn ?? '', countsOf(one));
    }
    return found;
  }
}

const countsOf = ({ targetServiceRevision, sourceServiceRevisions }: ServiceDeployment): CountsOfRollout => ({
  target: sumOf(compact([targetServiceRevision])),
  sources: sumOf(compact(sourceServiceRevisions)),
});

const sumOf = (revisions: readonly ServiceRevisionSummary[]): Counts => {
  const sum = (count: (one: ServiceRevisionSummary) => number | undefined): number =>
    revisions.reduce((total, one) => total + (count(one) ?? 0), 0);
  return {
    desired: sum(({ requestedTaskCount }) => requestedTaskCount),
    running: sum(({ runningTaskCount }) => runningTaskCount),
    pending: sum(({ pendingTaskCount }) => pendingTaskCount),
  };
};
