import { type Configuration, findServices } from '../configuration/configuration.js';
import { parseImageReference } from '../image/image-reference.js';
import type { ContainerDefinition } from './task-definition.js';

/** Has a container an image of another source of the service, than that whose containers are named? */
export const isOfOtherSource = (
  configuration: Configuration,
  service: string,
  containers: readonly string[],
): ((container: ContainerDefinition) => boolean) => {
  const entries = findServices(configuration, service);
  return ({ name = '', image = '' }) =>
    !containers.includes(name) &&
    entries.some((one) => one.service.container === name || parseImageReference(image)?.repository === one.repository.name);
};
