import type { ClientSettings } from '../aws/client-settings.js';
import type {
  Answered,
  DeploymentAnswer,
  ExplainAnswer,
  History,
  InProgress,
  InstallationAnswer,
  LogAnswer,
  ReleaseAnswer,
  Status,
} from '../core/query/answers.js';
import type { QueryName, QueryRequest } from '../core/query/request.js';
import type { Result } from '../core/result/result.js';
import type { Plan } from '../functions/shared/plan.js';

type Answers = {
  installation: InstallationAnswer;
  status: Status;
  progress: InProgress;
  history: History;
  release: ReleaseAnswer;
  deployment: DeploymentAnswer;
  explain: ExplainAnswer;
  plan: { readonly plan: Plan };
  log: LogAnswer;
};

export type AnswerTo<Name extends QueryName> = Answered<Answers[Name]>;

type QuestionIn<Request, Name> = Request extends { readonly query: infer Query }
  ? Name extends Query
    ? Omit<Request, 'api' | 'query'>
    : never
  : never;

/** A request without its version and its query, which the client adds. */
export type Question<Name extends QueryName> = QuestionIn<QueryRequest, Name>;

/**
 * A deployed stack, as its operators reach it: by its functions `query`, `control` and `decide`, and by its state machines. The command
 * line never reads its table.
 */
export type StackClient = {
  readonly stage: string;
  readonly region: string;
  /** Of other clients of the same account, Region and credentials. */
  readonly settings: ClientSettings;
  /**
   * @throws CommandError with the exit status and a message: no credentials, expired ones, a permission that is missing, no such stack,
   * a stack of another version, no connection, input that the stack rejects
   */
  readonly query: <Name extends QueryName>(name: Name, question: Question<Name>) => Promise<AnswerTo<Name>>;
  /** What a command did. @throws CommandError as `query`; a result other than SUCCEEDED is answered, not thrown */
  readonly invoke: (name: 'control' | 'decide', input: object) => Promise<Result & { readonly started?: readonly string[] }>;
  /** Starts an execution of this name, or finds one of this name; answers its ARN. @throws CommandError as `query` */
  readonly start: (machine: 'release' | 'deployment', name: string, input: object) => Promise<string>;
};
