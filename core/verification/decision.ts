import type { Verification } from '../configuration/configuration.js';
import { nameOf } from '../records/execution-name.js';
import type { QueueEntry, VerificationRun } from '../records/records.js';
import { type Result, type RollbackReason, resultOf } from '../result/result.js';
import { currentRevision, isDeleted, type Observation } from '../rollout/observation.js';
import { cancelled, deleted, failedTooOften, succeeded, superseded } from '../rollout/rollout-decision.js';
import type { AlarmFailure } from './alarms.js';
import * as messages from './messages.js';
import { nextCheck } from './planned-verification.js';

export type VerificationFailure = NonNullable<VerificationRun['failure']>;

export type VerificationDecision =
  | { readonly action: 'succeed' | 'finish'; readonly result: Result }
  | ({ readonly action: 'fail' } & VerificationFailure)
  /** `look`: what was read does not show the success of the rollout, which ECS has reported before. */
  | { readonly action: 'wait' | 'look' | 'verifyUrl' | 'invokeVerifier' };

/** What one look finds of a revision that is verified. */
export type Verifying = {
  readonly settings: Verification;
  readonly observation: Observation;
  /** With the answers that have come. */
  readonly run: VerificationRun;
  /** Why the URL or the function has not verified it. */
  readonly refusal?: VerificationFailure | undefined;
  readonly alarms: AlarmFailure | undefined;
  readonly isBaked: boolean;
  /** The deployment that waits for the lease, and for which the verification ends. */
  readonly waiting: QueueEntry | undefined;
};

const failed = (reason: RollbackReason, message: string, speaksOfImage: boolean): VerificationDecision => ({
  action: 'fail',
  reason,
  message,
  speaksOfImage,
});

/**
 * Decides what to do about a revision whose rollout ECS has completed. Every failure comes before a success, and a verification that is
 * over before what ends it.
 */
export const decideVerification = (verifying: Verifying): VerificationDecision => {
  const { settings, observation, run, refusal, alarms, isBaked, waiting } = verifying;
  const { service, cancel, evidence, revision } = observation;
  const end = isDeleted(service) ? deleted : currentRevision(observation) === revision ? undefined : superseded(observation);
  if (end) return end;
  if (cancel) {
    const { reason, message } = cancelled(cancel);
    return failed(reason, message, false);
  }
  // Nothing runs that could be verified.
  if (service?.desiredCount === 0) return proved(observation, []);
  const tasks = failedTooOften(observation);
  if (tasks) return failed(tasks.reason, messages.failedMeanwhile(tasks.message), evidence.hasImageFailed === true);
  if (alarms) return failed(alarms.reason, alarms.message, alarms.reason === 'ALARM');
  if (refusal) return failed(refusal.reason, refusal.message, refusal.speaksOfImage);
  const check = nextCheck(settings, run);
  if (!check && isBaked) return proved(observation, checksOf(settings, run));
  if (waiting)
    return { action: 'finish', result: resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.endedEarly(nameOf(waiting.execution))) };
  return { action: check ?? 'wait' };
};

/** Reads that lag behind show a rollout that has not succeeded yet. */
const proved = (observation: Observation, checks: readonly string[]): VerificationDecision => {
  if (observation.rollout?.status !== 'SUCCESSFUL') return { action: 'look' };
  const decision = succeeded(observation);
  if (decision.action === 'rollBack') return failed(decision.reason, decision.message, observation.evidence.hasImageFailed === true);
  if (decision.action !== 'finish') return { action: 'look' };
  const { result } = decision;
  return { action: 'succeed', result: checks.length === 0 ? result : { ...result, message: messages.verified(result.message, checks) } };
};

const checksOf = ({ alarms = [], bakeSeconds = 0 }: Verification, { url, verifier, ignoredAlarms = [] }: VerificationRun): string[] => [
  ...(url ? [url.seen] : []),
  ...(verifier ? [verifier.seen] : []),
  ...(bakeSeconds > 0
    ? [
        messages.baked(
          bakeSeconds,
          alarms.filter((name) => !ignoredAlarms.includes(name)),
        ),
      ]
    : []),
  ...(ignoredAlarms.length > 0 ? [messages.alarmsIgnored(ignoredAlarms)] : []),
];
