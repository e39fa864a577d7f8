import type {
  DeploymentSummary,
  DeploymentView,
  ImageView,
  Phase,
  ReleaseSummary,
  ReleaseView,
  StageState,
} from '../core/query/answers.js';
import type { ReleaseWait } from '../core/records/records.js';
import type { Outcome, Reason } from '../core/result/result.js';

// What the page's server answers and its client shows. Times are ISO 8601 unless a name says otherwise, durations are seconds. Nothing here
// has a task token, a credential or the value of an environment variable; every text may have come from outside, and is set as text.

/** Of every error. Programs decide by the reason. */
export type ApiError = { readonly reason: ErrorReason; readonly message: string; readonly suggestions?: readonly Suggestion[] };

export type ErrorReason =
  /** No session, or one of an earlier run of the server. */
  | 'NO_SESSION'
  /** The token was used, or is older than a minute. */
  | 'TOKEN_REFUSED'
  /** A foreign Host or Origin, a body that is not JSON. */
  | 'FORBIDDEN'
  /** Nothing has that name; `suggestions` are the nearest ones. */
  | 'NOT_FOUND'
  | 'INVALID_INPUT'
  /** The stack refused the command: something changed meanwhile. */
  | 'CONFLICT'
  /** `confirm` is not the name to type. */
  | 'NOT_CONFIRMED'
  | ProblemReason;

/** A name near to one that was looked for, and its route. */
export type Suggestion = { readonly name: string; readonly href: string };

export type ProblemReason =
  | 'CREDENTIALS_EXPIRED'
  | 'NO_CREDENTIALS'
  /** `permission` is what is missing. */
  | 'ACCESS_DENIED'
  | 'THROTTLED'
  | 'UNREACHABLE'
  /** The stack is of another version; the message says which side to update. */
  | 'OTHER_VERSION'
  | 'UNREADABLE'
  | 'INTERNAL';

/** One read that does not work; all else goes on. `of` is the panel that lacks it. */
export type Problem = {
  readonly of: 'stack' | 'services' | 'tasks' | 'lostMessages' | 'machine' | 'history' | 'diff' | 'logs' | 'identity' | 'doctor';
  readonly reason: ProblemReason;
  readonly message: string;
  /** `ecs:DescribeServices` */
  readonly permission?: string;
  /** A line to paste that repairs it. */
  readonly command?: string;
  readonly since: string;
};

export type StackInfo = { readonly stage: string; readonly account: string; readonly region: string; readonly version: string };

/** The caller's identity (STS): `name` is the last part of the ARN. Absent if STS does not say it. */
export type Me = { readonly name: string; readonly arn: string };

/** The server's time. On the emulator it is virtual: `speed` virtual seconds pass in a second, 0 while it stands. */
export type ClockState = { readonly now: string; readonly speed: number };

/** Tasks of a service, as dots. `old` is what ran before, also of a steady service; `newLeaving` are tasks of a revision that is rolled back. */
export type TaskCounts = {
  readonly old: number;
  readonly oldStarting: number;
  readonly oldDraining: number;
  readonly new: number;
  readonly newStarting: number;
  readonly newLeaving: number;
  readonly failed: number;
};

export type ServiceKind =
  | 'steady'
  | 'starting'
  | 'beforeTask'
  | 'rollingOut'
  | 'verifying'
  | 'rollingBack'
  | 'approval'
  | 'window'
  | 'scan'
  | 'queued'
  | 'hold'
  /** ROLLBACK_FAILED, until a later deployment succeeds. */
  | 'failed'
  | 'unknown'
  /** The desired count is 0. */
  | 'empty'
  /** Another deployer has changed its revision. */
  | 'external'
  /** Slipway has never deployed it. */
  | 'untouched'
  /** ECS has no such service. */
  | 'missing'
  /** Its item of the table cannot be read. */
  | 'unreadable';

export type RowState = {
  readonly kind: ServiceKind;
  /** Since when; absent for `steady`, where the row's `since` says it. */
  readonly since?: string;
  readonly until?: string;
  /** Of a movement: tasks done, of so many. */
  readonly done?: number;
  readonly of?: number;
  readonly starting?: number;
  readonly failed?: number;
  readonly outcome?: Outcome;
  readonly reason?: Reason;
  readonly by?: string;
  /** The operator's reason of a hold, or why it is unreadable. */
  readonly message?: string;
  /** The tag, or the short digest, that waits. */
  readonly waits?: string;
};

/** `digest` is empty for an image of which a task definition names the tag alone. */
export type SourceImage = { readonly repository: string; readonly tag?: string; readonly digest: string };

export type ServiceRow = {
  /** `cluster/service` */
  readonly id: string;
  readonly cluster: string;
  readonly name: string;
  /** What runs, by repository. */
  readonly sources: readonly SourceImage[];
  /** What it is being taken to, or failed to be. */
  readonly target?: SourceImage;
  /** `family:revision` of its primary service deployment. */
  readonly revision?: string;
  /** Since when it runs this. */
  readonly since?: string;
  readonly desired?: number;
  readonly running?: number;
  /** Absent while ECS has not been asked, or does not answer. */
  readonly tasks?: TaskCounts;
  readonly state: RowState;
  readonly quarantine: readonly {
    readonly repository: string;
    readonly digest: string;
    readonly tag?: string;
    readonly reason: string;
    readonly at: string;
  }[];
  /** Of its last stage, or of one with approval or a window: a rollback or cancel has its name typed. */
  readonly isProduction: boolean;
  /** Names of executions. */
  readonly current?: string;
  readonly last?: string;
};

/** One stage of a release under way: `done` services of `of`, and the tasks of those that move. */
export type StageProgress = {
  readonly name: string;
  readonly state: StageState;
  readonly kind?: ServiceKind;
  readonly done: number;
  readonly of: number;
  readonly tasks?: { readonly done: number; readonly of: number };
};

export type ReleaseRow = ReleaseSummary & {
  readonly stages: readonly StageProgress[];
  /** What it does now, for the text of its row. */
  readonly doing: {
    readonly kind: ServiceKind;
    readonly service?: string;
    readonly done?: number;
    readonly of?: number;
    readonly starting?: number;
  };
};

/** What needs an operator, the most urgent first. `id` is stable while it lasts. */
export type Attention = { readonly id: string; readonly since: string } & (
  | {
      readonly kind: 'failed' | 'unknown';
      readonly service: string;
      /** Name of its execution. */
      readonly deployment: string;
      readonly outcome: Outcome;
      readonly reason: Reason;
      readonly message: string;
      /** What to do next. */
      readonly toDo: string;
      readonly runbook?: string;
      readonly running?: number;
      readonly desired?: number;
    }
  | {
      readonly kind: 'approval';
      readonly repository: string;
      readonly image: ImageView;
      readonly stage: string;
      readonly services: readonly string[];
      /** Name of its execution. */
      readonly release: string;
      readonly until: string;
    }
  | { readonly kind: 'lostMessages'; readonly queue: string; readonly count: number }
  | { readonly kind: 'unreadable'; readonly service: string; readonly message: string }
);

/** While nothing was ever deployed. */
export type FirstDay = {
  /** The registry's host. */
  readonly registry: string;
  readonly repositories: readonly {
    readonly repository: string;
    readonly tags: readonly string[];
    readonly stages: readonly { readonly name: string; readonly hasApproval: boolean; readonly hasWindow: boolean }[];
    /** A tag that its policy takes. */
    readonly exampleTag: string;
  }[];
  /** Of `slipway doctor`, once they are known. */
  readonly findings?: readonly { readonly severity: string; readonly message: string; readonly toDo: string; readonly command?: string }[];
};

export type Overview = {
  readonly at: string;
  readonly mode: 'account' | 'emulator';
  readonly stack: StackInfo;
  readonly me?: Me;
  readonly clock: ClockState;
  /** By cluster, then name. */
  readonly services: readonly ServiceRow[];
  readonly releases: readonly ReleaseRow[];
  readonly attention: readonly Attention[];
  readonly holdOfAll?: { readonly by?: string; readonly reason?: string; readonly at: string; readonly until?: string };
  readonly firstDay?: FirstDay;
  readonly problems: readonly Problem[];
  /** Of the last deployment that ended. */
  readonly lastEndedAt?: string;
};

/** GET /api/services/:cluster/:name */
export type ServiceDetail = {
  readonly at: string;
  readonly row: ServiceRow;
  /** Newest first. */
  readonly knownGood: readonly (SourceImage & { readonly revision: string; readonly at: string; readonly runsNow: boolean })[];
  readonly lease?: { readonly id: string; readonly since: string };
  readonly queued: readonly { readonly id: string; readonly since: string; readonly repository: string }[];
  readonly withheld: readonly (SourceImage & { readonly pushedAt: string })[];
  /** Where it is in slipway.yml. */
  readonly stages: readonly { readonly repository: string; readonly stage: string; readonly isProduction: boolean }[];
  readonly history: readonly HistoryRecord[];
  readonly problems: readonly Problem[];
};

/** One line of a timeline. `detail` is what happened, `title` who did it (a state, `ECS`, `ECR`). */
export type TimelineEntry = {
  readonly at: string;
  readonly kind:
    | 'push'
    | 'commit'
    | 'started'
    | 'step'
    | 'update'
    | 'taskStarted'
    | 'taskFailed'
    | 'rollback'
    | 'succeeded'
    | 'failed'
    | 'approval'
    | 'wait'
    | 'note';
  readonly title: string;
  readonly detail?: string;
  /** Where it was seen: a stage, `ECS event`, a duration. */
  readonly from?: string;
  readonly seconds?: number;
  /** A route of the page. */
  readonly href?: string;
};

/** GET /api/releases/:repository/:execution */
export type ReleaseDetail = {
  readonly at: string;
  readonly release: ReleaseView;
  /** Rows of the services of its stages, for their tasks. */
  readonly rows: readonly ServiceRow[];
  readonly gates: readonly {
    readonly stage: string;
    readonly requires?: string;
    readonly hasApproval: boolean;
    readonly hasWindow: boolean;
    readonly hasBeforeTask: boolean;
    readonly hasVerification: boolean;
    readonly onFailure?: 'stop' | 'rollBackAll';
  }[];
  readonly waiting?: ReleaseWait;
  /** When its commit was made or its image was built, by the image's labels. */
  readonly createdAt?: string;
  /** What runs now in its next stage, for the comparison; `compareUrl` of both commits. */
  readonly before?: ImageView;
  readonly commitUrl?: string;
  readonly compareUrl?: string;
  readonly timeline: readonly TimelineEntry[];
  readonly isOpen: boolean;
  readonly problems: readonly Problem[];
};

export type MachineNode = {
  readonly name: string;
  readonly type: 'Task' | 'Choice' | 'Pass' | 'Wait' | 'Map' | 'Parallel' | 'Succeed' | 'Fail';
  /** How it stands in this execution; `skipped` once the execution has passed it by. */
  readonly state: 'ahead' | 'active' | 'done' | 'failed' | 'skipped';
  readonly entries: number;
  readonly seconds?: number;
  /** Of a task that waits: how often it was woken. */
  readonly woken?: number;
};

export type MachineEdge = {
  readonly from: string;
  readonly to: string;
  readonly kind: 'next' | 'choice' | 'default' | 'catch';
  readonly taken: boolean;
};

/** The deployed definition, and the way that the execution took through it. */
export type MachineView = {
  readonly name: string;
  readonly startAt: string;
  readonly nodes: readonly MachineNode[];
  readonly edges: readonly MachineEdge[];
  readonly transitions: number;
};

/** Tasks at one time. */
export type Sample = {
  readonly at: string;
  readonly old: number;
  readonly new: number;
  readonly starting: number;
  readonly failed: number;
};

export type DiffLine = { readonly kind: 'same' | 'removed' | 'added'; readonly path: string; readonly value: string };

export type StoppedTask = {
  readonly id: string;
  readonly zone?: string;
  readonly stoppedAt: string;
  readonly ranSeconds?: number;
  readonly container?: string;
  readonly exitCode?: number;
  readonly reason?: string;
};

/** GET /api/deployments/:cluster/:name/:execution */
export type DeploymentDetail = {
  readonly at: string;
  readonly deployment: DeploymentView;
  readonly row?: ServiceRow;
  /** Absent if Step Functions no longer knows the execution, or may not be asked: `problems` says it. */
  readonly machine?: MachineView;
  /** Oldest first, at most 300. `isRebuilt`: of the record's evidence: no page watched it. */
  readonly samples: readonly Sample[];
  readonly isRebuilt: boolean;
  readonly marks: readonly { readonly at: string; readonly label: string; readonly kind: 'update' | 'failure' | 'rollback' | 'end' }[];
  readonly desired?: number;
  /** Failures at which the rollout is rolled back. */
  readonly failureLimit?: number;
  /** Newest first. */
  readonly timeline: readonly TimelineEntry[];
  readonly stopped: readonly StoppedTask[];
  readonly diff: readonly DiffLine[];
  readonly fields: number;
  readonly logUrl?: string;
  readonly rollbackBy?: string;
  readonly isOpen: boolean;
  readonly problems: readonly Problem[];
};

/** One row of the history: a deployment, or a release that deployed nothing by itself. */
export type HistoryRecord = {
  /** Name of the record. */
  readonly name: string;
  readonly id: string;
  readonly kind: 'deployment' | 'release';
  readonly service?: string;
  readonly repository?: string;
  readonly stage?: string;
  readonly operation?: DeploymentSummary['operation'];
  readonly from?: string;
  readonly image?: ImageView;
  readonly phase: Phase;
  readonly outcome?: Outcome;
  readonly reason?: Reason;
  readonly message?: string;
  readonly trigger: DeploymentSummary['trigger'];
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Of a record of another schema: why it cannot be shown, and the record as JSON. */
  readonly unreadable?: { readonly why: string; readonly json?: string };
};

/** GET /api/history */
export type HistoryPage = {
  readonly at: string;
  readonly records: readonly HistoryRecord[];
  readonly next?: string;
  /** That match, and of all that are known. `isComplete`: all were read. */
  readonly total: number;
  readonly of: number;
  readonly isComplete: boolean;
  readonly who: readonly string[];
  /** Nothing matches: the filter that excludes most, and the nearest name. */
  readonly nearest?: { readonly filter: string; readonly name?: string };
  readonly problems: readonly Problem[];
};

export type Month = {
  /** `2026-11` */
  readonly month: string;
  readonly deployments: number;
  readonly perWorkingDay: number;
  readonly leadSeconds?: number;
  readonly failureRate?: number;
  readonly restoreSeconds?: number;
};

/** GET /api/insights */
export type Insights = {
  readonly at: string;
  readonly records: number;
  readonly isComplete: boolean;
  /** Names of stages, for the filter. */
  readonly stages?: readonly string[];
  /** Oldest first; the last one is the present month. */
  readonly months: readonly Month[];
  readonly services: readonly {
    readonly service: string;
    readonly months: readonly Month[];
    readonly p50?: number;
    readonly p95?: number;
  }[];
  readonly reasons: readonly {
    readonly reason: Reason;
    readonly count: number;
    readonly services: readonly { readonly service: string; readonly count: number }[];
  }[];
  readonly problems: readonly Problem[];
};

export const commandNames = ['deploy', 'redeploy', 'rollback', 'rollbackRelease', 'hold', 'unhold', 'cancel', 'approve', 'reject'] as const;
export type CommandName = (typeof commandNames)[number];

/**
 * POST /api/commands, with the header Idempotency-Key, which was made when its dialog opened.
 * - deploy: `image` (`repository:tag` or `repository@sha256:…`); with `service` to it alone, else a release.
 * - redeploy, rollback, hold, unhold, cancel: `service` (hold and unhold: `*` for all).
 * - rollbackRelease: `release` (name of its execution) with `repository`, and `stage` for one stage alone.
 * - approve, reject, cancel at a gate: `repository`, `stage`; approve and reject with the `digest` that was looked at.
 */
export type Command = {
  readonly command: CommandName;
  readonly service?: string;
  readonly release?: string;
  readonly repository?: string;
  readonly stage?: string;
  readonly image?: string;
  readonly digest?: string;
  readonly reason?: string;
  readonly until?: string;
  readonly force?: boolean;
  /** Hold the service once it is rolled back. */
  readonly holdAfterwards?: boolean;
  /** The name that was typed. */
  readonly confirm?: string;
};

/** 202. `execution` is the name of what was started; `message` is what the stack said. */
export type CommandAccepted = { readonly execution?: string; readonly message: string; readonly href?: string };

/**
 * GET /api/preview?command=…: what a command would change, for its dialog. Lines are the page's own words about facts; `confirm` is the
 * name to type; `refused` says why it cannot be done now.
 */
export type Preview = {
  readonly lines: readonly { readonly kind: 'change' | 'tasks' | 'quarantine' | 'hold' | 'gate' | 'warning'; readonly text: string }[];
  readonly confirm?: string;
  readonly digest?: string;
  readonly refused?: string;
};

/** GET /api/images?repository= : the newest images, for the deploy dialog. */
export type Images = { readonly images: readonly { readonly tag?: string; readonly digest: string; readonly pushedAt: string }[] };

/** Events of GET /api/events. Each has an ID; a client that connects with the last one that it saw misses none of the last 1,000. */
export type PageEvent =
  | { readonly type: 'snapshot'; readonly data: Overview }
  | { readonly type: 'service'; readonly data: ServiceRow }
  | { readonly type: 'releases'; readonly data: readonly ReleaseRow[] }
  | { readonly type: 'attention'; readonly data: readonly Attention[] }
  | { readonly type: 'problems'; readonly data: readonly Problem[] }
  /** A release or a deployment has changed: a view of it reads it again. `id` is the name of its execution. */
  | { readonly type: 'release' | 'deployment'; readonly data: { readonly id: string } }
  /** A record was begun or has ended. */
  | { readonly type: 'record'; readonly data: { readonly id: string; readonly kind: 'deployment' | 'release'; readonly outcome?: Outcome } }
  | { readonly type: 'clock'; readonly data: ClockState }
  | { readonly type: 'emulator'; readonly data: EmulatorState }
  | { readonly type: 'log'; readonly data: readonly LogLine[] };

export const imageBehaviours = ['healthy', 'crashes-on-start', 'never-healthy', 'cannot-pull', 'slow-to-start', 'crashes-later'] as const;
export type ImageBehaviour = (typeof imageBehaviours)[number];

export const emulatorFaults = ['throttleEcs', 'loseNextEvent'] as const;
export type EmulatorFault = (typeof emulatorFaults)[number];

/** `text` is what happened to what. Numbers grow with time: a line that is sent twice is shown once. */
export type LogLine = {
  readonly number: number;
  readonly time: string;
  readonly source: string;
  readonly type: string;
  readonly text: string;
};

/** GET /api/emulator; absent in an account. The `log` of an event is empty: its lines are events of their own. */
export type EmulatorState = {
  readonly url: string;
  readonly clock: ClockState;
  readonly day: number;
  readonly repositories: readonly { readonly name: string; readonly nextTag: string }[];
  readonly faults: readonly { readonly kind: EmulatorFault; readonly left: number; readonly of: number }[];
  readonly events: number;
  readonly log: readonly LogLine[];
};

/** POST /api/emulator/images; /clock with one of both; /faults; /reset has no body. `speed` 0 stops the clock, `max` does not wait. */
export type PushImage = { readonly repository: string; readonly tag: string; readonly behaviour: ImageBehaviour };
export type SetClock = { readonly speed: number | 'max' } | { readonly step: true };
export type InjectFault = { readonly kind: EmulatorFault; readonly times: number };
