import { z } from 'zod';
import { isRepositoryName, repositoryPattern, tagLimit } from '../core/image/ecr-names.js';
import { namesRegistry } from './corrections.js';
import { list, text } from './schema-values.js';
import { logGroups, stackSettings } from './stack-settings-schema.js';

const LONGEST_TIMEOUT_SECONDS = 24 * 60 * 60;
const SHORTEST_RECONCILE_SECONDS = 15 * 60;

/** Converts a time such as 30m or 2h to seconds. */
export const secondsOf = (time: string): number => Number.parseInt(time, 10) * (time.endsWith('h') ? 3600 : 60);

export const DEFAULT_TIMEOUT = '30m';

const timeoutExpected = 'a time from 1m to 24h, like 30m or 2h';

const time = z
  .string({ error: timeoutExpected })
  .regex(/^[1-9]\d{0,3}[mh]$/, { error: timeoutExpected, abort: true })
  .refine((written) => secondsOf(written) <= LONGEST_TIMEOUT_SECONDS, { error: timeoutExpected });

const timeout = time.meta({
  description: `How long a rollout may take before it is rolled back: minutes or hours, ${timeoutExpected}. The service's own bake time is added. Default ${DEFAULT_TIMEOUT}.`,
  default: DEFAULT_TIMEOUT,
});

const placementTimeout = time.meta({
  description: `How long ECS may fail to place a task before the rollout is rolled back: minutes or hours, ${timeoutExpected}. Default 10m.`,
  default: '10m',
});

const countExpected = 'a whole number from 1 to 1000';

const maxFailedTasks = z.int({ error: countExpected }).min(1, { error: countExpected }).max(1000, { error: countExpected }).meta({
  description:
    'How many tasks of the new revision must fail for the rollout to be rolled back. Default: 3, or a tenth of the desired count if that is more.',
});

export const DEFAULT_RECONCILE = '1h';

const reconcileExpected = 'a time from 15m to 24h, like 1h, or off';

const isReconcileTime = (written: string): boolean =>
  secondsOf(written) >= SHORTEST_RECONCILE_SECONDS && secondsOf(written) <= LONGEST_TIMEOUT_SECONDS;

const reconcile = z
  .string({ error: reconcileExpected })
  .regex(/^(?:off|[1-9]\d{0,3}[mh])$/, { error: reconcileExpected, abort: true })
  .refine((written) => written === 'off' || isReconcileTime(written), { error: reconcileExpected })
  .meta({
    description: `How often Slipway looks for pushes whose event was missed: ${reconcileExpected}. Default ${DEFAULT_RECONCILE}.`,
    default: DEFAULT_RECONCILE,
  });

const serviceName = text(
  'cluster/service',
  /^[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}$/,
  'An ECS service: the names of its cluster and of the service.',
);

const service = z.strictObject({
  service: serviceName,
  container: text(
    'the name of a container of its task definition',
    /^[A-Za-z0-9_-]{1,255}$/,
    'The container that gets the image. Default: every container whose image is of this repository.',
  ).optional(),
  timeout: timeout.optional(),
  maxFailedTasks: maxFailedTasks.optional(),
  placementTimeout: placementTimeout.optional(),
  strategies: list(
    z.enum(['BLUE_GREEN', 'LINEAR', 'CANARY'], { error: 'BLUE_GREEN, LINEAR or CANARY' }),
    'a list of at least one of BLUE_GREEN, LINEAR and CANARY',
    'Deployment strategies beside ROLLING that the service may have. Slipway has not been tried with them. Default: none.',
  ).optional(),
});

/** A service of a stage, in either of its two forms. */
export const serviceSchema = z.union([serviceName, service.meta({ description: 'An ECS service, with options.' })]);

const stage = z.strictObject({
  name: text(
    'a name of at most 32 letters, digits, - and _',
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/,
    'The name of the stage in messages; unique within a repository.',
  ),
  services: list(serviceSchema, 'a list of at least one service, each cluster/service', 'The services that are deployed together.'),
});

const tagPattern = text(
  'an exact tag or a glob with * and ?, or one that is excluded, after !; "semver:" and "/regex/" come in a later version',
  new RegExp(`^!?[A-Za-z0-9_.*?-]{1,${tagLimit}}$`),
  'An exact tag, or a glob: * is any characters or none, ? is one character. One that begins with ! is not deployed, even if another one matches.',
);

const repository = z.strictObject({
  tags: list(
    tagPattern,
    'a list of at least one tag or glob, like ["main-*", "v*"]',
    'The tags that are deployed: those that match one of these, and none of those after !. An image without such a tag is skipped.',
  ),
  stages: list(
    stage,
    'a list of at least one stage',
    'Stages in order; the next one begins when all services of the one before run the image.',
  ),
});

/** The form of what belongs into the secret: a webhook without its scheme or its host, or one of Slack's tokens. */
export const looksLikeSecret = (name: string): boolean =>
  /\bhooks\.slack(?:-gov)?\.com\b|^x(?:ox[a-z]|app)-|(?:^|\/)T\w{6,}\/B\w{6,}\//.test(name);

const secretExpected = 'the name (not the ARN) of a secret in Secrets Manager';

const channelExpected = 'a channel, like "#deploys"';

const slack = z.strictObject({
  secret: text(
    secretExpected,
    /^[A-Za-z0-9/_+=.@-]{1,512}$/,
    "The name of the Secrets Manager secret that holds the incoming webhook's URL.",
  ).refine((name) => !looksLikeSecret(name), { error: secretExpected }),
  channel: text(
    channelExpected,
    /^#?[^\s:/#]{1,80}$/,
    'The channel that the webhook posts to. Documentation only: the webhook determines the channel.',
  )
    .refine((name) => !looksLikeSecret(name), { error: channelExpected })
    .optional(),
});

const notifications = z.strictObject({
  slack: slack.meta({ description: 'Messages to a Slack channel.' }).optional(),
  email: list(
    text(
      'a mail address',
      /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/,
      'A mail address. Its owner confirms the subscription once.',
    ),
    'a list of at least one mail address',
    'Who gets results and alarms by mail.',
  ).optional(),
  sns: z
    .boolean({ error: 'true or false' })
    .meta({
      description: "Whether the stack's outputs offer the SNS topic for subscribing, for mail and machines. Default true.",
      default: true,
    })
    .optional(),
});

/** Whether `repositories` may have it as a key: a name that ECR allows, without the host of a registry. */
export const isRepositoryKey = (name: string): boolean => isRepositoryName(name) && !namesRegistry(name);

const repositoryExpected = "the full name of an ECR repository in the stack's account and Region, without its registry";

const repositoryName = z
  .string()
  .regex(new RegExp(`^${repositoryPattern}$`), { error: repositoryExpected, abort: true })
  .refine(isRepositoryKey, { error: repositoryExpected })
  .meta({ description: 'The full name of an ECR repository, not a prefix.' });

/** slipway.yml as it is written: the source of its validation and of its JSON Schema. */
export const configurationSchema = z
  .strictObject({
    notifications: notifications.meta({ description: 'Where results of deployments are reported.' }).optional(),
    repositories: z
      .record(repositoryName, repository, { error: 'ECR repositories by their full names' })
      .refine((repositories) => Object.keys(repositories).length > 0, { error: 'at least one ECR repository' })
      .meta({ description: 'What is deployed where, by the full name of the ECR repository.', minProperties: 1 }),
    reconcile: reconcile.optional(),
    passRoles: list(
      text('the ARN of an IAM role', /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'The ARN of a task role or task execution role.'),
      'a list of at least one ARN of an IAM role',
      'The roles that Slipway may pass to ECS with a new revision: the task roles and task execution roles of the services. Default: any role, to ECS tasks only.',
    ).optional(),
    logGroups: logGroups.optional(),
    stack: stackSettings.optional(),
  })
  .meta({
    title: 'slipway.yml',
    description: 'The configuration of Slipway.',
    // A place for anchors, as in Compose.
    patternProperties: { '^x-': {} },
  });

export type WrittenConfiguration = z.infer<typeof configurationSchema>;
export type WrittenService = z.infer<typeof serviceSchema>;

/** The JSON Schema with which editors complete and check slipway.yml. */
export const jsonSchema = (): object => z.toJSONSchema(configurationSchema, { io: 'input' });
