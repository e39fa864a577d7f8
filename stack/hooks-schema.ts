import { z } from 'zod';
import { severities } from '../core/configuration/configuration.js';
import { choice, count, duration, flag, list, text } from './schema-values.js';

export const DEFAULT_BEFORE_TIMEOUT = '10m';
export const DEFAULT_STATUS = 200;
export const DEFAULT_EVERY = '10s';
export const DEFAULT_WITHIN = '2m';
export const DEFAULT_SCAN_WAIT = '10m';

const environmentExpected = 'variables by their names, like {LOG_LEVEL: debug}';

const commandExpected = 'a list of words, like [npm, run, migrate]';

const container = text('the name of a container of the task definition', /^[A-Za-z0-9_-]{1,255}$/, '');

/** The before task of a service. */
export const beforeSchema = z.strictObject({
  command: list(text('a text', /^[^\0]*$/, 'A word of the command.'), commandExpected, 'The container runs this command.')
    .refine(([first]) => first !== '', { error: commandExpected })
    .meta({
      description: "The container runs this instead of the command of its image; the image's entry point remains.",
      expected: commandExpected,
    }),
  container: container
    .meta({
      description: 'This container runs the command, and its exit code decides. The default is the one that gets the image.',
      expected: 'the name of an essential container of the task definition',
    })
    .optional(),
  environment: z
    .record(
      text('the name of a variable', /^[A-Za-z_][\w.-]{0,255}$/, 'The key is the name of the variable.'),
      text('a text: put numbers, true, false and null in quotes', /^[^\0]*$/, 'This is the value of the variable.'),
      { error: environmentExpected },
    )
    .meta({
      description:
        'The container has these variables, too. Secrets belong into the task definition: who may read the task reads these. The default is none.',
      expected: environmentExpected,
    })
    .optional(),
  // ECS API, ContainerDefinition: two CPU units are the least that Linux keeps, 6 MiB the least that Docker accepts.
  cpu: count({ from: 2, to: 196_608 }, "The container has these CPU units. The default is the task definition's.").optional(),
  memory: count({ from: 6, to: 1_048_576 }, "The container has these MiB of memory. The default is the task definition's.").optional(),
  timeout: duration(
    { from: '1m', to: '12h', expected: 'a time from 1m to 12h, like 10m' },
    `A task that runs longer is stopped, and has failed. The default is ${DEFAULT_BEFORE_TIMEOUT}.`,
  )
    .meta({ default: DEFAULT_BEFORE_TIMEOUT })
    .optional(),
});

/** The before task of a stage. */
export const stageBeforeSchema = z.strictObject({
  like: text(
    'one of the services of the stage, cluster/service',
    /^[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}$/,
    'The task has the task definition, network and capacity of this service, and runs under its lease. The default is the only service of the stage.',
  ).optional(),
  ...beforeSchema.shape,
});

const urlExpected = 'a URL that begins with https://, like https://example.com/health';

const url = text(
  urlExpected,
  /^https:\/\/[^\s/?#]\S{0,2000}$/,
  'This URL must answer as expected. Redirects are not followed.',
).superRefine((written, context) => {
  const says = urlProblem(written);
  if (says !== undefined) context.addIssue({ code: 'custom', params: { says } });
});

/** Why a URL cannot be verified; undefined if it can. Nothing of it is repeated: its password would be in a log. */
const urlProblem = (written: string): string | undefined => {
  if (!URL.canParse(written)) return `is no URL; expected ${urlExpected}`;
  const { username, password, hash } = new URL(written);
  if (username !== '' || password !== '') return 'has a user or a password, which logs would show; expected a URL without them';
  return hash === '' ? undefined : 'has a fragment, which is never sent; expected a URL without it';
};

export const urlFields = z.strictObject({
  url,
  status: count({ from: 200, to: 599 }, `The answer has this status. The default is ${DEFAULT_STATUS}.`)
    .meta({ default: DEFAULT_STATUS })
    .optional(),
  body: text(
    'a text of 1 to 1,000 characters',
    /^[\s\S]{1,1000}$/,
    'The first 64 KiB of the answer contain this text. The default is any answer.',
  ).optional(),
  every: duration(
    { from: '1s', to: '5m', expected: 'a time from 1s to 5m, like 10s' },
    `It is requested this often until it answers as expected. The default is ${DEFAULT_EVERY}.`,
  )
    .meta({ default: DEFAULT_EVERY })
    .optional(),
  within: duration(
    { from: '10s', to: '1h', expected: 'a time from 10s to 1h, like 2m' },
    `It must answer as expected within this time after the rollout. The default is ${DEFAULT_WITHIN}.`,
  )
    .meta({ default: DEFAULT_WITHIN })
    .optional(),
  allowPrivate: flag('The URL may lead to a private address, which the subnets of stack.vpc have to reach. The default is false.')
    .meta({ default: false })
    .optional(),
});

/** CloudWatch API, DescribeAlarms: the names of one call. */
const MOST_ALARMS = 100;

const alarmsExpected = `a list of 1 to ${MOST_ALARMS} alarms`;

const functionExpected = "the name or ARN of a Lambda function of the stack's account and Region";

export const verifySchema = z.strictObject({
  url: z
    .union([url, urlFields])
    .meta({ description: 'The URL must answer as expected. The default is none.', expected: `${urlExpected}, or fields` })
    .optional(),
  alarms: list(
    text(
      "the name (not the ARN) of a CloudWatch alarm of the stack's account and Region",
      /^(?!arn:)[^\0\n]{1,255}$/,
      'This is a metric alarm or a composite alarm.',
    ),
    alarmsExpected,
    '',
  )
    .max(MOST_ALARMS, { error: alarmsExpected })
    .meta({ description: 'None of these alarms may be in ALARM during the bake. The default is none.', expected: alarmsExpected })
    .optional(),
  bake: duration(
    { from: '1m', to: '24h', expected: 'a time from 1m to 24h, like 5m' },
    'For this time after the rollout, tasks of the revision that fail and alarms roll it back. The default is none.',
  ).optional(),
  yields: flag('A newer push ends the bake, and the revision does not count as good. The default is false.')
    .meta({ default: false })
    .optional(),
  function: text(
    functionExpected,
    // Lambda API, FunctionName.
    /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:)?[A-Za-z0-9_-]{1,64}(?::(?:\$LATEST|[A-Za-z0-9_-]{1,128}))?$/,
    'This function of your own is asked whether the revision is good. The default is none.',
  ).optional(),
});

const severityExpected = `one of ${severities.join(', ')}`;

const ignoreExpected = 'a list of at least one name of a vulnerability';

export const scanSchema = z.strictObject({
  block: choice(severities, severityExpected, 'A finding of this severity or a higher one ends the release.'),
  wait: duration(
    { from: '1m', to: '24h', expected: 'a time from 1m to 24h, like 10m' },
    `A scan that has not ended is waited for this long. The default is ${DEFAULT_SCAN_WAIT}.`,
  )
    .meta({ default: DEFAULT_SCAN_WAIT })
    .optional(),
  ignore: list(
    text(
      'the name of a vulnerability, like CVE-2026-1234',
      /^[A-Z][A-Za-z0-9]*(?:-[\w.:]+)+$/,
      'This is the name that Amazon ECR or Amazon Inspector reports.',
    ),
    ignoreExpected,
    'These vulnerabilities do not count. The default is none.',
  ).optional(),
  onUnscanned: choice(
    ['block', 'warn'],
    'block or warn',
    'An image without the result of a scan ends the release, or passes with a warning. The default is block.',
  )
    .meta({ default: 'block' })
    .optional(),
});

export type WrittenBefore = z.infer<typeof stageBeforeSchema>;
export type WrittenVerify = z.infer<typeof verifySchema>;
export type WrittenScan = z.infer<typeof scanSchema>;
