import type { OptionDeclaration, VerbDeclaration } from './declaration.js';

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
    name: 'doctor',
    args: '',
    description:
      'Checks the installation: the stack, its notifications, and the services and repositories of slipway.yml. Changes nothing.',
    options: [{ flags: '--strict', description: 'exit with 12 for warnings, too' }],
    changes: false,
    examples: [
      ['slipway doctor --stage prod', 'what is wrong, what to do, and the command that does it'],
      ['slipway doctor --strict --json --stage prod', 'for a scheduled CI job: fails with a warning, too'],
    ],
    load: () => import('./verbs/doctor.js'),
  },
  {
    name: 'completion',
    args: '<shell>',
    description: 'A script that completes commands and options in bash or zsh.',
    options: [],
    changes: false,
    examples: [
      ['source <(slipway completion bash)', 'for this shell; in ~/.bashrc for every one'],
      ['slipway completion zsh > "$HOME/_slipway"', 'in a folder of fpath for every shell'],
    ],
    load: () => import('./completion.js').then(({ completionOf }) => ({ run: completionOf(verbs) })),
  },
];
