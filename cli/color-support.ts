export type Stream = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether escape codes may be written to a stream: colours and a spinner. It is stricter than picocolors' own test, which takes any CI
 * for a terminal and so writes escape codes to pipes and log files.
 */
export const supportsColor = ({ isTTY = false }: Pick<Stream, 'isTTY'>, { NO_COLOR, TERM }: Environment): boolean =>
  isTTY && !NO_COLOR && TERM !== 'dumb';
