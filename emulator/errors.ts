/** An error as AWS answers it: `code` is what the SDK shows as the exception's name. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** The code in the header x-amzn-query-error of services that once spoke the query protocol, where it differs from `code`. */
  readonly queryCode: string | undefined;
  /** Further members of the error's shape. */
  readonly members: Record<string, unknown>;

  constructor(
    code: string,
    message: string,
    { status = 400, queryCode, ...members }: { status?: number; queryCode?: string; [member: string]: unknown } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.queryCode = queryCode;
    this.members = members;
  }
}

/** Something that AWS has and this emulator has not: never ignored in silence. */
export class NotEmulated extends AwsError {
  constructor(what: string) {
    super('NotEmulated', `emulator: ${what} is not emulated (see emulator/COVERAGE.md)`, { status: 501 });
  }
}
