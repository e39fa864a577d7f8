import pico from 'picocolors';
import yoctoSpinner from 'yocto-spinner';

/** Where a verb writes: results to standard output, progress to standard error. */
export type Terminal = {
  /** Columns of a terminal; infinite where the output is a pipe or a file, whose readers wrap and search whole lines. */
  readonly width: number;
  readonly colors: ReturnType<typeof pico.createColors>;
  /** Writes a line to standard output. */
  readonly print: (text: string) => void;
  /** Says what is being done: the text beside a spinner on a terminal, a line each elsewhere. */
  readonly progress: (text: string) => void;
  /** Removes the spinner, if there is one. */
  readonly endProgress: () => void;
};

type Stream = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
type Environment = Readonly<Record<string, string | undefined>>;

const hasColors = ({ isTTY = false }: Stream, { NO_COLOR, TERM }: Environment): boolean => isTTY && !NO_COLOR && TERM !== 'dumb';

/** The streams are the process's own unless given. */
export const createTerminal = (
  stdout: Stream = process.stdout,
  stderr: NodeJS.WriteStream = process.stderr,
  environment: Environment = process.env,
): Terminal => {
  // picocolors' own test takes any CI for a terminal with colours, and so would write escape codes to the logs of a pipe.
  const colors = pico.createColors(hasColors(stdout, environment));
  const spinner = hasColors(stderr, environment) ? yoctoSpinner({ stream: stderr }) : undefined;
  return {
    width: (stdout.isTTY && stdout.columns) || Number.POSITIVE_INFINITY,
    colors,
    print: (text) => void stdout.write(`${text}\n`),
    progress: (text) => {
      if (!spinner) stderr.write(`${text}…\n`);
      else if (spinner.isSpinning) spinner.text = `${text}…`;
      else spinner.start(`${text}…`);
    },
    endProgress: () => void spinner?.stop(),
  };
};

/**
 * Breaks a text at its spaces so that each line has at most `width` columns; further lines begin with `indent`. A longer word stays
 * whole, so that a URL or an ARN can be copied.
 */
export const wrap = (text: string, width: number, indent: string): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/\s*\S+/g) ?? []) {
    if (line.trim() === '' || line.length + word.length <= width) line += word;
    else {
      lines.push(line);
      line = indent + word.trimStart();
    }
  }
  return [...lines, line].join('\n');
};
