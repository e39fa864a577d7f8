import { defaultParallel } from '../configuration/configuration.js';
import { executionName } from '../records/execution-name.js';
import type { RecordName } from '../records/record-name.js';
import type { ReleaseStage, Undo } from '../records/records.js';
import { missingResult } from '../result/final-result.js';
import { isSuccessfulOutcome, type Outcome, type Result, resultOf, unfinished } from '../result/result.js';
import type { StageDecision } from '../step/contracts.js';
import * as messages from './messages.js';
import { paced } from './pacing.js';
import { type DeploymentResult, releaseResult } from './release-plan.js';

type Named = DeploymentResult & { readonly record: { readonly name: RecordName } | undefined };

/**
 * The executions that undo what the release `by` changed: its successful deployments. What failed has been rolled back, or needs an
 * operator. Named by what they undo, so that the plan is equal whenever it is made again.
 */
export const undosOf = (by: RecordName, deployments: readonly Named[]): Undo[] =>
  deployments.flatMap(({ service, record }) =>
    record?.result?.outcome === 'SUCCEEDED' && record.updateRequestedAt !== undefined
      ? [{ service, name: executionName([service.slice(0, 40), 'undo'], [by, record.name]), undoes: record.name }]
      : [],
  );

/** The decision to run the executions that undo. */
export const undoDecision = <Action extends string>(
  action: Action,
  record: RecordName,
  stage: string,
  undos: readonly Undo[],
): StageDecision<Action> => ({
  action,
  record,
  stage,
  services: paced(
    undos.map(({ service, name }) => ({ service, name })),
    defaultParallel,
  ),
  parallel: defaultParallel,
  result: unfinished,
});

const failures: ReadonlySet<string> = new Set<Outcome>(['FAILED', 'ROLLED_BACK', 'ROLLBACK_FAILED', 'UNKNOWN']);

/** Must the others be rolled back because one of these failed? One that was skipped or superseded did not fail. */
export const isUndoDue = (stage: Pick<ReleaseStage, 'onFailure'> | undefined, deployments: readonly DeploymentResult[]): boolean =>
  stage?.onFailure === 'rollBackAll' &&
  deployments.some(({ record }) => failures.has(record?.result?.outcome ?? missingResult(record).outcome));

/** The result of a release that failed, once what it changed was rolled back: `failure` is its result without that. */
export const rolledBackResult = (failure: Result, undone: readonly DeploymentResult[]): Result => {
  const results = undone.map(({ service, record }) => ({ service, result: record?.result }));
  const failed = results.find(({ result }) => !result || !isSuccessfulOutcome(result.outcome));
  if (failed) {
    const message = messages.undoFailed(failure.message, failed.service, failed.result?.message);
    return resultOf('ROLLBACK_FAILED', 'STAGE_FAILED', message, failed.result?.runbook);
  }
  const count = results.filter(({ result }) => result?.outcome === 'SUCCEEDED').length;
  const message = messages.rolledBackAll(failure.message, count, undone.length);
  // One that needs an operator more stays what it is.
  if (failure.outcome === 'UNKNOWN' || failure.outcome === 'ROLLBACK_FAILED') return { ...failure, message };
  return failure.outcome === 'ROLLED_BACK' ? { ...failure, message } : resultOf('ROLLED_BACK', 'STAGE_FAILED', message);
};

/** The result of an operator's rollback of a release, from what it undid: it failed if one did, and newer deployments stay. */
export const rollbackResult = (undone: readonly DeploymentResult[]): Result => {
  const outcomes = undone.map(({ record }) => record?.result?.outcome);
  const count = outcomes.filter((outcome) => outcome === 'SUCCEEDED').length;
  if (count === 0 || !outcomes.every((outcome) => outcome && isSuccessfulOutcome(outcome))) return releaseResult(undone);
  return resultOf('SUCCEEDED', 'ROLLED_BACK_WITH_RELEASE', messages.rolledBackByHand(count, undone.length));
};
