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
  /** A CloudWatch dashboard of the stack's metrics; absent: none. */
  dashboard?: boolean;
  /** The subnets and security groups from which URLs are verified; absent: from outside of any VPC. */
  vpc?: { subnetIds: string[]; securityGroupIds: string[] };
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
  scan?: Scan;
};

/** From the lowest to the highest that `block` may name. UNDEFINED and UNTRIAGED are below. */
export const severities = ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type Severity = (typeof severities)[number];

/** What the scan of an image by Amazon ECR may find before its first stage. */
export type Scan = {
  /** A finding of this severity or a higher one ends the release. */
  block: Severity;
  /** Seconds for which a scan that has not ended is waited for. */
  waitSeconds: number;
  /** Names of vulnerabilities that do not count, such as CVE-2026-1234. */
  ignore: string[];
  /** What an image without a scan result means. */
  onUnscanned: 'block' | 'warn';
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
  /** Runs once, before the services of the stage. `like` is one of them. */
  before?: BeforeTask;
};

/** A task of a service's revision with the new image, which runs to its end before the service is updated. */
export type BeforeTask = {
  /** The service, `cluster/service`, whose task definition, network and capacity it has, and under whose lease it runs. */
  like: string;
  /** The container that runs the command and decides; absent: the one that gets the image. */
  container?: string;
  command: string[];
  environment?: Record<string, string>;
  /** CPU units and MiB of the container. */
  cpu?: number;
  memory?: number;
  timeoutSeconds: number;
};

/** What a new revision must hold after its rollout, before it counts as good. */
export type Verification = {
  url?: UrlCheck;
  /** Names of CloudWatch alarms of the account and Region that must stay out of ALARM during the bake. */
  alarms?: string[];
  /** Seconds after the rollout during which alarms and the tasks of the revision are watched. Absent: 0. */
  bakeSeconds?: number;
  /** Does a newer push end the bake? */
  yields?: boolean;
  /** Name or ARN of a Lambda function of the user that verifies the revision. */
  function?: string;
};

export type UrlCheck = {
  /** `https:` */
  url: string;
  status: number;
  /** A text that the body contains. */
  body?: string;
  everySeconds: number;
  /** Seconds within which it must have answered as expected. */
  withinSeconds: number;
  /** May it resolve to a private, loopback or link-local address? */
  allowPrivate?: boolean;
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
  /** Its own `like` is the service. */
  before?: BeforeTask;
  verify?: Verification;
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
