/**
 * A failure that its message explains to the reader of a terminal: it is printed without a stack. `status` is the exit status; `code` that
 * of a `QueryError`, or another one for programs.
 */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly status: number;
  readonly code: string | undefined;

  constructor(message: string, { status = 1, code, ...options }: ErrorOptions & { readonly status?: number; readonly code?: string } = {}) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

/** By its name: of the bundle both parts have the class. */
export const isCommandError = (error: unknown): error is CommandError => error instanceof Error && error.name === 'CommandError';
