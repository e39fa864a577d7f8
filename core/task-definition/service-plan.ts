import { digestOf, shortDigest } from '../image/image-reference.js';
import type { Image } from '../records/records.js';
import * as messages from '../result/messages.js';
import { RejectedInput } from '../result/rejected-input.js';
import { type Result, resultOf } from '../result/result.js';
import { revisionName, type ServiceObservation } from '../rollout/observation.js';
import { containersOf, type TaskDefinition } from './task-definition.js';

/** What must be known of a service before it may be deployed. */
export type ServiceToDeploy = ServiceObservation & {
  readonly controller: string;
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

/** Can Slipway deploy this service at all? @throws RejectedInput with what to do about it. */
export const rejectUndeployable = (name: string, service: ServiceToDeploy | undefined): ServiceToDeploy => {
  if (!service)
    throw new RejectedInput(
      `there is no service ${name}; expected cluster/service of one that runs in this account and Region`,
      'INVALID_SERVICE',
    );
  if (service.status !== 'ACTIVE')
    throw new RejectedInput(`service ${name} is ${service.status}; expected ACTIVE: create it before it is deployed to`, 'INVALID_SERVICE');
  if (service.controller !== 'ECS')
    throw new RejectedInput(
      `service ${name} has the deployment controller ${service.controller}; expected ECS, the only one that Slipway drives`,
      'INVALID_SERVICE',
    );
  if (service.minimumHealthyPercent >= 100 && service.maximumPercent <= 100)
    throw new RejectedInput(
      `service ${name} can never replace a task: its minimum is ${service.minimumHealthyPercent} % and its maximum ${service.maximumPercent} %; lower the minimum or raise the maximum`,
      'INVALID_SERVICE',
    );
  return service;
};

/** Did ECS give the newest rollout up, and leave it there? What ran before runs beside it, until something else is deployed. */
const isGivenUp = ({ deployments }: ServiceToDeploy): boolean =>
  deployments.some(({ status, rolloutState }) => status === 'PRIMARY' && rolloutState === 'FAILED');

/** Somebody else's rollout, or ECS's own rollback: what it leads to is not known yet. */
const isBusy = (service: ServiceToDeploy): boolean =>
  service.deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS') || (service.deployments.length > 1 && !isGivenUp(service));

/** Why what the service names now is no way back: it has not been seen to work. */
const noWayBackOf = (service: ServiceToDeploy, isUnderWay: boolean): string => {
  if (isGivenUp(service)) return `ECS gave the rollout of ${revisionName(service.taskDefinition)} up, which was deployed before`;
  return isUnderWay ? `the rollout of ${revisionName(service.taskDefinition)}, which was deployed before, was not over` : '';
};

/** What to do with a service whose current revision is `base`; without an image it is to be deployed whatever it runs. @throws RejectedInput */
export const planService = (
  name: string,
  service: ServiceToDeploy,
  previousRevision: TaskDefinition,
  {
    image,
    repositoryUri,
    container,
    isOurs,
    isWaitedFor,
  }: {
    readonly image: Image | undefined;
    readonly repositoryUri: string;
    readonly container: string | undefined;
    /** Is what goes on there the end of a deployment of ours that nobody saw, or that could not be taken back? */
    readonly isOurs: boolean;
    /** Is somebody else's rollout waited for still? */
    readonly isWaitedFor: boolean;
  },
): ServicePlan => {
  const containers = containersOf(previousRevision, repositoryUri, container, name);
  const isUnderWay = isBusy(service);
  if (isUnderWay && !isOurs && isWaitedFor) return { action: 'wait' };
  const images = (previousRevision.containerDefinitions ?? [])
    .filter((definition) => containers.includes(definition.name ?? ''))
    .map((definition) => definition.image ?? '');
  // After a rollout that ECS gave up the service names a revision that it does not run.
  if (image && !isGivenUp(service) && !isUnderWay && images.every((current) => digestOf(current) === image.digest))
    return { action: 'finish', result: resultOf('SKIPPED', 'ALREADY_RUNNING', messages.alreadyRunning(shortDigest(image.digest))) };
  return { action: 'proceed', containers, previousImage: images[0] ?? '', rollbackUnavailableReason: noWayBackOf(service, isUnderWay) };
};
