import type { Result, RollbackReason } from '../result/result.js';
import type { Evidence } from '../rollout/evidence.js';
import type { RecordName } from './record-name.js';

/** The schema number that this version writes on every item. */
export const schema = 2;

/** One image, resolved from a push or an operator's input. */
export type Image = {
  readonly registry: string;
  readonly repository: string;
  /** Absent if the image was given by digest alone. */
  readonly tag?: string;
  readonly digest: string;
  /** Digests of the manifests of an image index, one of which a task reports. Absent if unknown. */
  readonly platformDigests?: readonly string[];
  /** `org.opencontainers.image.revision` and `.source`, if the image has them. */
  readonly commit?: string;
  readonly sourceUrl?: string;
  /** `org.opencontainers.image.created`, if it is a time: when the commit was made, or the image was built. ISO 8601. */
  readonly created?: string;
};

/** An operator's stop of automatic deployments, since `at`, and until `until` or its release. ISO 8601. */
export type Hold = { readonly by?: string; readonly reason?: string; readonly at: string; readonly until?: string };

/**
 * What started an execution: the event of an image that arrived, the reconciler, the release of a hold that kept the image back, or an operator, who
 * may have named themselves and a reason. `hold` is the hold that kept the image back, and `until` its end (ISO 8601).
 */
export type Trigger = {
  readonly kind: 'push' | 'replication' | 'pullThroughCache' | 'reconcile' | 'releasedHold' | 'hand';
  readonly by?: string;
  readonly reason?: string;
  readonly hold?: Hold;
  readonly until?: string;
};

/** Did the event of an image that arrived start it? EventBridge may deliver one twice. */
export const isArrival = ({ kind }: Trigger): boolean => kind === 'push' || kind === 'replication' || kind === 'pullThroughCache';

type Common = {
  /** ARN of the execution whose record this is. */
  readonly execution: string;
  readonly startedAt: string;
  readonly trigger: Trigger;
  /** Present while a result, a lease or a message is outstanding: the key of the sparse index. */
  readonly pending?: 'yes';
  readonly endedAt?: string;
  readonly result?: Result;
  /** When the final message was published. */
  readonly notifiedAt?: string;
};

/** Where a container's log lines go, if they go to CloudWatch Logs. */
export type LogLocation = {
  readonly container: string;
  readonly group: string;
  readonly prefix: string;
  readonly region?: string;
  /** Why they cannot be read. */
  readonly unread?: string;
};

/** A rollback that was begun: since when, by which call, and why. */
export type Rollback = {
  readonly since: string;
  readonly method: 'stop' | 'update' | 'none';
  readonly reason: RollbackReason;
  readonly message: string;
  /** The revision that the service was on when the update was sent: while it stays there, the update has not arrived. */
  readonly from?: string;
  /** When the last call was sent. ISO 8601. */
  readonly sentAt: string;
  /** How often ECS refused to stop the rollout while it continued; of `stop` only. */
  readonly stopRefusals?: number;
  /** The service deployment of the rollback, once found; of `update` only. */
  readonly serviceDeployment?: string;
};

/** How long a rollout has waited for lifecycle hooks: ended waits in seconds, when the last one ended, and since when it waits. ISO 8601. */
export type Pause = { readonly seconds: number; readonly until?: string; readonly since?: string };

/** What is deployed: an image, or a copy of a revision that exists already. */
export type Operation =
  | { readonly kind: 'image' | 'redeploy' }
  /** Of the image of this repository; default: of the one that was deployed last. */
  | { readonly kind: 'rollback'; readonly repository?: string }
  | { readonly kind: 'taskDefinition'; readonly taskDefinition: string }
  /** Of what a release deployed: the record of the deployment that is undone. */
  | { readonly kind: 'releaseRollback'; readonly deployment: RecordName }
  /** The before task of a stage, under the lease of the service that it is like. The service is not updated. */
  | { readonly kind: 'beforeTask' };

/** What a deployment of a release left behind that is undone. */
export type Undone = {
  readonly repository: string;
  readonly digest: string;
  /** Its tag, if a semver pattern matched it. */
  readonly version?: string;
  /** ARNs of the revision that it deployed, and of the one that ran before. */
  readonly revision: string;
  readonly previousRevision: string;
  /** What its source had deployed last before it; null if nothing, absent if that was not recorded. */
  readonly lastDeployedBefore?: Source['lastDeployed'] | null;
  /** An operator rolls its release back: the digest is quarantined, as by any rollback of an operator. */
  readonly isByOperator?: true;
};

/** The record as OpenDeployment opens it. */
type OpenedDeployment = Common & {
  /** `cluster/service` */
  readonly service: string;
  readonly stage: string;
  readonly release?: RecordName;
  /** Default: an image is deployed. */
  readonly operation?: Operation;
  readonly force?: boolean;
  readonly pushedAt?: string;
  /** Absent while it is not resolved, and for an operation that deploys no image until RegisterRevision. */
  readonly image?: Image;
  /** A semver pattern matched its tag: an older version is not deployed over a newer one. */
  readonly isVersioned?: true;
  /** The newest invocation of a step that has entered it (`orderOf`): writes of older ones are refused. */
  readonly visit?: number;
  /** How many executions have resumed it. */
  readonly resumptions?: number;
  /** The deployment that this rollback by an operator asked to roll back. */
  readonly cancelTarget?: RecordName;
  /** Present for the operation `releaseRollback`. */
  readonly undoes?: Undone;
};

/** What RegisterRevision adds. Revisions are ARNs. */
type Registration = {
  readonly revision: string;
  /** The revision that ran before, to which a rollback leads. */
  readonly previousRevision: string;
  /** The revision that was copied, if it is not the one that ran. */
  readonly base: string;
  /** What was deployed last of its source before it; null if nothing was. */
  readonly lastDeployedBefore: Source['lastDeployed'] | null;
  /** Containers that get the image. */
  readonly containers: readonly string[];
  /** Containers that a task outlives. */
  readonly nonEssential: readonly string[];
  /** The image that the first of them had before, as the task definition names it. */
  readonly previousImage: string;
  readonly previousTag: string;
  /** What ECS added to the revision. */
  readonly warnings: readonly string[];
  /** Why a rollback to the previous revision may fail, as far as known before the update; empty if it may not. */
  readonly rollbackUnavailableReason: string;
  readonly logs: readonly LogLocation[];
};

export type NotFound = { readonly count: number; readonly since: string };

/** What RunTask is called with but for the client token, as ECS has it. A repeated call must be equal: ECS compares them. */
export type BeforeTaskRequest = {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly startedBy: string;
  readonly overrides: { readonly containerOverrides: readonly { readonly name: string; readonly command: readonly string[] }[] };
} & LaunchSettings;

/** How the tasks of a service are launched, as DescribeServices and RunTask both have it. */
export type LaunchSettings = Readonly<
  Partial<
    Record<'networkConfiguration' | 'launchType' | 'capacityProviderStrategy' | 'platformVersion' | 'placementConstraints', object | string>
  >
>;

/**
 * The run of a before task. Its client token is made of the record's name and `attempt`, and saved before RunTask is called: a lost answer
 * repeats the attempt. Times are ISO 8601.
 */
export type BeforeTaskRun = {
  /** When RunBeforeTask was entered first. */
  readonly since: string;
  /** Seconds from `since` within which ECS must start the task, and from `requestedAt` within which it must end. */
  readonly timeoutSeconds: number;
  /** The container that runs the command and decides. */
  readonly container: string;
  /** Without credentials, for messages. */
  readonly command: readonly string[];
  /** How many tasks were requested, of which at most one was started; 0 while a task of an earlier deployment runs. */
  readonly attempt: number;
  /** When RunTask was called first in this attempt, and with what; absent once ECS is known to have started no task in it. */
  readonly requestedAt?: string;
  readonly request?: BeforeTaskRequest;
  /** ARN; absent until an answer names it. */
  readonly task?: string;
  /** Why ECS started no task in the attempt before. */
  readonly refusal?: string;
  readonly stop?: { readonly at: string; readonly because: 'timeout' | 'cancelled' };
  readonly ended?: BeforeTaskEnd;
};

/** How a before task ended. `at` is ISO 8601. */
export type BeforeTaskEnd = {
  readonly outcome: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'CANCELLED' | 'UNKNOWN';
  readonly at: string;
  /** Of a failure, what failed; HOST if a sidecar ended first. */
  readonly reason?: RollbackReason;
  readonly exitCode?: number;
  /** Did the container that decides fail by itself, so that the image is quarantined? */
  readonly speaksOfImage: boolean;
  readonly message: string;
  /** The last lines of the container, redacted. */
  readonly log: readonly string[];
};

/** What RunBeforeTask adds. */
type Before = {
  readonly beforeTask: BeforeTaskRun;
};

/** What WatchRollout and Verify add once ECS has completed the rollout. Times are ISO 8601. */
export type VerificationRun = {
  /** The bake begins, and the URL must answer in time from here. */
  readonly since: string;
  /** How many tasks had failed by then; absent: none. */
  readonly failedBefore?: number;
  readonly url?: { readonly isPassed: boolean; readonly seen: string };
  readonly verifier?: { readonly isPassed: boolean; readonly seen: string };
  /** Why it failed, as in the result. */
  readonly failure?: { readonly reason: RollbackReason; readonly message: string; readonly speaksOfImage: boolean };
  /** Alarms that do not guard the bake because they were in ALARM before the update. */
  readonly ignoredAlarms?: readonly string[];
};

type Verifying = {
  readonly verification: VerificationRun;
};

/** What UpdateService and WatchRollout add. */
type Update = {
  /** Saved before UpdateService is called: from here on the service may have changed. */
  readonly updateRequestedAt: string;
  /** The number of the visit of UpdateService in which the call may have been sent; 0 if AWS is known to have refused it. */
  readonly updateAttempt: number;
  /** The revisions that the service ran when the call was sent: several, if a rollout had not finished. */
  readonly replacedRevisions: readonly string[];
  readonly serviceDeployment: string;
  /** Why the execution ended that this one resumes, as a clause: `its execution was aborted (ada: wrong image)`. */
  readonly interruption: string;
  /** The looks in a row that did not find our service deployment: how many, and when the first one was (ISO 8601). */
  readonly notFound: NotFound;
  readonly evidence: Evidence;
  /** Its waits for lifecycle hooks. */
  readonly pause: Pause;
};

/** What RollBack and WatchRollout add. */
type RollingBack = {
  readonly rollback: Rollback;
  /** The number of the visit of RollBack in which its UpdateService may have been sent; 0 if AWS is known to have refused it. */
  readonly rollbackAttempt: number;
  /** Where the rollback leads, if not to the previous revision: ECS rolled back to one that is quarantined. */
  readonly rollbackTarget: string;
};

/** What the last visit of WatchRollout adds. */
type Ended = {
  /** The revision that the service was on when a failure ended, unless a newer deployment had it. */
  readonly revisionAtFailure: string;
  /** False if it succeeded with nothing running: a desired count of 0 proves no image. */
  readonly hadRunningTasks: boolean;
};

/** A deployment in any phase: what a phase adds is absent before it. */
export type DeploymentRecord = OpenedDeployment & Partial<Registration & Before & Update & Verifying & RollingBack & Ended>;

/**
 * The result that a deployment has reached; undefined while it has none. A result before its end is that of a deployment that a hold
 * skips: a late AcquireLease may save one beside another, which deploys, so it does not count once an update was requested.
 */
export const reachedResult = ({
  result,
  endedAt,
  updateRequestedAt,
}: Pick<DeploymentRecord, 'result' | 'endedAt' | 'updateRequestedAt'>): Result | undefined =>
  endedAt !== undefined || updateRequestedAt === undefined ? result : undefined;

export type RegisteredDeployment = DeploymentRecord & Pick<Registration, 'revision' | 'previousRevision'>;

/** For the steps after RegisterRevision. @throws Error for a record that has no revision yet. */
export const registered = (record: DeploymentRecord): RegisteredDeployment => {
  const { revision, previousRevision } = record;
  if (revision === undefined || previousRevision === undefined)
    throw new Error(`the deployment of ${record.service} by ${record.execution} has no revision; RegisterRevision saves it`);
  return { ...record, revision, previousRevision };
};

/** One service of a stage, and the execution that deploys it. */
export type StageDeployment = { readonly service: string; readonly name: string };

export type ReleaseStage = {
  readonly name: string;
  readonly deployments: readonly StageDeployment[];
  /** Of a stage that a later push added: the tag that reaches it, and the time of that push (ISO 8601). */
  readonly tag?: string;
  readonly pushedAt?: string;
  /** A semver pattern of the stage matched the tag. */
  readonly isVersioned?: true;
  /** As slipway.yml had them when the release was planned. */
  readonly parallel?: number;
  readonly onFailure?: 'rollBackAll';
  readonly rollBackScope?: 'release';
  /** The execution that runs its before task, ahead of its deployments. */
  readonly before?: StageDeployment;
};

/** A service that a release changed, and the execution that undoes its deployment `undoes`. */
export type Undo = StageDeployment & { readonly undoes: RecordName };

/** What undoes a release; `stage` if it is one stage alone. */
export type RollbackOfRelease = { readonly of: RecordName; readonly stage?: string; readonly deployments: readonly Undo[] };

/** An operator's word about a stage. ISO 8601. */
export type ApprovalGiven = { readonly stage: string; readonly by?: string; readonly reason?: string; readonly at: string };

/** What a release waits for before `stage`, since when and until when at most. ISO 8601. */
export type ReleaseWait = {
  readonly stage: string;
  readonly for: 'approval' | 'window' | 'scan';
  readonly since: string;
  readonly until: string;
};

export type ReleaseRecord = Common & {
  readonly repository: string;
  /** As requested, while no image is resolved. */
  readonly tag?: string;
  readonly force?: boolean;
  readonly image?: Image;
  readonly pushedAt?: string;
  readonly stages?: readonly ReleaseStage[];
  /** The stage that is in progress, or was reached last. */
  readonly stage?: string;
  /** Stages that its tag does not reach, and why. */
  readonly passedOver?: readonly { readonly stage: string; readonly message: string }[];
  /** The last stage that has passed its gates. */
  readonly begun?: string;
  /** The newer release that took its gate before `stage`, unless the gate is still its own. */
  readonly displaced?: { readonly stage: string; readonly release: RecordName; readonly tag?: string };
  readonly waiting?: ReleaseWait;
  /** Seconds for which it has waited at gates that it has passed. */
  readonly waitedSeconds?: number;
  readonly approvals?: readonly ApprovalGiven[];
  /** An operator started it past windows and freezes. */
  readonly ignoreWindow?: boolean;
  /** An operator started it past the scan of its image. */
  readonly ignoreScan?: boolean;
  /** The first service of a stage that failed: no other one of the stage begins. */
  readonly stageFailure?: { readonly stage: string; readonly service: string; readonly at: string };
  /** The release that its stages are added to; they were added if that one has them. */
  readonly joining?: RecordName;
  /** The release that stands for this one, which is skipped as its duplicate. */
  readonly other?: RecordName;
  /** EvaluateStage has decided that it ends: no stage can be added any more. */
  readonly decided?: true;
  /** What undoes the release `of`: this one itself, because a stage failed, or another one that an operator rolls back. */
  readonly rollback?: RollbackOfRelease;
  /** What the checks before a stage noticed that did not stop it. */
  readonly warnings?: readonly string[];
};

/** A revision that a deployment of ours recorded as SUCCEEDED, and the image that it deployed. */
export type KnownGood = {
  readonly revision: string;
  readonly repository: string;
  readonly digest: string;
  readonly tag?: string;
  readonly pushedAt: string;
  readonly at: string;
  /** ARN of the revision of another image that ran before it, deployed by Slipway or another deployer. */
  readonly previousRevision?: string;
};

/** Decides which of two deployments of one service and one source goes first. */
export type Priority = {
  readonly isByHand: boolean;
  /** The repository of the image; empty for an operation that deploys no image. */
  readonly source: string;
  /** Time of the push event, or of the start by hand. ISO 8601. */
  readonly pushedAt: string;
  readonly digest: string;
  /** Its tag, if a semver pattern matched it. */
  readonly version?: string;
  readonly execution: string;
};

/** A deployment that waits for the lease. */
export type QueueEntry = {
  readonly execution: string;
  readonly priority: Priority;
  readonly record: RecordName;
  /** Since when its place has been taken, by this deployment or by one that it replaced. ISO 8601. */
  readonly since: string;
  /** The task token of the visit of AcquireLease that waits; absent for one of an earlier version. */
  readonly token?: string;
};

/** The newest image of a source that a hold kept back, and the hold. */
export type Withheld = {
  readonly digest: string;
  readonly tag?: string;
  readonly pushedAt: string;
  /** The release that deploys it; empty if there is none. */
  readonly release: RecordName | '';
  readonly hold: Hold;
};

/** A digest that failed on a service for a reason that speaks of the image, or that an operator rolled back from. */
export type QuarantineEntry = {
  readonly digest: string;
  readonly reason: string;
  readonly at: string;
  /** What the service's other sources had deployed last: the failure may be theirs, so the entry lapses when one of them changes. */
  readonly others?: readonly { readonly repository: string; readonly digest: string }[];
};

/** One repository's image in one service: what ages, queues and quarantines are compared within. */
export type Source = {
  /** The last successful deployment, also if nothing ran: earlier pushes are older. */
  readonly lastDeployed?: Pick<KnownGood, 'digest' | 'tag' | 'pushedAt'>;
  /** The newest last. */
  readonly quarantine?: readonly QuarantineEntry[];
  readonly withheld?: Withheld;
};

/**
 * Cancel request; the lease holder must roll back. `failedService` is the service whose failure has its release roll back all of its
 * stage; absent for the request of an operator.
 */
export type CancelRequest = {
  readonly record: RecordName;
  readonly by?: string;
  readonly reason?: string;
  readonly failedService?: string;
  /** Stop its before task, too. */
  readonly stopTask?: boolean;
};

/** Everything that decides about a service: one item, so that every decision is one conditional write. */
export type ServiceState = {
  /** Incremented by every write that changes the lease or the queue; each of them is for the number that was read. */
  readonly fencingToken?: number;
  readonly lease?: { readonly execution: string; readonly record: RecordName; readonly since: string; readonly priority: Priority };
  /** Deployments that wait for the lease, by place: one a repository, and one for operators. */
  readonly queued?: Readonly<Record<string, QueueEntry>>;
  readonly cancel?: CancelRequest;
  readonly hold?: Hold;
  /** By repository. */
  readonly sources?: Readonly<Record<string, Source>>;
  /** ARNs of the revisions of which our last deployment left the service on one: any other was deployed by another deployer. */
  readonly expectedRevisions?: readonly string[];
  /** When ECS was last seen to have completed a rollout of ours, or its rollback. ISO 8601. */
  readonly settledAt?: string;
  /** The newest last; ten a repository at most, one a digest. */
  readonly knownGood?: readonly KnownGood[];
};
