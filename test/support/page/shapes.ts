import * as v from 'valibot';
import { outcomes, reasons } from '../../../core/result/result.js';
import type {
  ApiError,
  CommandAccepted,
  DeploymentDetail,
  EmulatorState,
  FirstDay,
  HistoryPage,
  Images,
  Insights,
  Overview,
  PageEvent,
  Preview,
  ReleaseDetail,
  ServiceDetail,
} from '../../../page/api.js';
import { emulatorFaults } from '../../../page/api.js';
import { parts } from '../query-shapes.js';

// The answers of the page's server. Strict: a member that is not in page/api.ts was not meant to reach a browser.

const { array, boolean, exactOptional: maybe, literal, number, picklist, pipe, strictObject: object, string, union } = v;
const { count, deployment, digest, hold, image, release, releaseSummary, trigger, wait } = parts;

const time = pipe(string(), v.isoTimestamp());
const id = pipe(string(), v.minLength(1));
const service = pipe(string(), v.regex(/^[^/]+\/[^/]+$/));
/** A route of the page: never an address elsewhere. */
const href = pipe(string(), v.regex(/^\/(?!\/)/));
const link = pipe(string(), v.regex(/^https:\/\//));
const outcome = picklist(outcomes);
const reason = picklist(reasons);
const seconds = pipe(number(), v.minValue(0));

const problemReason = picklist([
  'CREDENTIALS_EXPIRED',
  'NO_CREDENTIALS',
  'ACCESS_DENIED',
  'THROTTLED',
  'UNREACHABLE',
  'OTHER_VERSION',
  'UNREADABLE',
  'INTERNAL',
]);
const problem = object({
  of: picklist(['stack', 'services', 'tasks', 'lostMessages', 'machine', 'history', 'diff', 'logs', 'identity', 'doctor']),
  reason: problemReason,
  message: string(),
  permission: maybe(string()),
  command: maybe(string()),
  since: time,
});
const problems = array(problem);

const kind = picklist([
  'steady',
  'starting',
  'beforeTask',
  'rollingOut',
  'verifying',
  'rollingBack',
  'approval',
  'window',
  'scan',
  'queued',
  'hold',
  'failed',
  'unknown',
  'empty',
  'external',
  'untouched',
  'missing',
  'unreadable',
]);
const sourceImage = object({ repository: string(), tag: maybe(string()), digest });
const row = object({
  id: service,
  cluster: string(),
  name: string(),
  sources: array(sourceImage),
  target: maybe(sourceImage),
  revision: maybe(string()),
  since: maybe(time),
  desired: maybe(count),
  running: maybe(count),
  tasks: maybe(
    object({ old: count, oldStarting: count, oldDraining: count, new: count, newStarting: count, newLeaving: count, failed: count }),
  ),
  state: object({
    kind,
    since: maybe(time),
    until: maybe(time),
    done: maybe(count),
    of: maybe(count),
    starting: maybe(count),
    failed: maybe(count),
    outcome: maybe(outcome),
    reason: maybe(reason),
    by: maybe(string()),
    message: maybe(string()),
    waits: maybe(string()),
  }),
  quarantine: array(object({ repository: string(), digest, tag: maybe(string()), reason: string(), at: time })),
  isProduction: boolean(),
  current: maybe(id),
  last: maybe(id),
});

const releaseRow = object({
  ...releaseSummary,
  stages: array(
    object({
      name: string(),
      state: picklist(['ahead', 'waiting', 'running', 'succeeded', 'skipped', 'failed']),
      kind: maybe(kind),
      done: count,
      of: count,
      tasks: maybe(object({ done: count, of: count })),
    }),
  ),
  doing: object({ kind, service: maybe(service), done: maybe(count), of: maybe(count), starting: maybe(count) }),
});

const isAttention = { id, since: time };
const attention = union([
  object({
    ...isAttention,
    kind: picklist(['failed', 'unknown']),
    service,
    deployment: id,
    outcome,
    reason,
    message: string(),
    toDo: string(),
    runbook: maybe(string()),
    running: maybe(count),
    desired: maybe(count),
  }),
  object({
    ...isAttention,
    kind: literal('approval'),
    repository: string(),
    image,
    stage: string(),
    services: array(service),
    release: id,
    until: time,
  }),
  object({ ...isAttention, kind: literal('lostMessages'), queue: string(), count }),
  object({ ...isAttention, kind: literal('unreadable'), service, message: string() }),
]);

const finding = object({ severity: string(), message: string(), toDo: string(), command: maybe(string()) });
const firstDay = object({
  registry: string(),
  repositories: array(
    object({
      repository: string(),
      tags: array(string()),
      stages: array(object({ name: string(), hasApproval: boolean(), hasWindow: boolean() })),
      exampleTag: string(),
    }),
  ),
  findings: maybe(array(finding)),
});

const clock = object({ now: time, speed: number() });
const overview = object({
  at: time,
  mode: picklist(['account', 'emulator']),
  stack: object({ stage: string(), account: pipe(string(), v.regex(/^\d{12}$/)), region: string(), version: string() }),
  me: maybe(object({ name: string(), arn: string() })),
  clock,
  services: array(row),
  releases: array(releaseRow),
  attention: array(attention),
  holdOfAll: maybe(hold),
  firstDay: maybe(firstDay),
  problems,
  lastEndedAt: maybe(time),
});

const historyRecord = object({
  name: string(),
  id,
  kind: picklist(['deployment', 'release']),
  service: maybe(service),
  repository: maybe(string()),
  stage: maybe(string()),
  operation: maybe(deployment.entries.operation),
  from: maybe(string()),
  image: maybe(image),
  phase: deployment.entries.phase,
  outcome: maybe(outcome),
  reason: maybe(reason),
  message: maybe(string()),
  trigger,
  startedAt: time,
  endedAt: maybe(time),
  unreadable: maybe(object({ why: string(), json: maybe(string()) })),
});

const serviceDetail = object({
  at: time,
  row,
  knownGood: array(object({ ...sourceImage.entries, revision: string(), at: time, runsNow: boolean() })),
  lease: maybe(object({ id, since: time })),
  queued: array(object({ id, since: time, repository: string() })),
  withheld: array(object({ ...sourceImage.entries, pushedAt: time })),
  stages: array(object({ repository: string(), stage: string(), isProduction: boolean() })),
  history: array(historyRecord),
  problems,
});

const timeline = array(
  object({
    at: time,
    kind: picklist([
      'push',
      'commit',
      'started',
      'step',
      'update',
      'taskStarted',
      'taskFailed',
      'rollback',
      'succeeded',
      'failed',
      'approval',
      'wait',
      'note',
    ]),
    title: string(),
    detail: maybe(string()),
    from: maybe(string()),
    seconds: maybe(seconds),
    href: maybe(href),
  }),
);

const releaseDetail = object({
  at: time,
  release,
  rows: array(row),
  gates: array(
    object({
      stage: string(),
      requires: maybe(string()),
      hasApproval: boolean(),
      hasWindow: boolean(),
      hasBeforeTask: boolean(),
      hasVerification: boolean(),
      onFailure: maybe(picklist(['stop', 'rollBackAll'])),
    }),
  ),
  waiting: maybe(object(wait)),
  createdAt: maybe(time),
  before: maybe(image),
  commitUrl: maybe(link),
  compareUrl: maybe(link),
  timeline,
  isOpen: boolean(),
  problems,
});

const machine = object({
  name: string(),
  startAt: string(),
  nodes: array(
    object({
      name: string(),
      type: picklist(['Task', 'Choice', 'Pass', 'Wait', 'Map', 'Parallel', 'Succeed', 'Fail']),
      state: picklist(['ahead', 'active', 'done', 'failed', 'skipped']),
      entries: count,
      seconds: maybe(seconds),
      woken: maybe(count),
    }),
  ),
  edges: array(object({ from: string(), to: string(), kind: picklist(['next', 'choice', 'default', 'catch']), taken: boolean() })),
  transitions: count,
});

const deploymentDetail = object({
  at: time,
  deployment,
  row: maybe(row),
  machine: maybe(machine),
  samples: pipe(array(object({ at: time, old: count, new: count, starting: count, failed: count })), v.maxLength(300)),
  isRebuilt: boolean(),
  marks: array(object({ at: time, label: string(), kind: picklist(['update', 'failure', 'rollback', 'end']) })),
  desired: maybe(count),
  failureLimit: maybe(count),
  timeline,
  stopped: array(
    object({
      id,
      zone: maybe(string()),
      stoppedAt: time,
      ranSeconds: maybe(seconds),
      container: maybe(string()),
      exitCode: maybe(number()),
      reason: maybe(string()),
    }),
  ),
  diff: array(object({ kind: picklist(['same', 'removed', 'added']), path: string(), value: string() })),
  fields: count,
  logUrl: maybe(link),
  rollbackBy: maybe(time),
  isOpen: boolean(),
  problems,
});

const history = object({
  at: time,
  records: array(historyRecord),
  next: maybe(string()),
  total: count,
  of: count,
  isComplete: boolean(),
  who: array(string()),
  nearest: maybe(object({ filter: string(), name: maybe(string()) })),
  problems,
});

const months = array(
  object({
    month: pipe(string(), v.regex(/^\d{4}-\d{2}$/)),
    deployments: count,
    perWorkingDay: seconds,
    leadSeconds: maybe(seconds),
    failureRate: maybe(pipe(number(), v.minValue(0), v.maxValue(1))),
    restoreSeconds: maybe(seconds),
  }),
);
const insights = object({
  at: time,
  records: count,
  isComplete: boolean(),
  months,
  services: array(object({ service, months, p50: maybe(seconds), p95: maybe(seconds) })),
  reasons: array(object({ reason, count, services: array(object({ service, count })) })),
  stages: maybe(array(string())),
  problems,
});

const logLine = object({ number: count, time, source: string(), type: string(), text: string() });
const emulator = object({
  url: string(),
  clock,
  day: count,
  repositories: array(object({ name: string(), nextTag: string() })),
  faults: array(object({ kind: picklist(emulatorFaults), left: count, of: count })),
  events: count,
  log: array(logLine),
});

type DataOf<Event, Type> = Event extends { type: infer Types; data: infer Data } ? (Type extends Types ? Data : never) : never;

const changed = object({ id });
const eventData = {
  snapshot: overview,
  service: row,
  releases: array(releaseRow),
  attention: array(attention),
  problems,
  release: changed,
  deployment: changed,
  record: object({ id, kind: picklist(['deployment', 'release']), outcome: maybe(outcome) }),
  clock,
  emulator,
  log: array(logLine),
} satisfies { readonly [Type in PageEvent['type']]: v.GenericSchema<unknown, DataOf<PageEvent, Type>> };

type Answers = {
  overview: Overview;
  service: ServiceDetail;
  release: ReleaseDetail;
  deployment: DeploymentDetail;
  history: HistoryPage;
  insights: Insights;
  images: Images;
  preview: Preview;
  doctor: { readonly findings: NonNullable<FirstDay['findings']> };
  emulator: EmulatorState;
  accepted: CommandAccepted;
  error: ApiError;
};

const answers = {
  overview,
  service: serviceDetail,
  release: releaseDetail,
  deployment: deploymentDetail,
  history,
  insights,
  images: object({ images: array(object({ tag: maybe(string()), digest, pushedAt: time })) }),
  preview: object({
    lines: array(object({ kind: picklist(['change', 'tasks', 'quarantine', 'hold', 'gate', 'warning']), text: string() })),
    confirm: maybe(string()),
    digest: maybe(digest),
    refused: maybe(string()),
  }),
  doctor: object({ findings: array(finding) }),
  emulator,
  accepted: object({ execution: maybe(id), message: string(), href: maybe(href) }),
  error: object({
    reason: union([
      picklist(['NO_SESSION', 'TOKEN_REFUSED', 'FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT', 'CONFLICT', 'NOT_CONFIRMED']),
      problemReason,
    ]),
    message: string(),
    suggestions: maybe(array(object({ name: string(), href }))),
  }),
} satisfies { readonly [Name in keyof Answers]: v.GenericSchema<unknown, Answers[Name]> };

export type AnswerName = keyof Answers;

/** Lines such as `services.3.tasks.old: expected number, received string`; empty for an answer of its shape. */
const differences = (schema: v.GenericSchema, value: unknown): string[] => {
  const { issues = [] } = v.safeParse(schema, value);
  return issues.map((issue) => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
};

/** How an answer differs from page/api.ts. */
export const wrongIn = (name: AnswerName, answer: unknown): string[] => differences(answers[name], answer);

/** How an event's data differs from page/api.ts. */
export const wrongInEvent = ({ type, data }: PageEvent): string[] => differences(eventData[type], data);
