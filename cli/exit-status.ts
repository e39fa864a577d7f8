import { isAlreadyRunning, type Outcome, type Result } from '../core/result/result.js';

/**
 * Statuses with which the command exits. 1 is Node.js's own, for an error that nothing caught: it says nothing of a deployment. From 64 on they are
 * those of sysexits.h; 130 and 141 are those of a shell for SIGINT and SIGPIPE.
 */
export const exitStatuses = {
  ok: 0,
  /** Refused, or failed before any service of its stage changed. */
  notDeployed: 10,
  rolledBack: 11,
  needsOperator: 12,
  /** Of the command, not of a result: the release or the deployment goes on. */
  timedOut: 13,
  skipped: 14,
  superseded: 15,
  partial: 16,
  usage: 64,
  unreachable: 69,
  /** No credentials, expired ones, or a permission that is missing. */
  denied: 77,
  interrupted: 130,
  /** The reader of standard output went away, such as `head -1`; as of a process that SIGPIPE ends. */
  closedPipe: 141,
} as const;

export type ExitStatus = (typeof exitStatuses)[keyof typeof exitStatuses];

const byOutcome: Record<Outcome, ExitStatus> = {
  SUCCEEDED: exitStatuses.ok,
  SKIPPED: exitStatuses.skipped,
  PARTIAL: exitStatuses.partial,
  SUPERSEDED: exitStatuses.superseded,
  FAILED: exitStatuses.notDeployed,
  ROLLED_BACK: exitStatuses.rolledBack,
  ROLLBACK_FAILED: exitStatuses.needsOperator,
  UNKNOWN: exitStatuses.needsOperator,
};

/** The status of a deployment or a release that has ended. What runs already is deployed: CI jobs are run again. */
export const exitStatusOf = (result: Pick<Result, 'outcome' | 'reason'>): ExitStatus =>
  isAlreadyRunning(result) ? exitStatuses.ok : byOutcome[result.outcome];
