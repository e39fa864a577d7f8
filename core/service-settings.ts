import { type Configuration, findService, findServices } from './configuration.js';
import { Refusal } from './refusal.js';

/** What slipway.yml says of one service. */
export type ServiceSettings = {
  readonly repository: string;
  readonly stage: string;
  readonly container: string | undefined;
  readonly timeoutSeconds: number;
  /** Undefined: by the desired count. */
  readonly maxFailedTasks: number | undefined;
  readonly placementTimeoutSeconds: number;
};

/** Capacity that is on its way comes sooner. */
const defaultPlacementTimeoutSeconds = 600;

/** Of the first repository that deploys it, when none is given. @throws Refusal for a service that slipway.yml does not name, or not for this repository. */
export const settingsOf = (configuration: Configuration, name: string, repository?: string): ServiceSettings => {
  const found = findService(configuration, name, repository);
  if (found)
    return {
      repository: found.repository.name,
      stage: found.stage.name,
      container: found.service.container,
      timeoutSeconds: found.service.timeoutSeconds,
      maxFailedTasks: found.service.maxFailedTasks,
      placementTimeoutSeconds: found.service.placementTimeoutSeconds ?? defaultPlacementTimeoutSeconds,
    };
  const elsewhere = findServices(configuration, name).map((place) => place.repository.name);
  throw new Refusal(
    elsewhere.length > 0
      ? `service ${name} is deployed from ${elsewhere.join(', ')}, not from ${repository}; expected an image of a repository that slipway.yml has for it`
      : `service ${name} is not in slipway.yml; expected cluster/service of a service that it names: add it there and deploy the stack`,
  );
};
