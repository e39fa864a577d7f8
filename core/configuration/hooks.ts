import { type Configuration, configuredServices } from './configuration.js';

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** Names of the alarms of all verifications. */
export const verifyingAlarms = (configuration: Configuration): string[] =>
  unique(configuredServices(configuration).flatMap(({ service }) => service.verify?.alarms ?? []));

/** Names or ARNs of the users' functions of all verifications. */
export const verifiers = (configuration: Configuration): string[] =>
  unique(configuredServices(configuration).flatMap(({ service }) => service.verify?.function ?? []));

/** Names of the services with whose tasks a before task is run, without their clusters. */
export const servicesWithBeforeTask = (configuration: Configuration): string[] =>
  unique(
    configuredServices(configuration)
      .flatMap(({ stage, service }) => [stage.before, service.before])
      .flatMap((before) => before?.like.split('/')[1] ?? []),
  );

/** May a deployment of this service, `cluster/service`, run a before task? */
export const hasBeforeTask = (configuration: Configuration, service: string): boolean =>
  configuredServices(configuration).some((one) => [one.stage.before, one.service.before].some((before) => before?.like === service));

/** Does any service or stage have a before task? */
export const hasBeforeTasks = (configuration: Configuration): boolean => servicesWithBeforeTask(configuration).length > 0;

/** Names of the repositories whose images are scanned. */
export const scannedRepositories = ({ repositories }: Configuration): string[] =>
  Object.values(repositories)
    .filter(({ scan }) => scan !== undefined)
    .map(({ name }) => name);

/** Does a repository wait for the scans of its images? */
export const scansImages = (configuration: Configuration): boolean => scannedRepositories(configuration).length > 0;
