import { suggestionFor } from '../input/suggestion.js';
import { RejectedInput } from '../result/rejected-input.js';
import { type Configuration, configuredServices, findService, findServices, type Service } from './configuration.js';

/** How long a rollout may take, and how many of its tasks may fail. */
export type Limits = {
  readonly timeoutSeconds: number;
  /** Undefined: depends on the desired count. */
  readonly maxFailedTasks: number | undefined;
  readonly placementTimeoutSeconds: number;
};

/** The settings of one service in slipway.yml. */
export type ServiceSettings = Limits & {
  readonly repository: string;
  readonly stage: string;
  readonly container: string | undefined;
  /** Deployment strategies beside ROLLING that it may have. */
  readonly strategies: readonly string[];
};

/** For a service that slipway.yml no longer names; also the default of the file. */
const defaultTimeoutSeconds = 1800;

/** Capacity that a provider is adding arrives sooner. */
const defaultPlacementTimeoutSeconds = 600;

const limitsIn = ({ timeoutSeconds, maxFailedTasks, placementTimeoutSeconds = defaultPlacementTimeoutSeconds }: Service): Limits => ({
  timeoutSeconds,
  maxFailedTasks,
  placementTimeoutSeconds,
});

/**
 * The limits of a rollout in progress. It continues with the defaults if slipway.yml no longer names its service, and with the
 * service's limits if another repository deploys it now.
 */
export const limitsOf = (configuration: Configuration, name: string, repository?: string): Limits => {
  const found = findService(configuration, name, repository) ?? findService(configuration, name);
  return found
    ? limitsIn(found.service)
    : { timeoutSeconds: defaultTimeoutSeconds, maxFailedTasks: undefined, placementTimeoutSeconds: defaultPlacementTimeoutSeconds };
};

/**
 * The settings of `cluster/service`; without a repository those of the first one that deploys it.
 * @throws RejectedInput if slipway.yml does not name the service, or not in this repository
 */
export const settingsOf = (configuration: Configuration, name: string, repository?: string): ServiceSettings => {
  const found = findService(configuration, name, repository);
  if (found)
    return {
      repository: found.repository.name,
      stage: found.stage.name,
      container: found.service.container,
      strategies: found.service.strategies ?? [],
      ...limitsIn(found.service),
    };
  const elsewhere = findServices(configuration, name).map((other) => other.repository.name);
  const meant = suggestionFor(
    name,
    configuredServices(configuration).map((one) => one.service.service),
  );
  throw new RejectedInput(
    elsewhere.length > 0
      ? `service ${name} is deployed from ${elsewhere.join(', ')}, not from ${repository}; expected an image of a repository that deploys it in slipway.yml`
      : `service ${name} is not in slipway.yml; ${meant ? `did you mean ${meant}? Else` : 'expected cluster/service of an entry:'} add it and deploy the stack`,
  );
};
