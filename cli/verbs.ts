/** One option as commander reads it: `-s, --since <time>`. */
export type OptionDeclaration = {
  readonly flags: string;
  readonly description: string;
  readonly default?: string | boolean;
  readonly many?: true;
};

/** What `--help`, completion and the docs know of a verb. Its code is in cli/verbs, and is imported when it is called. */
export type VerbDeclaration = {
  readonly name: string;
  /** As commander reads them: `<service> [image]`. */
  readonly args: string;
  readonly description: string;
  readonly options: readonly OptionDeclaration[];
  /** Does it change anything, so that it has --yes, --by and --reason? */
  readonly changes: boolean;
  /** Complete command lines, each with what it does. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  readonly load: () => Promise<{ readonly run: unknown }>;
};

/** Of a name that is a service and a repository, too. */
const nameOptions: readonly OptionDeclaration[] = [
  { flags: '--service', description: 'the name is of a service, which slipway.yml need not have any more' },
  { flags: '--repository', description: 'the name is of a repository' },
];

export const verbs: readonly VerbDeclaration[] = [
  {
    name: 'status',
    args: '[name]',
    description: 'What needs you, what moves, and what runs where: of the stack, a repository or a service.',
    options: nameOptions,
    changes: false,
    examples: [
      ['slipway status --stage prod', 'the whole stack'],
      ['slipway status my-learn-app --stage prod', 'the stages of one repository'],
      ['slipway status production/web --stage prod', 'all that is known of one service'],
    ],
    load: () => import('./verbs/status.js'),
  },
  {
    name: 'history',
    args: '<name>',
    description: 'The releases of a repository, or the deployments of a service, the newest first.',
    options: [
      ...nameOptions,
      { flags: '--limit <count>', description: 'how many, at most 100', default: '20' },
      { flags: '--next <token>', description: 'continue where the last answer ended' },
    ],
    changes: false,
    examples: [
      ['slipway history my-learn-app --stage prod', 'the releases of a repository'],
      ['slipway history production/web --limit 5 --stage prod', 'the last five deployments of a service'],
    ],
    load: () => import('./verbs/history.js'),
  },
  {
    name: 'show',
    args: '<id>',
    description: 'One release or one deployment, by the ID that history and messages name, or by the ARN of its execution.',
    options: [],
    changes: false,
    examples: [['slipway show 4f1c2d3e-release-of-main-7 --stage prod', 'how it ended, and why']],
    load: () => import('./verbs/show.js'),
  },
  {
    name: 'logs',
    args: '<service>',
    description: 'The last lines of the containers of the newest tasks of a service, without what looks like a credential.',
    options: [{ flags: '--lines <count>', description: 'how many of each container, at most 200', default: '20' }],
    changes: false,
    examples: [['slipway logs production/web --lines 50 --stage prod', 'the last fifty lines of each container']],
    load: () => import('./verbs/logs.js'),
  },
  {
    name: 'explain',
    args: '<image>',
    description: 'Which services a push of an image is deployed to, and which rule says no to the others.',
    options: [],
    changes: false,
    examples: [['slipway explain my-learn-app:v1.4.0 --stage prod', 'by its tag, which need not exist yet']],
    load: () => import('./verbs/explain.js'),
  },
  {
    name: 'plan',
    args: '<image>',
    description: 'What a push of an image would do now: gates, before tasks, findings, and how task definitions differ.',
    options: [],
    changes: false,
    examples: [['slipway plan my-learn-app:main-7 --stage prod', 'of an image that is in the registry']],
    load: () => import('./verbs/plan.js'),
  },
  {
    name: 'deploy',
    args: '[image]',
    description: 'Starts a release of an image through the stages of its repository, or deploys it to one service.',
    options: [
      { flags: '--service <service>', description: 'to this service alone, without the gates of its stage' },
      { flags: '--redeploy', description: 'with --service: the running revision once more, for new tasks' },
      { flags: '--task-definition <revision>', description: 'with --service: a copy of this revision, such as web:41' },
      { flags: '--force', description: 'past tags, the age of the image, quarantine and approval, in every stage from the first' },
      { flags: '--ignore-window', description: 'past windows and freezes' },
      { flags: '--ignore-scan', description: 'past the scan of the image' },
      { flags: '--wait', description: 'wait for the result, which is the exit status' },
    ],
    changes: true,
    examples: [
      ['slipway deploy my-learn-app:v1.4.2 --reason "the event was lost"', 'a release, through all stages that take the tag'],
      ['slipway deploy my-learn-app:v1.4.1 --service production/web', 'one service alone'],
      ['slipway deploy --service production/web --redeploy', 'new tasks with the same image'],
      ['slipway deploy my-learn-app:v1.4.2 --yes --wait', 'without a question, and with the result as the exit status'],
    ],
    load: () => import('./verbs/deploy.js'),
  },
  {
    name: 'rollback',
    args: '<name> [stage]',
    description: 'Rolls back a service, or the last release of a repository, in one stage or in all.',
    options: [
      { flags: '--source <repository>', description: 'of a service that several repositories deploy: whose image is rolled back' },
      { flags: '--release <id>', description: 'of a repository: the release of this execution' },
      ...nameOptions,
      { flags: '--wait', description: 'wait for the result, which is the exit status' },
    ],
    changes: true,
    examples: [
      ['slipway rollback production/web --reason "v1.4.2 writes too many logs"', 'a service, to the newest known good image'],
      ['slipway rollback my-learn-app production', 'what the last release changed in one stage'],
    ],
    load: () => import('./verbs/rollback.js'),
  },
  {
    name: 'approve',
    args: '<repository> <stage>',
    description: 'Approves the image that waits before a stage.',
    options: [{ flags: '--digest <digest>', description: 'of the image that was looked at; needed with --yes' }],
    changes: true,
    examples: [['slipway approve my-learn-app production', 'shows the image that waits, and asks']],
    load: () => import('./verbs/approve.js'),
  },
  {
    name: 'reject',
    args: '<repository> <stage>',
    description: 'Rejects the image that waits before a stage, without a question: nothing that runs changes.',
    options: [{ flags: '--digest <digest>', description: 'reject this image alone' }],
    changes: true,
    examples: [['slipway reject my-learn-app production --reason "not before the sale"', 'the image that waits']],
    load: () => import('./verbs/reject.js'),
  },
  {
    name: 'hold',
    args: '<service>',
    description: 'Keeps automatic deployments of a service back, or of every one: *. What runs stays, and it does not ask.',
    options: [{ flags: '--until <end>', description: 'a duration such as 2h, or a time such as 2026-11-27T14:05:00Z' }],
    changes: true,
    examples: [
      ['slipway hold production/web --until 2h --reason "the database is being moved"', 'one service, for two hours'],
      ["slipway hold '*'", 'every service, until it is released'],
    ],
    load: () => import('./verbs/hold.js'),
  },
  {
    name: 'unhold',
    args: '<service>',
    description: 'Releases the hold of a service, or of all: *. What it has kept back is deployed.',
    options: [],
    changes: true,
    examples: [["slipway unhold '*'", 'the hold of every service']],
    load: () => import('./verbs/unhold.js'),
  },
  {
    name: 'cancel',
    args: '<name> [stage]',
    description: 'Cancels the deployment of a service, which rolls back, or the release of a repository that waits before a stage.',
    options: [{ flags: '--stop-task', description: 'of a deployment: stop its before task, and do not wait for it' }],
    changes: true,
    examples: [
      ['slipway cancel production/web --reason "wrong tag"', 'the deployment in progress'],
      ['slipway cancel my-learn-app production', 'the release that waits before a stage'],
    ],
    load: () => import('./verbs/cancel.js'),
  },
];
