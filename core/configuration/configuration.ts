/** What slipway.yml says, as the functions get it: validated, and normalised, when the stack is packaged. */
export type Configuration = {
  notifications: Notifications;
  repositories: Record<string, Repository>;
  /** How often images are looked for whose push was not heard of; absent: never. */
  reconcileSeconds?: number;
  passRoles?: string[];
};

export type Notifications = { slack?: { secret: string; channel?: string }; sns: boolean };

export type Repository = { name: string; tags: string[]; stages: Stage[] };

export type Stage = { name: string; services: Service[] };

/** One ECS service; `service` is what people type: cluster/service. */
export type Service = {
  service: string;
  cluster: string;
  name: string;
  container?: string;
  timeoutSeconds: number;
  /** Absent: what core/service-settings.ts says. */
  maxFailedTasks?: number;
  placementTimeoutSeconds?: number;
};

/** A service together with where slipway.yml names it. */
export type ConfiguredService = { repository: Repository; stage: Stage; service: Service };

/** The repository of this whole name, never of a prefix of it. */
export const repositoryOf = (configuration: Configuration, name: string): Repository | undefined =>
  Object.hasOwn(configuration.repositories, name) ? configuration.repositories[name] : undefined;

/** Every place that names a service, in the order of the file. */
export const configuredServices = (configuration: Configuration): ConfiguredService[] =>
  Object.values(configuration.repositories).flatMap((repository) =>
    repository.stages.flatMap((stage) => stage.services.map((service) => ({ repository, stage, service }))),
  );

/**
 * Where slipway.yml names `cluster/service`: in that repository, or, when none is given, the first place.
 * Several repositories may deploy one service, a container each; `findServices` has them all.
 */
export const findService = (configuration: Configuration, service: string, repository?: string): ConfiguredService | undefined =>
  findServices(configuration, service).find((found) => repository === undefined || found.repository.name === repository);

/** Every place that names `cluster/service`. */
export const findServices = (configuration: Configuration, service: string): ConfiguredService[] =>
  configuredServices(configuration).filter((found) => found.service.service === service);
