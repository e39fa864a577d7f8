import type { ExitStatus } from './exit-status.js';
import type { StackClient } from './stack-client.js';
import type { Terminal } from './terminal.js';

/** Options of every verb. */
export type CommonOptions = {
  readonly stage?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json: boolean;
  /** Of verbs that change something: go on without a question. */
  readonly yes?: boolean;
};

/** Questions at the terminal, on standard error. Ctrl-C is a CommandError with the status of an interruption. */
export type Prompt = {
  /** y or n; no answer is a no. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** A line. */
  readonly type: (question: string) => Promise<string>;
};

/** What a verb works with. */
export type Context = {
  readonly terminal: Terminal;
  /**
   * Connects when it is called first, so that an error in the arguments is reported without credentials. `attempts`: how often the client
   * sends a request at most; by default 3.
   */
  readonly connect: (options?: { readonly attempts: 1 }) => Promise<StackClient>;
  readonly options: CommonOptions;
  /** Absent without a terminal on standard input. */
  readonly prompt?: Prompt;
  readonly now: () => Date;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
};

/** What a file of cli/verbs exports: `args` as declared in verbs.ts, `options` those of the verb and the common ones. */
export type Verb<Args extends readonly unknown[] = readonly string[], Options = object> = (
  context: Context,
  args: Args,
  options: Options & CommonOptions,
) => Promise<ExitStatus>;
