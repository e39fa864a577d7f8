import { digestOf, shortDigest } from '../image/image-reference.js';
import type { Image } from '../records/records.js';
import * as messages from '../result/messages.js';
import { RejectedInput } from '../result/rejected-input.js';
import { type Result, resultOf } from '../result/result.js';
import { revisionName, type ServiceObservation } from '../rollout/observation.js';
import { containersOf, type TaskDefinition } from './task-definition.js';

/** The members of a service that decide whether, and how, it can be deployed. */
export type ServiceToDeploy = ServiceObservation & {
  readonly arn: string;
  readonly controller: string;
  /** ROLLING, BLUE_GREEN, LINEAR or CANARY (ECS API, DeploymentConfiguration). */
  readonly strategy: string;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly deployments: readonly { readonly status: string; readonly rolloutState: string }[];
};

export type ServicePlan =
  | {
      readonly action: 'proceed';
      readonly containers: readonly string[];
      readonly previousImage: string;
      readonly rollbackUnavailableReason: string;
    }
  | { readonly action: 'wait' }
  | { readonly action: 'finish'; readonly result: Result };

/**
 * Answers a service that Slipway can deploy.
 * @throws RejectedInput for any other one, with what to do
 */
export const rejectUndeployable = <Service extends ServiceToDeploy>(name: string, service: Service | undefined): Service => {
  if (!service)
    throw new RejectedInput(
      `there is no service ${name}; expected cluster/service of one in this account and Region: create it, or fix slipway.yml`,
      'INVALID_SERVICE',
    );
  if (service.status !== 'ACTIVE')
    throw new RejectedInput(
      `service ${name} is ${service.status}; expected ACTIVE: create it again before you deploy it`,
      'INVALID_SERVICE',
    );
  if (service.controller !== 'ECS')
    throw new RejectedInput(
      `service ${name} has the deployment controller ${service.controller}; expected ECS, the only one that Slipway supports`,
      'INVALID_SERVICE',
    );
  if (/:service\/[^/]+$/.test(service.arn)) throw new RejectedInput(messages.shortServiceArn(name, service.arn), 'INVALID_SERVICE');
  if (service.minimumHealthyPercent >= 100 && service.maximumPercent <= 100)
    throw new RejectedInput(
      `service ${name} can never replace a task: minimumHealthyPercent is ${service.minimumHealthyPercent} and maximumPercent ${service.maximumPercent}; lower the minimum or raise the maximum`,
      'INVALID_SERVICE',
    );
  return service;
};

/**
 * Rejects a service whose rollouts pass through stages that Slipway does not read, unless slipway.yml allows its strategy.
 * @throws RejectedInput
 */
export const rejectStrategy = (name: string, { strategy }: Pick<ServiceToDeploy, 'strategy'>, allowed: readonly string[] = []): void => {
  if (strategy !== 'ROLLING' && !allowed.includes(strategy))
    throw new RejectedInput(messages.strategyNotAllowed(name, strategy), 'INVALID_SERVICE');
};

/** Has ECS given the newest rollout up without a rollback? The revision before it runs beside it, until another deployment. */
const isGivenUp = ({ deployments }: ServiceToDeploy): boolean =>
  deployments.some(({ status, rolloutState }) => status === 'PRIMARY' && rolloutState === 'FAILED');

/** Is a rollout in progress, of another deployer or ECS's own rollback? Its target is not proven yet. */
const isRollingOut = (service: ServiceToDeploy): boolean =>
  service.deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS') || (service.deployments.length > 1 && !isGivenUp(service));

/** Why the current revision is no rollback target: it was never seen to work. Empty if it is one. */
const rollbackUnavailableReasonOf = (service: ServiceToDeploy, isSettled: boolean): string => {
  const current = revisionName(service.taskDefinition);
  if (isGivenUp(service)) return `ECS gave up the rollout of ${current}, which was deployed before`;
  return isRollingOut(service) && !isSettled ? `the rollout of ${current}, which was deployed before, had not finished` : '';
};

/**
 * Plans the deployment of `image` to a service; without an image the service is deployed even if nothing would change.
 * `previousRevision` is the task definition that the service is on.
 * @throws RejectedInput if no container can get the image
 */
export const planService = (
  name: string,
  service: ServiceToDeploy,
  previousRevision: TaskDefinition,
  {
    image,
    repositoryUri,
    container,
    isOurRollout,
    isSettled,
    mayWait,
  }: {
    readonly image: Image | undefined;
    readonly repositoryUri: string;
    readonly container: string | undefined;
    /** Is the rollout in progress that of an earlier deployment of ours, which is UNKNOWN or ROLLBACK_FAILED? */
    readonly isOurRollout: boolean;
    /** Was our last rollout complete a moment ago? Reads may still show it in progress. */
    readonly isSettled: boolean;
    /** May the deployment still wait for another rollout? */
    readonly mayWait: boolean;
  },
): ServicePlan => {
  const containers = containersOf(previousRevision, repositoryUri, container, name);
  if (isRollingOut(service) && !isOurRollout && !isSettled && mayWait) return { action: 'wait' };
  const images = (previousRevision.containerDefinitions ?? [])
    .filter((definition) => containers.includes(definition.name ?? ''))
    .map((definition) => definition.image ?? '');
  const rollbackUnavailableReason = rollbackUnavailableReasonOf(service, isSettled);
  // A rollout that has not finished, or that ECS gave up, does not prove that the service runs its current revision.
  const isProven = rollbackUnavailableReason === '';
  if (image && isProven && images.every((current) => digestOf(current) === image.digest))
    return { action: 'finish', result: resultOf('SKIPPED', 'ALREADY_RUNNING', messages.alreadyRunning(shortDigest(image.digest))) };
  return { action: 'proceed', containers, previousImage: images[0] ?? '', rollbackUnavailableReason };
};
