import * as v from 'valibot';
import type {
  DeploymentAnswer,
  ExplainAnswer,
  History,
  InProgress,
  InstallationAnswer,
  LogAnswer,
  QueryError,
  ReleaseAnswer,
  Status,
} from '../../core/query/answers.js';
import type { QueryName } from '../../core/query/request.js';
import { outcomes, reasons, reasonsByOutcome, runbookEntries } from '../../core/result/result.js';

// The answers of the function `query` as docs/query.md promises them. Strict: a member that is not here was not meant to be shown.

const { array, boolean, exactOptional: maybe, literal, number, picklist, pipe, record, regex, strictObject: object, string, union } = v;

const time = pipe(string(), v.isoTimestamp());
const digest = pipe(string(), regex(/^sha256:[0-9a-f]{64}$/));
const name = pipe(string(), regex(/^(?:service|repository)#\S+ (?:deployment|release)#\S+$/));
const texts = array(string());
const count = pipe(number(), v.integer(), v.minValue(0));

const operator = { by: maybe(string()), reason: maybe(string()) };
const hold = object({ at: time, until: maybe(time), ...operator });
const result = object({
  outcome: picklist(outcomes),
  reason: picklist(reasons),
  message: string(),
  runbook: maybe(picklist(runbookEntries)),
});
const trigger = object({
  kind: picklist(['push', 'replication', 'pullThroughCache', 'reconcile', 'releasedHold', 'hand']),
  hold: maybe(hold),
  until: maybe(time),
  ...operator,
});
const image = object({
  repository: string(),
  tag: maybe(string()),
  digest,
  commit: maybe(string()),
  sourceUrl: maybe(string()),
  created: maybe(time),
});
const pushed = object({ digest, tag: maybe(string()), pushedAt: time });
const explanation = object({
  stage: maybe(string()),
  service: maybe(string()),
  isDeployed: boolean(),
  code: picklist(reasons),
  message: string(),
});

const deploymentSummary = {
  name,
  id: string(),
  service: string(),
  stage: string(),
  release: maybe(name),
  operation: picklist(['image', 'redeploy', 'rollback', 'taskDefinition', 'releaseRollback', 'beforeTask']),
  image: maybe(image),
  trigger,
  startedAt: time,
  endedAt: maybe(time),
  phase: picklist(['starting', 'queued', 'beforeTask', 'updating', 'rollingOut', 'verifying', 'rollingBack', 'ended']),
  revision: maybe(string()),
  previousRevision: maybe(string()),
  previousImage: maybe(string()),
  result: maybe(result),
};

const deployment = object({
  ...deploymentSummary,
  progress: maybe(object({ desired: count, running: count, pending: count, failed: count })),
  rollback: maybe(
    object({
      since: time,
      method: picklist(['stop', 'update', 'none']),
      reason: picklist(reasonsByOutcome.ROLLED_BACK),
      message: string(),
    }),
  ),
  failures: maybe(array(object({ count, description: string() }))),
  log: maybe(object({ container: string(), lines: texts })),
  events: maybe(texts),
  alarms: maybe(texts),
  beforeTask: maybe(
    object({
      outcome: picklist(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELLED', 'UNKNOWN', 'RUNNING']),
      container: string(),
      command: string(),
      exitCode: maybe(number()),
      durationSeconds: count,
      log: texts,
      commands: texts,
    }),
  ),
  updateRequestedAt: maybe(time),
  failedTasks: maybe(count),
  failedAt: maybe(time),
  pausedSeconds: maybe(number()),
  verification: maybe(object({ since: time, url: maybe(string()), verifier: maybe(string()) })),
  warnings: maybe(texts),
  consoleUrl: string(),
});

const ofStage = object({ service: string(), deployment: maybe(deployment), undo: maybe(deployment) });
const wait = { stage: string(), for: picklist(['approval', 'window', 'scan']), since: time, until: time };
const releaseSummary = {
  name,
  id: string(),
  repository: string(),
  tag: maybe(string()),
  image: maybe(image),
  trigger,
  pushedAt: time,
  startedAt: time,
  endedAt: maybe(time),
  stage: maybe(string()),
  waiting: maybe(object(wait)),
  isRollback: maybe(literal(true)),
  result: maybe(result),
};
const release = object({
  ...releaseSummary,
  stages: array(
    object({
      name: string(),
      state: picklist(['ahead', 'waiting', 'running', 'succeeded', 'skipped', 'failed']),
      before: maybe(ofStage),
      services: array(ofStage),
    }),
  ),
  passedOver: array(object({ stage: string(), message: string() })),
  approvals: array(object({ stage: string(), at: time, ...operator })),
  warnings: texts,
  other: maybe(name),
  consoleUrl: string(),
});

const head = {
  api: literal(1),
  at: time,
  stack: object({
    stage: string(),
    account: pipe(string(), regex(/^\d{12}$/)),
    region: string(),
    version: pipe(string(), regex(/^\d+\.\d+\.\d+/)),
    machines: object({ release: string(), deployment: string() }),
  }),
};

const status = {
  holdOfAll: maybe(hold),
  repositories: array(
    object({
      repository: string(),
      stages: array(object({ name: string(), services: texts, waiting: maybe(object({ ...wait, release: name, image })) })),
      releases: array(object(releaseSummary)),
    }),
  ),
  services: array(
    object({
      service: string(),
      sources: array(
        object({
          repository: string(),
          lastDeployed: maybe(pushed),
          quarantine: array(object({ digest, reason: string(), at: time })),
          withheld: maybe(pushed),
          knownGood: maybe(array(object({ ...pushed.entries, revision: string(), at: time }))),
        }),
      ),
      hold: maybe(hold),
      current: maybe(object(deploymentSummary)),
      leaseSince: maybe(time),
      queued: array(object({ id: string(), since: time, repository: string() })),
      last: maybe(object(deploymentSummary)),
      unreadable: maybe(string()),
    }),
  ),
};

const progress = {
  releases: array(object(releaseSummary)),
  deployments: array(object(deploymentSummary)),
  unreadable: maybe(texts),
};

const more = { next: maybe(string()), unreadable: maybe(texts), unreadableNames: maybe(array(name)) };
const history = union([
  object({ ...head, releases: array(object(releaseSummary)), ...more }),
  object({ ...head, deployments: array(object(deploymentSummary)), ...more }),
]);

const installation = {
  schema: number(),
  reconcileSeconds: maybe(number()),
  notifications: object({ slackSecret: maybe(string()), email: texts, sns: boolean() }),
  repositories: array(
    object({
      repository: string(),
      tags: texts,
      hasScan: boolean(),
      stages: array(
        object({
          name: string(),
          tags: maybe(texts),
          requires: maybe(string()),
          hasApproval: boolean(),
          hasWindow: boolean(),
          isProduction: boolean(),
          onFailure: maybe(literal('rollBackAll')),
          hasBeforeTask: maybe(literal(true)),
          services: array(
            object({
              service: string(),
              container: maybe(string()),
              timeoutSeconds: number(),
              alarms: texts,
              hasBeforeTask: boolean(),
              hasVerification: maybe(literal(true)),
              maxFailedTasks: maybe(count),
            }),
          ),
        }),
      ),
    }),
  ),
};

type Answers = {
  installation: InstallationAnswer;
  status: Status;
  progress: InProgress;
  history: History;
  release: ReleaseAnswer;
  deployment: DeploymentAnswer;
  explain: ExplainAnswer;
  plan: { readonly plan: object };
  log: LogAnswer;
};

const answers = {
  installation: object({ ...head, ...installation }),
  status: object({ ...head, ...status }),
  progress: object({ ...head, ...progress }),
  history,
  release: object({
    ...head,
    release: maybe(release),
    other: maybe(release),
    image: maybe(object({ ...image.entries, pushedAt: maybe(time) })),
    explain: maybe(array(explanation)),
  }),
  deployment: object({ ...head, deployment }),
  explain: object({ ...head, image: maybe(image), explain: array(explanation) }),
  plan: object({ ...head, plan: record(string(), v.unknown()) }),
  log: object({
    ...head,
    service: string(),
    logs: array(object({ container: string(), task: string(), isStopped: boolean(), lines: texts, unread: maybe(string()) })),
  }),
} satisfies { readonly [Query in QueryName]: v.GenericSchema<unknown, Answers[Query]> };

/** Parts that the page's answers have, too. */
export const parts = { count, deployment, digest, hold, image, release, releaseSummary, trigger, wait };

const error = object({
  api: literal(1),
  error: object({
    code: picklist(['INVALID_INPUT', 'NOT_CONFIGURED', 'NOT_FOUND', 'API_TOO_OLD', 'API_TOO_NEW', 'THROTTLED', 'UNREADABLE']),
    message: string(),
    suggestion: maybe(string()),
  }),
}) satisfies v.GenericSchema<unknown, QueryError>;

/** The answer to a query. @throws ValiError for one of another shape than is documented */
export const answerTo = <Query extends QueryName>(query: Query, answer: unknown): v.InferOutput<(typeof answers)[Query]> =>
  v.parse(answers[query], answer) as v.InferOutput<(typeof answers)[Query]>;

/** An error in place of an answer. @throws ValiError for anything else */
export const errorIn = (answer: unknown): v.InferOutput<typeof error>['error'] => v.parse(error, answer).error;
