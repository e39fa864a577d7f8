/** The content of slipway.yml as the functions get it: validated and normalised when the stack is packaged. */
export type Configuration = {
  notifications: Notifications;
  repositories: Record<string, Repository>;
  /** Seconds between two searches for images whose push event was missed; absent: never. */
  reconcileSeconds?: number;
  passRoles?: string[];
  /** Names of CloudWatch log groups, `*` for any characters; absent: every group. */
  logGroups?: string[];
  stack?: StackSettings;
};

/** What the stack's own resources get. No function reads it. */
export type StackSettings = {
  /** The only stage of the stack; absent: any. */
  stage?: string;
  /** Such as `/delivery/`. */
  rolePath?: string;
  /** ARN of an IAM policy. */
  permissionsBoundary?: string;
  tags?: Record<string, string>;
  keys?: Partial<Record<KeyUse, string>>;
};

/** What a KMS key of the account's own can encrypt. */
export type KeyUse = 'slackSecret' | 'topic' | 'queues' | 'table';

export type Notifications = { slack?: { secret: string; channel?: string }; email?: string[]; sns: boolean };

export type Repository = {
  name: string;
  /** Patterns of the tags that are deployed; empty if every stage has its own. */
  tags: string[];
  stages: Stage[];
  /** Seconds for which a release waits at gates in all; absent: `defaultMaxWaitSeconds`. */
  maxWaitSeconds?: number;
};

/** Services that are deployed together, and the gates before them. */
export type Stage = {
  name: string;
  services: Service[];
  /** A tag must match these, too. */
  tags?: string[];
  /** An earlier stage in which the digest must have succeeded. */
  requires?: string;
  approval?: Approval;
  window?: Window;
  freeze?: Freeze[];
  /** Services that are deployed at the same time, at most 40; absent: `defaultParallel`. */
  parallel?: number;
  /** What a failed service means for the others of its stage. Absent: stop. */
  onFailure?: 'stop' | 'rollBackAll';
  /** Which services rollBackAll rolls back. Absent: stage. */
  rollBackScope?: 'stage' | 'release';
  /** Does an alarm in ALARM refuse the stage? Absent: it warns. */
  alarms?: 'warn' | 'require';
};

export const defaultParallel = 20;
export const defaultMaxWaitSeconds = 14 * 86_400;

export type Approval = { timeoutSeconds: number; remindAfterSeconds: number };

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** When a stage may begin, by the clock on the wall in `timezone`. One whose `to` is not after `from` ends on the day after. */
export type Window = {
  days: Weekday[];
  /** `HH:MM` */
  from: string;
  to: string;
  /** An IANA time zone. */
  timezone: string;
  /** What a release does outside. Absent: it waits. */
  outside?: 'wait' | 'skip';
};

/** Whole days, `YYYY-MM-DD`, both included, on which a stage does not begin. */
export type Freeze = { from: string; to: string; timezone: string; reason?: string };

/** One ECS service; `service` is `cluster/name`, as in slipway.yml. */
export type Service = {
  service: string;
  cluster: string;
  name: string;
  container?: string;
  timeoutSeconds: number;
  /** Absent: the defaults of core/configuration/service-settings.ts. */
  maxFailedTasks?: number;
  placementTimeoutSeconds?: number;
  /** Deployment strategies beside ROLLING that it may have. */
  strategies?: string[];
  /** The revision that is copied: the one that runs, or the newest of its family that Slipway did not register. Absent: running. */
  base?: 'running' | 'latest';
};

/** A service with the repository and the stage that name it in slipway.yml. */
export type ConfiguredService = { repository: Repository; stage: Stage; service: Service };

/** The repository of exactly this name; undefined if slipway.yml does not name it. */
export const repositoryOf = (configuration: Configuration, name: string): Repository | undefined =>
  Object.hasOwn(configuration.repositories, name) ? configuration.repositories[name] : undefined;

/** Every entry that names a service, in the order of the file. */
export const configuredServices = (configuration: Configuration): ConfiguredService[] =>
  Object.values(configuration.repositories).flatMap((repository) =>
    repository.stages.flatMap((stage) => stage.services.map((service) => ({ repository, stage, service }))),
  );

/**
 * The entry of `cluster/service` in that repository or, without a repository, the first one; undefined if there is none.
 * Several repositories may deploy one service, a container each; `findServices` returns all entries.
 */
export const findService = (configuration: Configuration, service: string, repository?: string): ConfiguredService | undefined =>
  findServices(configuration, service).find((found) => repository === undefined || found.repository.name === repository);

/** Every entry of `cluster/service`. */
export const findServices = (configuration: Configuration, service: string): ConfiguredService[] =>
  configuredServices(configuration).filter((found) => found.service.service === service);
