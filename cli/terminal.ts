import pico from 'picocolors';
import yoctoSpinner from 'yocto-spinner';
import { type Environment, type Stream, supportsColor } from './color-support.js';

/** Where a verb writes: results to standard output, progress to standard error. */
export type Terminal = {
  /** Columns of a terminal; infinite where the output is a pipe or a file, whose readers wrap and search whole lines. */
  readonly width: number;
  readonly colors: ReturnType<typeof pico.createColors>;
  /** Writes a line to standard output. */
  readonly print: (text: string) => void;
  /** Writes a line to standard error: what is no part of the result. */
  readonly note: (text: string) => void;
  /** Reports what is being done: a spinner with the text on a terminal, one line each elsewhere. */
  readonly progress: (text: string) => void;
  /** Removes the spinner, if there is one. */
  readonly endProgress: () => void;
  /** Standard output, if it is a terminal on which lines can be drawn again. */
  readonly screen?: Screen;
};

/** What a live view needs of a terminal; both sizes change with its window. */
export type Screen = Stream & { readonly rows?: number };

/** The streams are the process's own unless given. */
export const createTerminal = (
  stdout: Stream = process.stdout,
  stderr: NodeJS.WriteStream = process.stderr,
  environment: Environment = process.env,
): Terminal => {
  const colors = pico.createColors(supportsColor(stdout, environment));
  const spinner = supportsColor(stderr, environment) ? yoctoSpinner({ stream: stderr }) : undefined;
  return {
    width: (stdout.isTTY && stdout.columns) || Number.POSITIVE_INFINITY,
    colors,
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    progress: (text) => {
      if (!spinner) stderr.write(`${text}…\n`);
      else if (spinner.isSpinning) spinner.text = `${text}…`;
      else spinner.start(`${text}…`);
    },
    endProgress: () => void spinner?.stop(),
    ...(stdout.isTTY && environment.TERM !== 'dumb' && { screen: stdout }),
  };
};
