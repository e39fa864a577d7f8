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

export const verbs: readonly VerbDeclaration[] = [
  {
    name: 'status',
    args: '[name]',
    description: 'What runs where, what moves, and what needs you. Of the stack, a repository or a service.',
    options: [],
    changes: false,
    examples: [
      ['slipway status --stage prod', 'the whole stack'],
      ['slipway status production/web', 'one service'],
    ],
    load: () => import('./verbs/status.js'),
  },
];
