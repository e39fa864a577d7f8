import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values = Readonly<Record<string, string | boolean | undefined>>;

/** A mistake of whoever typed the command: told in a sentence, without a stack. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

const tell = (error: unknown, help: string): void => {
  if (error instanceof Misuse) process.stderr.write(`${error.message}\n`);
  else if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    process.stderr.write(`${error.message}\n\n${help}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
};

/** Runs a command with its options; its exit status is 1 when it throws or answers false. */
export const runCommand = async (help: string, options: Options, run: (values: Values) => Promise<boolean>): Promise<void> => {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', default: false } } });
    if (values.help) process.stdout.write(`${help}\n`);
    else if (!(await run(values as Values))) process.exitCode = 1;
  } catch (error) {
    tell(error, help);
    process.exitCode = 1;
  }
};
