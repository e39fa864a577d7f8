import type { BeforeTaskReport } from '../notification/before-task-report.js';
import type { Explanation } from '../policy/explain.js';
import type { RecordName } from '../records/record-name.js';
import type { ApprovalGiven, Hold, Operation, QuarantineEntry, ReleaseWait, Rollback, Trigger } from '../records/records.js';
import type { Result } from '../result/result.js';
import type { FailureGroup } from '../rollout/evidence.js';

/**
 * What the function `query` answers. Members are added within one version of the API; a member that is renamed or removed, or that gets
 * another meaning, makes a new version (core/query/api.ts). Times are ISO 8601. No answer has a task token, a value of an environment
 * variable, or the value of a secret; log lines are redacted.
 */
export type Answered<Payload> = Head & Payload;

/** Of every answer. `api` is the version that it is written in, `at` the time of the answer. */
export type Head = { readonly api: number; readonly at: string; readonly stack: StackView };

/** Where the stack is, and what it is. `version` is that of package.json when it was packaged. */
export type StackView = {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly version: string;
  /** ARNs of the state machines, to start them. */
  readonly machines: { readonly release: string; readonly deployment: string };
};

/** Why a query has no answer. Programs decide by the code. */
export type QueryError = {
  readonly api: number;
  readonly error: {
    readonly code: 'INVALID_INPUT' | 'NOT_CONFIGURED' | 'NOT_FOUND' | 'API_TOO_OLD' | 'API_TOO_NEW' | 'THROTTLED' | 'UNREADABLE';
    readonly message: string;
    /** A name that was probably meant. */
    readonly suggestion?: string;
  };
};

export type ImageView = {
  readonly repository: string;
  readonly tag?: string;
  readonly digest: string;
  readonly commit?: string;
  readonly sourceUrl?: string;
  /** When its commit was made or it was built, by its label. */
  readonly created?: string;
};

/** ECS's own counts of the tasks of the revision that is rolled out; `failed` are those that Slipway counted. */
export type Progress = { readonly desired: number; readonly running: number; readonly pending: number; readonly failed: number };

/** `queued`: it waits for the lease, or for the rollout of another deployer. */
export type Phase = 'starting' | 'queued' | 'beforeTask' | 'updating' | 'rollingOut' | 'verifying' | 'rollingBack' | 'ended';

/** `name` is the name of its record, `id` that of its execution. */
export type DeploymentSummary = {
  readonly name: RecordName;
  readonly id: string;
  /** `cluster/service` */
  readonly service: string;
  readonly stage: string;
  readonly release?: RecordName;
  readonly operation: Operation['kind'];
  readonly image?: ImageView;
  readonly trigger: Trigger;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly phase: Phase;
  /** Names of task definitions, `family:revision`. */
  readonly revision?: string;
  readonly previousRevision?: string;
  readonly previousImage?: string;
  readonly result?: Result;
};

export type DeploymentView = DeploymentSummary & {
  /** While it is in progress and ECS answers. */
  readonly progress?: Progress;
  readonly rollback?: Pick<Rollback, 'since' | 'method' | 'reason' | 'message'>;
  /** When UpdateService was to be called: from here on the service may have changed. */
  readonly updateRequestedAt?: string;
  readonly failedTasks?: number;
  /** When the newest of them stopped. */
  readonly failedAt?: string;
  /** Seconds that lifecycle hooks have kept it waiting, which its timeout does not count. */
  readonly pausedSeconds?: number;
  readonly failures?: readonly FailureGroup[];
  /** The last lines of one failed container, redacted. */
  readonly log?: { readonly container: string; readonly lines: readonly string[] };
  /** Events of the ECS service that explain a failure. */
  readonly events?: readonly string[];
  readonly alarms?: readonly string[];
  readonly beforeTask?: BeforeTaskReport;
  readonly verification?: { readonly since: string; readonly url?: string; readonly verifier?: string };
  readonly warnings?: readonly string[];
  /** Empty in a partition whose console has no known address. */
  readonly consoleUrl: string;
};

/** A service of a stage. `deployment` is absent until it begins; `undo` is the deployment that undid it. */
export type ServiceOfStage = { readonly service: string; readonly deployment?: DeploymentView; readonly undo?: DeploymentView };

/** `waiting` is at its gates; `running` has begun. */
export type StageState = 'ahead' | 'waiting' | 'running' | 'succeeded' | 'skipped' | 'failed';

export type StageView = {
  readonly name: string;
  readonly state: StageState;
  /** The before task of the stage. */
  readonly before?: ServiceOfStage;
  readonly services: readonly ServiceOfStage[];
};

export type ReleaseSummary = {
  readonly name: RecordName;
  readonly id: string;
  readonly repository: string;
  /** As requested, while no image is resolved. */
  readonly tag?: string;
  readonly image?: ImageView;
  readonly trigger: Trigger;
  /** Of the push event, or of the start. */
  readonly pushedAt: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** The stage that is in progress, or was reached last. */
  readonly stage?: string;
  readonly waiting?: ReleaseWait;
  readonly isRollback?: true;
  readonly result?: Result;
};

export type ReleaseView = ReleaseSummary & {
  readonly stages: readonly StageView[];
  /** Stages that its tag does not reach, and why. */
  readonly passedOver: readonly { readonly stage: string; readonly message: string }[];
  readonly approvals: readonly ApprovalGiven[];
  readonly warnings: readonly string[];
  /** The release that stands for this one, which was skipped as its duplicate or joined it. */
  readonly other?: RecordName;
  readonly consoleUrl: string;
};

/** What a service runs of one repository. */
export type SourceView = {
  readonly repository: string;
  readonly lastDeployed?: { readonly digest: string; readonly tag?: string; readonly pushedAt: string };
  readonly quarantine: readonly Pick<QuarantineEntry, 'digest' | 'reason' | 'at'>[];
  readonly withheld?: { readonly digest: string; readonly tag?: string; readonly pushedAt: string };
  /** Images that it was proved to run, if any, the newest first. `revision` is `family:revision`, `at` when that was. */
  readonly knownGood?: readonly {
    readonly digest: string;
    readonly tag?: string;
    readonly revision: string;
    readonly at: string;
    readonly pushedAt: string;
  }[];
};

export type ServiceStatus = {
  readonly service: string;
  readonly sources: readonly SourceView[];
  readonly hold?: Hold;
  /** The deployment that has the lease. */
  readonly current?: DeploymentSummary;
  /** Since when that has it. */
  readonly leaseSince?: string;
  /** Those that wait for it. */
  readonly queued: readonly { readonly id: string; readonly since: string; readonly repository: string }[];
  /** The newest deployment that has ended; absent if it was not asked for. */
  readonly last?: DeploymentSummary;
  /** Why its item of the table cannot be read; then nothing else is known. */
  readonly unreadable?: string;
};

export type StageStatus = {
  readonly name: string;
  readonly services: readonly string[];
  /** The release that waits at its gates. */
  readonly waiting?: ReleaseWait & { readonly release: RecordName; readonly image: ImageView };
};

export type RepositoryStatus = {
  readonly repository: string;
  readonly stages: readonly StageStatus[];
  /** Releases in progress, the newest first. */
  readonly releases: readonly ReleaseSummary[];
};

/** Every service once, also one that several repositories deploy. */
export type Status = {
  readonly holdOfAll?: Hold;
  readonly repositories: readonly RepositoryStatus[];
  readonly services: readonly ServiceStatus[];
};

/**
 * What is in progress, by the index of pending records alone. `releases` and `deployments` are the newest first; `unreadable` says why
 * records are left out.
 */
export type InProgress = {
  readonly releases: readonly ReleaseSummary[];
  readonly deployments: readonly DeploymentSummary[];
  readonly unreadable?: readonly string[];
};

/**
 * The newest first. `next` continues with the older ones; absent at the end. `unreadable` says why records of this part are left out:
 * another version wrote them. `unreadableNames` are their names, in the same order.
 */
export type History = ({ readonly releases: readonly ReleaseSummary[] } | { readonly deployments: readonly DeploymentSummary[] }) & {
  readonly next?: string;
  readonly unreadable?: readonly string[];
  readonly unreadableNames?: readonly RecordName[];
};

/**
 * A release, looked for by its name or by its image.
 * - `release` is absent while there is none;
 * - `image` is what the tag names now, absent for a tag that does not exist; `pushedAt` is ECR's time of the push;
 * - `explain` is what the policy says of the tag; of a tag that no stage takes, no entry is deployed.
 */
export type ReleaseAnswer = {
  readonly release?: ReleaseView;
  /** The one that stands for it, if it was skipped as a duplicate or joined it: what to follow. */
  readonly other?: ReleaseView;
  readonly image?: ImageView & { readonly pushedAt?: string };
  readonly explain?: readonly Explanation[];
};

export type DeploymentAnswer = { readonly deployment: DeploymentView };

export type ExplainAnswer = { readonly image?: ImageView; readonly explain: readonly Explanation[] };

/** The last lines of the containers of a service's newest tasks, redacted, the oldest line first. */
export type LogAnswer = {
  readonly service: string;
  readonly logs: readonly {
    readonly container: string;
    /** ID of the task. */
    readonly task: string;
    readonly isStopped: boolean;
    readonly lines: readonly string[];
    /** Why there are none. */
    readonly unread?: string;
  }[];
};

/** slipway.yml as the stack has it, without values of environment variables. Seconds. */
export type InstallationAnswer = {
  /** The version of the items of its table. */
  readonly schema: number;
  readonly reconcileSeconds?: number;
  readonly notifications: { readonly slackSecret?: string; readonly email: readonly string[]; readonly sns: boolean };
  readonly repositories: readonly {
    readonly repository: string;
    readonly tags: readonly string[];
    readonly hasScan: boolean;
    readonly stages: readonly {
      readonly name: string;
      readonly tags?: readonly string[];
      readonly requires?: string;
      readonly hasApproval: boolean;
      readonly hasWindow: boolean;
      /** The last stage of several, or one with approval or a window: what people call production. */
      readonly isProduction: boolean;
      /** Absent: a failure stops the release. */
      readonly onFailure?: 'rollBackAll';
      readonly hasBeforeTask?: true;
      readonly services: readonly {
        readonly service: string;
        readonly container?: string;
        readonly timeoutSeconds: number;
        readonly alarms: readonly string[];
        readonly hasBeforeTask: boolean;
        /** Absent: ECS's word is the success. */
        readonly hasVerification?: true;
        /** Absent: by the desired count. */
        readonly maxFailedTasks?: number;
      }[];
    }[];
  }[];
};
