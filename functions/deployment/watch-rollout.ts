import type { RecordRepository } from '../../aws/record-repository.js';
import type { WatchItems } from '../../aws/watch-items.js';
import { limitsOf } from '../../core/configuration/service-settings.js';
import { laterOf, priorityOf } from '../../core/lease/priority.js';
import { type RegisteredDeployment, registered } from '../../core/records/records.js';
import { lostDeployment } from '../../core/result/final-result.js';
import * as messages from '../../core/result/messages.js';
import { type Result, resultOf, unfinished } from '../../core/result/result.js';
import { isPaused } from '../../core/rollout/clock.js';
import type { Rollout } from '../../core/rollout/observation.js';
import { decideRollback } from '../../core/rollout/rollback-decision.js';
import { decideRollout, type RolloutDecision } from '../../core/rollout/rollout-decision.js';
import { bakeNet, isSafetyLook, lostEventsNet, rollbackNet, safetyNet, uncertainNet } from '../../core/rollout/safety-net.js';
import { expectedOf } from '../../core/rollout/watch-item.js';
import { type Decision, decided, WaitingStepInput, type WithVerification } from '../../core/step/contracts.js';
import { knownSource } from '../../core/task-definition/revision-to-copy.js';
import { verificationEndedBy } from '../../core/verification/ended-by.js';
import {
  bakeEnd,
  nextCheck,
  nothingToVerify,
  plannedVerification,
  verificationLimit,
  verificationTask,
} from '../../core/verification/planned-verification.js';
import { defineWaitingStep } from '../runtime/define-waiting-step.js';
import { publishSafetyLook } from '../runtime/metrics.js';
import { atPackaging } from '../runtime/permissions.js';
import { keepWaiting } from '../shared/keep-waiting.js';
import { changesOf, type Look, type LookDependencies, lookAt, lookPermissions, lookWith, unwatched } from '../shared/look-at-rollout.js';

type Deps = LookDependencies & {
  readonly records: Pick<RecordRepository, 'enter' | 'write'>;
  readonly watch: Pick<WatchItems, 'of' | 'storeToken' | 'expect' | 'countFailure' | 'markPermanent' | 'beginVerification'>;
};

type Answer = Decision<'wait' | 'update' | 'rollBack' | 'finish' | 'verifyUrl' | 'invokeVerifier' | 'verify'> & WithVerification;

/**
 * Task state `WatchRollout`: looks at ECS once, saves the evidence, and decides or waits, until an event of ECS or an operator wakes
 * it. It alone ends a rollout; a success that is to be verified does not count yet.
 */
export const watchRollout =
  (deps: Deps) =>
  async (input: WaitingStepInput): Promise<Answer | undefined> => {
    const { service: name, record: recordName, visit, token, now } = input;
    const entered = await deps.records.enter(recordName, input.execution, visit);
    if (entered === 'late') return undefined;
    if (entered === 'lost') return decided('finish', lostDeployment(recordName));
    const record = registered(entered);
    const { rollback } = record;
    const limits = limitsOf(deps.configuration, name, knownSource(record));
    // Stored before the look: what happens after the look answers the token.
    const stored = await deps.watch.storeToken(name, { record: recordName, execution: record.execution }, visit, token);

    const look = await lookAt(deps, input, record, stored ?? unwatched(recordName, record), limits);
    const { service, rollout } = look.observation;
    const decision = rollback ? decideRollback(look.observation, rollback) : decideRollout(look.observation);
    // Late: a retry of this visit may have its token, and decides.
    const changes = changesOf(record, look, decision);
    if (Object.keys(changes).length > 0 && !(await deps.records.write(recordName, visit, changes))) return undefined;
    // ECS documents no event for the end of a rollback that was requested.
    if (!rollback && isSafetyLook(input)) publishSafetyLook(name, decision.action === 'rollBack' || decision.action === 'finish', now);

    if (!rollback && isSuccess(decision) && look.observation.mustBeVerified) return verify(deps, input, record, look);
    const result = resultIn(decision, rollout);
    if (decision.action !== 'wait') return decided(decision.action, result);
    const expected = expectedOf(record, limits, service);
    // The desired count has changed, or an execution that resumes the deployment has opened the item again.
    if (stored && !rollback && stored.limit !== expected.limit) await deps.watch.expect(name, recordName, expected);
    const isUnreported = look.observation.evidence.failedTasks > (stored?.failed?.size ?? 0);
    if (!rollback && input.because === 'timedOut' && isUnreported)
      return { ...decided('wait', result), ...lostEventsNet, deadline: look.deadline };
    const net = rollback ? rollbackNet : rollout ? safetyNet : uncertainNet;
    return keepWaiting(input, stored, look.deadline, { result, net });
  };

const isSuccess = (decision: RolloutDecision): boolean => decision.action === 'finish' && decision.result.outcome === 'SUCCEEDED';

/** Begins the verification, or resumes it where its execution ended. It begins once: the bake, and the time of the URL, count from then. */
const verify = async (
  { configuration, records, watch }: Deps,
  { service: name, record: recordName, visit, now }: WaitingStepInput,
  record: RegisteredDeployment,
  { state, observation: { service, rollout, evidence } }: Look,
): Promise<Answer | undefined> => {
  const { failedTasks } = evidence;
  // `now` is when the state was entered: of a retry, that may be minutes before ECS completed the rollout.
  const since = laterOf(now, rollout?.finishedAt || undefined);
  const run = record.verification ?? { since, ...(failedTasks > 0 && { failedBefore: failedTasks }) };
  if (run.failure) return decided('rollBack', resultOf('ROLLBACK_FAILED', run.failure.reason, run.failure.message));
  const planned = plannedVerification(configuration, record) ?? nothingToVerify;
  if (!record.verification && !(await records.write(recordName, visit, { verification: run }))) return undefined;
  const { settings } = planned;
  const yields = settings.yields === true;
  // Before Verify stores its token: an event that finds the token finds this, too.
  await watch.beginVerification(name, recordName, yields ? 'yields' : 'holds');
  const limits = limitsOf(configuration, name, knownSource(record));
  const maxFailedTasks = verificationLimit(limits.maxFailedTasks, service, run);
  await watch.expect(name, recordName, expectedOf(record, { maxFailedTasks }, service));
  const isEnded = verificationEndedBy(state, priorityOf(record), yields).length > 0;
  const check = isEnded ? 'verify' : (nextCheck(settings, run) ?? 'verify');
  return {
    ...decided(check, unfinished),
    ...bakeNet,
    deadline: bakeEnd(settings, run),
    verification: verificationTask(planned, record, run),
  };
};

/** The result, or what is recorded if the execution ends before it answers again. */
const resultIn = (decision: RolloutDecision, rollout: Rollout | undefined): Result => {
  if (decision.action === 'finish') return decision.result;
  if (decision.action === 'rollBack') return resultOf('ROLLBACK_FAILED', decision.reason, decision.message);
  return rollout?.hook && isPaused(rollout) ? { ...unfinished, message: messages.awaitsHook(rollout.hook) } : unfinished;
};

export const { step, handler } = defineWaitingStep({
  name: 'WatchRollout',
  input: WaitingStepInput,
  permissions: lookPermissions,
  onFailure: atPackaging('after ten failures in a row RollBack is tried; if that fails too, UNKNOWN, and nothing else is changed'),
  onRepeat: atPackaging('one more read'),
  run: (environment) => watchRollout(lookWith(environment)),
});
