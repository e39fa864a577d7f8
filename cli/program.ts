import { Command, Option } from 'commander';
import type { CommonOptions } from './context.js';
import { commonOptions, type OptionDeclaration, optionsOf, type VerbDeclaration } from './declaration.js';
import { version } from './version.js';

/** Options of a command line: --no-color is `color: false`. */
export type GivenOptions = CommonOptions & { readonly color: boolean };

/** Runs a verb with its arguments, as declared, and its options. */
type Action = (verb: VerbDeclaration, args: readonly (string | undefined)[], options: GivenOptions) => Promise<void>;

const optionOf = ({ flags, description, default: byDefault, many }: OptionDeclaration): Option => {
  const option = new Option(flags, description);
  if (many) option.argParser((value: string, before: readonly string[] = []) => [...before, value]);
  return byDefault === undefined ? option : option.default(byDefault);
};

const examplesOf = ({ examples }: VerbDeclaration): string =>
  `\nExamples:${examples.map(([command, does]) => `\n  # ${does}\n  ${command}`).join('\n')}`;

/**
 * The program of the declared verbs. Common options are the program's, so that they may be before the verb, too.
 * @throws CommanderError for help, the version and a command line that is not valid; its message is not printed yet, help is
 */
export const programOf = (verbs: readonly VerbDeclaration[], act: Action): Command => {
  const program = new Command('slipway')
    .description('Deploys container images to Amazon ECS, and says how it went.')
    .version(version)
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  for (const option of commonOptions) program.addOption(optionOf(option));
  for (const verb of verbs) {
    const command = program.command(`${verb.name} ${verb.args}`.trim()).description(verb.description);
    for (const option of optionsOf(verb)) command.addOption(optionOf(option));
    command
      .addHelpText('after', examplesOf(verb))
      .action((...given: unknown[]) => act(verb, given.slice(0, -2) as string[], command.optsWithGlobals<GivenOptions>()));
  }
  return program.addHelpText(
    'after',
    `
Examples:
  # what needs you, what moves, and what runs where
  slipway status
  # a command’s options, with examples
  slipway status --help`,
  );
};
