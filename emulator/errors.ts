import { inspect } from 'node:util';

/** An error as AWS answers it: `code` is what the SDK shows as the exception's name. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Additional members of the error's shape. */
  readonly members: Record<string, unknown>;

  constructor(code: string, message: string, { status = 400, ...members }: { status?: number; [member: string]: unknown } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** A feature of AWS that the emulator lacks: answered as an error, never ignored. */
export class NotEmulated extends AwsError {
  constructor(what: string) {
    super('NotEmulated', `emulator: ${what} is not emulated (see emulator/COVERAGE.md)`, { status: 501 });
  }
}

/** An unexpected error with its stack, for logs; anything can be thrown. */
export const describeError = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : inspect(error));
