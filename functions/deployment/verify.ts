import { Alarms } from '../../aws/alarms.js';
import { Executions } from '../../aws/execution.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import type { WatchItems } from '../../aws/watch-items.js';
import { limitsOf } from '../../core/configuration/service-settings.js';
import { priorityOf } from '../../core/lease/priority.js';
import {
  type QueueEntry,
  type RegisteredDeployment,
  registered,
  type ServiceState,
  type VerificationRun,
} from '../../core/records/records.js';
import { lostDeployment } from '../../core/result/final-result.js';
import { resultOf, unfinished } from '../../core/result/result.js';
import { finish, type RolloutDecision, rollBack, wait } from '../../core/rollout/rollout-decision.js';
import { bakeNet, isSafetyLook, laggingNet } from '../../core/rollout/safety-net.js';
import { expectedOf, type WatchItem } from '../../core/rollout/watch-item.js';
import {
  type Decision,
  decided,
  decidedByError,
  type ErrorDecision,
  VerifyInput,
  type WithVerification,
} from '../../core/step/contracts.js';
import { knownSource } from '../../core/task-definition/revision-to-copy.js';
import { type AlarmFailure, alarmFailure, ignoredAlarms } from '../../core/verification/alarms.js';
import { answersOf } from '../../core/verification/answers.js';
import { decideVerification, type VerificationDecision, type VerificationFailure } from '../../core/verification/decision.js';
import { verificationEndedBy } from '../../core/verification/ended-by.js';
import {
  bakeEnd,
  nothingToVerify,
  type PlannedVerification,
  plannedVerification,
  verificationLimit,
  verificationTask,
} from '../../core/verification/planned-verification.js';
import { defineWaitingStep } from '../runtime/define-waiting-step.js';
import { publishSafetyLook } from '../runtime/metrics.js';
import { atPackaging } from '../runtime/permissions.js';
import { keepWaiting } from '../shared/keep-waiting.js';
import { changesOf, type LookDependencies, lookAt, lookPermissions, lookWith, unwatched } from '../shared/look-at-rollout.js';

type Deps = LookDependencies & {
  readonly alarms: Pick<Alarms, 'describe'>;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly records: Pick<RecordRepository, 'enter' | 'write'>;
  readonly watch: Pick<WatchItems, 'of' | 'storeToken' | 'expect' | 'countFailure' | 'markPermanent' | 'beginVerification'>;
};

type Answer = Decision<'finish'> | (ErrorDecision & WithVerification);

/**
 * Task state `Verify`: saves what VerifyUrl and the user's function have found, looks at the rollout that ECS has completed, and decides
 * or waits, until the bake is over or an event wakes it.
 */
export const verify =
  (deps: Deps) =>
  async (input: VerifyInput): Promise<Answer | undefined> => {
    const { service: name, record: recordName, visit, token, now } = input;
    const entered = await deps.records.enter(recordName, input.execution, visit);
    if (entered === 'late') return undefined;
    if (entered === 'lost') return decidedByError('Finish', lostDeployment(recordName));
    const record = registered(entered);
    if (record.verification?.failure) return failed(record.verification.failure);
    const planned = plannedVerification(deps.configuration, record) ?? nothingToVerify;
    const { settings } = planned;
    const watcher = { record: recordName, execution: record.execution };
    // One that a resumption has opened again. Before the token: an event that finds the token finds this, too.
    await deps.watch.beginVerification(name, recordName, settings.yields === true ? 'yields' : 'holds');
    // Stored before the look: what happens after the look answers the token.
    const stored = await deps.watch.storeToken(name, watcher, visit, token);

    const item = stored ?? unwatched(recordName, record);
    const limits = limitsOf(deps.configuration, name, knownSource(record));
    const look = await lookAt(deps, input, record, item, limits);
    const answered = answersOf(settings, record.verification ?? { since: now }, input);
    const { run, alarms } = await withAlarms(deps, planned, record, answered.run, item);
    const deadline = bakeEnd(settings, run);
    const maxFailedTasks = verificationLimit(limits.maxFailedTasks, look.observation.service, run);
    const decision = decideVerification({
      settings,
      observation: { ...look.observation, maxFailedTasks },
      run,
      refusal: answered.refusal,
      alarms,
      isBaked: deadline === '' || Date.parse(deadline) <= Date.parse(now),
      waiting: await waitingFor(deps, look.state, record, settings.yields === true),
    });
    // Late: a retry of this visit may have its token, and decides.
    // A look that read too early decides nothing by the answers that have come: the next one has them, too.
    const verification = decision.action === 'look' ? undefined : withFailure(run, decision);
    const changes = { ...changesOf(record, look, asRolloutDecision(decision)), ...(verification && { verification }) };
    if (Object.keys(changes).length > 0 && !(await deps.records.write(recordName, visit, changes))) return undefined;
    if (isSafetyLook(input)) publishSafetyLook(name, decision.action === 'fail' || decision.action === 'finish', now);

    const expected = expectedOf(record, { maxFailedTasks }, look.observation.service);
    if (stored && stored.limit !== expected.limit) await deps.watch.expect(name, recordName, expected);
    return answerOf(decision, input, { stored, deadline, verification: verificationTask(planned, record, run) });
  };

/** The alarms' part of a look; which of them guard the bake, the first one decides. */
const withAlarms = async (
  deps: Deps,
  { settings: { alarms: names = [] } }: PlannedVerification,
  { updateRequestedAt, startedAt }: RegisteredDeployment,
  before: VerificationRun,
  { alarmEvents = [] }: WatchItem,
): Promise<{ readonly run: VerificationRun; readonly alarms: AlarmFailure | undefined }> => {
  if (names.length === 0) return { run: before, alarms: undefined };
  const found = await deps.alarms.describe(names);
  const run = { ...before, ignoredAlarms: before.ignoredAlarms ?? ignoredAlarms(names, found, updateRequestedAt ?? startedAt) };
  return { run, alarms: alarmFailure(names, found, alarmEvents, run) };
};

/** The deployment for which the verification ends, if its execution still runs: one that was aborted keeps its place for a while. */
const waitingFor = async (
  { executions }: Deps,
  state: ServiceState,
  record: RegisteredDeployment,
  yields: boolean,
): Promise<QueueEntry | undefined> => {
  for (const entry of verificationEndedBy(state, priorityOf(record), yields)) if (await executions.isRunning(entry.execution)) return entry;
  return undefined;
};

const withFailure = (run: VerificationRun, decision: VerificationDecision): VerificationRun => {
  if (decision.action !== 'fail') return run;
  const { reason, message, speaksOfImage } = decision;
  return { ...run, failure: { reason, message, speaksOfImage } };
};

const asRolloutDecision = (decision: VerificationDecision): RolloutDecision => {
  if ('result' in decision) return finish(decision.result);
  return decision.action === 'fail' ? rollBack(decision) : wait;
};

const failed = ({ reason, message }: VerificationFailure): Answer =>
  decidedByError('VerificationFailed', resultOf('ROLLBACK_FAILED', reason, message));

const answerOf = (
  decision: VerificationDecision,
  input: VerifyInput,
  { stored, deadline, verification }: { readonly stored: WatchItem | undefined; readonly deadline: string } & WithVerification,
): Answer | undefined => {
  const next = { ...bakeNet, deadline };
  switch (decision.action) {
    case 'succeed':
      return decided('finish', decision.result);
    case 'finish':
      return decidedByError('Finish', decision.result);
    case 'fail':
      return failed(decision);
    case 'verifyUrl':
      return { ...decidedByError('VerifyUrl', unfinished), ...next, ...(verification && { verification }) };
    case 'invokeVerifier':
      return { ...decidedByError('InvokeVerifier', unfinished), ...next, ...(verification && { verification }) };
    case 'look':
      // Soon, once; then its safety net, which grows, has it look again. The clock decides nothing more.
      return hasLookedSoon(input) ? undefined : { ...decidedByError('LookAgain', unfinished), ...laggingNet(bakeNet) };
    case 'wait': {
      const again = keepWaiting(input, stored, deadline, { net: bakeNet });
      return again && { ...again, error: 'LookAgain' };
    }
  }
};

/** `LookAgain` enters the state at once: an answer to each look would be a loop. */
const hasLookedSoon = ({ because, seconds, deadline }: VerifyInput): boolean =>
  because === 'entered' ? seconds <= laggingNet(bakeNet).seconds : deadline === '';

export const { step, handler } = defineWaitingStep({
  name: 'Verify',
  input: VerifyInput,
  decidesByError: true,
  permissions: atPackaging([
    ...(lookPermissions ?? []),
    { allow: ['cloudwatch:DescribeAlarms'], on: 'alarms', for: 'the alarms of the bake' },
    { allow: ['states:DescribeExecution'], on: 'deploymentExecutions', for: 'whether the deployment still runs for which the bake ends' },
  ]),
  onFailure: atPackaging('after ten failures in a row RollBack is tried: nothing was verified'),
  onRepeat: atPackaging('one more look; what it has saved stays'),
  run: (environment) => {
    const { clients } = environment;
    return verify({ ...lookWith(environment), alarms: new Alarms(clients), executions: new Executions(clients) });
  },
});
