import { RejectedInput } from '../result/rejected-input.js';
import { type Configuration, findService, findServices, type Service } from './configuration.js';

/** How long a rollout may take, and how much of it may fail. */
export type Limits = {
  readonly timeoutSeconds: number;
  /** Undefined: by the desired count. */
  readonly maxFailedTasks: number | undefined;
  readonly placementTimeoutSeconds: number;
};

/** What slipway.yml says of one service. */
export type ServiceSettings = Limits & {
  readonly repository: string;
  readonly stage: string;
  readonly container: string | undefined;
};

/** Of a service that slipway.yml no longer names: what it is when the file says nothing. */
const defaultTimeoutSeconds = 1800;

/** Capacity that is on its way comes sooner. */
const defaultPlacementTimeoutSeconds = 600;

const limitsIn = ({ timeoutSeconds, maxFailedTasks, placementTimeoutSeconds = defaultPlacementTimeoutSeconds }: Service): Limits => ({
  timeoutSeconds,
  maxFailedTasks,
  placementTimeoutSeconds,
});

/** Of a rollout that has begun: that slipway.yml has since lost its service, or deploys it from elsewhere, is no reason to stop it. */
export const limitsOf = (configuration: Configuration, name: string, repository?: string): Limits => {
  const found = findService(configuration, name, repository) ?? findService(configuration, name);
  return found
    ? limitsIn(found.service)
    : { timeoutSeconds: defaultTimeoutSeconds, maxFailedTasks: undefined, placementTimeoutSeconds: defaultPlacementTimeoutSeconds };
};

/** Of the first repository that deploys it, when none is given. @throws RejectedInput for a service that slipway.yml does not name, or not for this repository. */
export const settingsOf = (configuration: Configuration, name: string, repository?: string): ServiceSettings => {
  const found = findService(configuration, name, repository);
  if (found)
    return {
      repository: found.repository.name,
      stage: found.stage.name,
      container: found.service.container,
      ...limitsIn(found.service),
    };
  const elsewhere = findServices(configuration, name).map((place) => place.repository.name);
  throw new RejectedInput(
    elsewhere.length > 0
      ? `service ${name} is deployed from ${elsewhere.join(', ')}, not from ${repository}; expected an image of a repository that slipway.yml has for it`
      : `service ${name} is not in slipway.yml; expected cluster/service of a service that it names: add it there and deploy the stack`,
  );
};
