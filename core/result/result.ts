/** How a deployment or a release ended, worst first. docs/architecture.md says what each means for the service. */
export const outcomes = ['UNKNOWN', 'ROLLBACK_FAILED', 'ROLLED_BACK', 'FAILED', 'SUPERSEDED', 'PARTIAL', 'SKIPPED', 'SUCCEEDED'] as const;
export type Outcome = (typeof outcomes)[number];

/** Why a new image was rolled back, whether or not the rollback worked. */
const rollbackReasons = [
  'CRASHED',
  'UNHEALTHY',
  'CANNOT_PULL',
  'CANNOT_START',
  'PLACEMENT',
  'HOST',
  'ALARM',
  'VERIFICATION',
  'CIRCUIT_BREAKER',
  'STOPPED_IN_ECS',
  'TIMED_OUT',
  'CANCELLED',
  'STAGE_FAILED',
  'AWS_ERROR',
] as const;

const skipReasons = [
  'ALREADY_RUNNING',
  'ON_HOLD',
  'QUARANTINED',
  'OLDER_PUSH',
  'OLDER_VERSION',
  'EXTERNAL_CHANGE',
  'REPLACED_IN_QUEUE',
  'OPERATOR_WAITING',
  'TAG_NOT_MATCHED',
  'TAG_MOVED',
  'NO_TAG',
  'NOT_AN_IMAGE',
  'NOT_CONFIGURED',
  'INVALID_EVENT',
  'OUTSIDE_WINDOW',
  'STAGE_REQUIRED',
  'GATE_TAKEN',
  'DUPLICATE_RELEASE',
  'JOINED_RELEASE',
  'DUPLICATE_ROLLBACK',
  'ROLLBACK_DELEGATED',
  'NOT_RESUMED',
] as const;

/** The reasons that each outcome may have. docs/architecture.md explains them; a test holds that page against this table. */
export const reasonsByOutcome = {
  SUCCEEDED: [
    'DEPLOYED',
    'REDEPLOYED',
    'ROLLED_BACK_BY_OPERATOR',
    'ROLLED_BACK_WITH_RELEASE',
    'BEFORE_TASK_COMPLETED',
    'NOTHING_RUNNING',
    'HELD',
    'UNHELD',
    'CANCEL_REQUESTED',
    'APPROVAL_GIVEN',
    'APPROVAL_DENIED',
  ],
  SKIPPED: skipReasons,
  PARTIAL: skipReasons,
  SUPERSEDED: ['NEWER_DEPLOYMENT', 'NEWER_RELEASE', 'SERVICE_DELETED'],
  FAILED: [
    'INVALID_INPUT',
    'INVALID_SERVICE',
    'PREFLIGHT',
    'SCAN_FINDINGS',
    'NOT_SCANNED',
    'BEFORE_TASK',
    'STAGE_FAILED',
    'REJECTED',
    'APPROVAL_TIMED_OUT',
    'CANCELLED',
    'ABORTED',
    'TIMED_OUT',
    'AWS_ERROR',
  ],
  ROLLED_BACK: rollbackReasons,
  ROLLBACK_FAILED: rollbackReasons,
  UNKNOWN: ['AWS_ERROR', 'ABORTED'],
} as const satisfies Record<Outcome, readonly string[]>;

export type Reason = (typeof reasonsByOutcome)[Outcome][number];
export type RollbackReason = (typeof rollbackReasons)[number];

export const reasons: readonly Reason[] = [...new Set(Object.values(reasonsByOutcome).flat())];

/** Entries of the runbook, docs/operations.md, for results that need an operator. */
export const runbookEntries = [
  'ROLLBACK_CALL_FAILED',
  'ROLLBACK_NOT_VISIBLE',
  'ECS_ROLLBACK_FAILED',
  'ROLLBACK_TIMED_OUT',
  'ROLLBACK_REVERTED',
  'ROLLBACK_STOPPED',
  'NOT_RESUMABLE',
  'RESULT_MISSING',
  'ROLLOUT_NOT_VISIBLE',
  'BEFORE_TASK_UNKNOWN',
] as const;
export type RunbookEntry = (typeof runbookEntries)[number];

/** How a deployment or a release ended. Code decides by the codes; the message is for operators, and no code compares it. */
export type Result<O extends Outcome = Outcome> = {
  readonly outcome: O;
  readonly reason: Reason;
  readonly message: string;
  /** Present if an operator is needed. */
  readonly runbook?: RunbookEntry;
};

/** A result whose reason its outcome allows. */
export const resultOf = <O extends Outcome>(
  outcome: O,
  reason: (typeof reasonsByOutcome)[O][number],
  message: string,
  runbook?: RunbookEntry,
): Result<O> => ({ outcome, reason, message, ...(runbook !== undefined && { runbook }) });

/** The result of an execution until a step answers another. */
export const unfinished: Result = resultOf('UNKNOWN', 'AWS_ERROR', 'the execution ended before it reported a result');

/** The worst of several outcomes; UNKNOWN if there is none. */
export const worstOutcome = (all: readonly Outcome[]): Outcome => outcomes.find((outcome) => all.includes(outcome)) ?? 'UNKNOWN';

const successful: ReadonlySet<Outcome> = new Set(['SUCCEEDED', 'PARTIAL', 'SKIPPED', 'SUPERSEDED']);

/** Does an execution with this outcome succeed in Step Functions? */
export const isSuccessfulOutcome = (outcome: Outcome): boolean => successful.has(outcome);

/** Was it skipped because the service runs the image? A release continues past it as past a success. */
export const isAlreadyRunning = (one: Pick<Result, 'outcome' | 'reason'> | undefined): boolean =>
  one?.outcome === 'SKIPPED' && one.reason === 'ALREADY_RUNNING';
