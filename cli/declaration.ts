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

/** Of every verb, before or after its name. */
export const commonOptions: readonly OptionDeclaration[] = [
  { flags: '--stage <stage>', description: 'the stack’s stage; default: SLIPWAY_STAGE, the slipway.yml here, or the only stack' },
  { flags: '--region <region>', description: 'the AWS Region; default: that of the AWS configuration' },
  { flags: '--profile <profile>', description: 'a profile of the AWS configuration' },
  { flags: '--json', description: 'the answer as JSON on standard output, an error as JSON on standard error' },
  { flags: '--no-color', description: 'no colours; the variable NO_COLOR does the same' },
];

/** Of every verb that changes something. */
export const changeOptions: readonly OptionDeclaration[] = [
  { flags: '-y, --yes', description: 'go on without a question' },
  { flags: '--by <who>', description: 'who asks for it, for messages and records; default: the user of the CI job, or of this machine' },
  { flags: '--reason <why>', description: 'why, for messages and records' },
];

/** The options of a verb without the common ones. */
export const optionsOf = ({ options, changes }: VerbDeclaration): readonly OptionDeclaration[] => [
  ...options,
  ...(changes ? changeOptions : []),
];
