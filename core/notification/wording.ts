import { machineOf } from '../records/execution-name.js';
import type { ApprovalGiven, Trigger } from '../records/records.js';
import { duration, moment } from '../result/moment.js';
import type { Outcome, Reason, Result } from '../result/result.js';
import type { BeforeTaskReport } from './before-task-report.js';
import { cut } from './cut.js';
import type { Message, ServiceReport } from './message.js';

/** What an outcome means, as text. */
const meaning: Record<Outcome, string> = {
  SUCCEEDED: 'deployed',
  PARTIAL: 'deployed in part; the rest was skipped',
  SKIPPED: 'skipped, nothing changed',
  SUPERSEDED: 'superseded by something newer',
  FAILED: 'failed, nothing changed',
  ROLLED_BACK: 'failed and rolled back',
  ROLLBACK_FAILED: 'failed, and the rollback failed, too: check the service now',
  UNKNOWN: 'final state unknown: check the service now',
};

/** What a reason says beyond its outcome; of FAILED what comes before `nothing changed`. */
const meaningOfReason: Partial<Record<Outcome, Partial<Record<Reason, string>>>> = {
  SUCCEEDED: {
    ROLLED_BACK_BY_OPERATOR: 'an operator rolled back to it',
    ROLLED_BACK_WITH_RELEASE: 'rolled back with its release',
    REDEPLOYED: 'deployed again',
    NOTHING_RUNNING: 'deployed; nothing is running',
    HELD: 'on hold',
    UNHELD: 'not on hold',
    BEFORE_TASK_COMPLETED: 'the before task is completed',
    CANCEL_REQUESTED: 'cancel requested',
    APPROVAL_GIVEN: 'approved',
    APPROVAL_DENIED: 'rejected',
  },
  SUPERSEDED: { NEWER_RELEASE: 'superseded by a newer release' },
  FAILED: {
    PREFLIGHT: 'refused by the checks before it',
    SCAN_FINDINGS: 'refused by the scan of its image',
    NOT_SCANNED: 'refused without a scan of its image',
    BEFORE_TASK: 'its before task failed',
    STAGE_FAILED: 'not begun',
    REJECTED: 'rejected',
    APPROVAL_TIMED_OUT: 'not approved in time',
    CANCELLED: 'cancelled',
  },
  ROLLED_BACK: {
    VERIFICATION: 'not verified and rolled back',
    CANCELLED: 'cancelled and rolled back',
    STAGE_FAILED: 'rolled back, because its stage failed',
  },
};

const failure = ({ reason }: Result): string => meaningOfReason.FAILED?.[reason] ?? 'failed';

/** What the result of a service means. `hasRunTask`: a before task has, which may have changed anything but a service. */
export const meaningOfResult = (result: Result, hasRunTask = result.reason === 'BEFORE_TASK'): string => {
  const { outcome, reason } = result;
  if (outcome === 'FAILED') return `${failure(result)}, ${hasRunTask ? 'no service' : 'nothing'} changed`;
  return meaningOfReason[outcome]?.[reason] ?? meaning[outcome];
};

/** Does what undid the deployment leave nothing of it? Then what was said of its tasks is no longer true. */
export const isUndone = ({ undo }: Pick<ServiceReport, 'undo'>): boolean =>
  undo !== undefined && ['SUCCEEDED', 'SUPERSEDED'].includes(undo.result.outcome);

/** What is said of a service that is still true: of the deployment, and of what undid it. */
export const messagesOf = (report: Pick<ServiceReport, 'result' | 'undo'>): string[] =>
  [isUndone(report) ? undefined : report.result, report.undo?.result].flatMap((one) => one?.message || []);

/** A service that did not begin, because another one of its stage had failed. */
export const isNotBegun = ({ result: { outcome, reason } }: Pick<ServiceReport, 'result'>): boolean =>
  outcome === 'FAILED' && reason === 'STAGE_FAILED';

/** Does it run the image that the release deployed to it? */
const runsIt = (report: ServiceReport): boolean => report.result.outcome === 'SUCCEEDED' && !isUndone(report);

/** What the result of a notification means: a failed release may have changed some of its services. */
export const meaningOf = ({ result, services, beforeTasks, rollback }: Message): string => {
  const hasSome = services.some(runsIt);
  const hasRunTask = beforeTasks !== undefined || services.some(({ beforeTask }) => beforeTask) || undefined;
  if (rollback?.isByHand && result.outcome === 'SUCCEEDED') return 'what ran before it runs again';
  if (result.outcome !== 'FAILED' || !(hasSome || rollback)) return meaningOfResult(result, hasRunTask);
  if (rollback?.isByHand) return hasSome ? `${failure(result)}; some services are rolled back` : meaningOfResult(result);
  return `${failure(result)}; ${hasSome ? 'some services run it' : 'what it had changed is rolled back'}`;
};

const triggers: Readonly<Record<Exclude<Trigger['kind'], 'hand' | 'releasedHold'>, string>> = {
  push: 'a push',
  replication: 'a replication',
  pullThroughCache: 'a pull-through cache',
  reconcile: 'the reconciler, for a missed push event',
};

/** What started it, with the operator and the reason if they are known. */
export const startedBy = (trigger: Trigger | undefined): string => {
  if (!trigger) return '';
  if (trigger.kind === 'releasedHold') return heldBack(trigger);
  // A CI job starts it as the reconciler does, for its user.
  if (trigger.kind === 'reconcile' && trigger.by) return `${trigger.by}, for a missed push event`;
  if (trigger.kind !== 'hand') return triggers[trigger.kind];
  return `hand${trigger.by ? `, ${trigger.by}` : ''}${trigger.reason ? `: ${trigger.reason}` : ''}`;
};

/** `ada: wrong tag`, as far as they are known. */
export const operatorText = ({ by = 'an operator', reason }: Pick<Trigger, 'by' | 'reason'>): string =>
  `${by}${reason ? `: ${reason}` : ''}`;

/** `held back by ada until 2026-11-28 14:05 UTC; bob released the hold: done`. */
const heldBack = ({ hold, until = '', by, reason }: Trigger): string => {
  const end = by || reason ? `; ${by ?? 'an operator'} released the hold${reason ? `: ${reason}` : ''}` : '';
  return `held back by ${hold?.by ?? 'an operator'} until ${moment(until)}${end}`;
};

/** A title without the outcome: `my-learn-app:main-7 (a1b2c3d4a1b2) on production/web`. */
export const titleOf = ({ to, services, stage, command, rollback, repository, id }: Message): string => {
  if (command?.service !== undefined) return command.service === '*' ? 'every service' : command.service;
  // Without a record no more is known than what its input names.
  const image = to === repository ? [`a ${machineOf(id)}`, to].filter(Boolean).join(' of ') : to;
  const [only] = services;
  // The only service may be of a stage that the release has passed.
  const where = services.length === 1 && only && (stage === '' || stage === only.stage) ? only.service : stage;
  return [rollback?.isByHand && 'the rollback of', image, where && `on ${where}`].filter(Boolean).join(' ');
};

/** The title after the outcome, which a command does not have: its meaning says it all. */
export const headlineOf = (message: Message): string =>
  message.command ? titleOf(message) : `${message.result.outcome}: ${titleOf(message)}`;

/** `and 2 more services`; nothing if there are none. */
export const andMore = (count: number, noun: string): string[] => (count > 0 ? [`and ${count} more ${noun}${count === 1 ? '' : 's'}`] : []);

/** What it ignores because an operator asked for that; empty if nothing. */
export const ignoredByHand = ({ force, ignoreWindow, ignoreScan }: Pick<Message, 'force' | 'ignoreWindow' | 'ignoreScan'>): string =>
  [force && 'tag policy, age, quarantine and approval', ignoreWindow && 'windows and freezes', ignoreScan && 'the scan of the image']
    .filter(Boolean)
    .join(', ');

/** `production, by ada at 2026-11-28 09:00 UTC: looks good` */
export const approvalText = ({ stage, by = 'an operator', reason, at }: ApprovalGiven): string =>
  `${stage}, by ${by} at ${moment(at)}${reason ? `: ${reason}` : ''}`;

const isBack = ({ result: { outcome } }: ServiceReport): boolean => outcome === 'ROLLED_BACK' || outcome === 'ROLLBACK_FAILED';

/** What is said of a release beside its services, a line each. */
export const remarksOf = ({
  services,
  beforeTasks = [],
  joined = [],
  passedOver = [],
  warnings = [],
  withdrawn,
  rollback,
}: Message): string[] => [
  ...beforeTasks.flatMap(({ service, isQuarantined }) => (isQuarantined ? `the image is in quarantine on ${service}` : [])),
  ...(withdrawn === undefined ? [] : [`the request to approve ${withdrawn} is withdrawn: it needs no answer`]),
  ...(rollback?.isByHand ? [`it rolls back the release ${rollback.of}`] : []),
  ...(rollback ? ['migrations that it ran are not undone'] : []),
  ...beforeTasks.flatMap(({ stage }) =>
    !rollback && services.some((one) => one.stage === stage && isBack(one))
      ? `what the before task of ${stage} has changed is not undone`
      : [],
  ),
  ...joined.map(({ stage, tag }) => `${stage} was added by the tag ${tag}`),
  ...passedOver.map(({ stage, message }) => `${stage} was passed over: ${message}`),
  ...warnings,
];

const endOfBeforeTask = ({ outcome, exitCode, durationSeconds }: BeforeTaskReport): string => {
  const after = ` after ${duration(durationSeconds)}`;
  if (outcome === 'UNKNOWN') return 'its end is unknown';
  if (outcome === 'RUNNING') return `had not ended${after}`;
  const exit = exitCode === undefined ? '' : `, exit ${exitCode}`;
  return `${{ SUCCEEDED: 'succeeded', FAILED: 'failed', TIMED_OUT: 'stopped at its timeout', CANCELLED: 'cancelled' }[outcome]}${exit},${after}`;
};

/** `before task: failed, exit 3, after 42 s: npm run migrate in app` */
export const beforeTaskText = (report: BeforeTaskReport, stage?: string): string =>
  `before task${stage === undefined ? '' : ` of ${stage}`}: ${endOfBeforeTask(report)}: ${cut(report.command, 200)} in ${report.container}`;

/** What a verification had seen hold when something else failed: the message of the result says the rest, and all of a success. */
export const verificationTexts = ({ result, verification }: Pick<ServiceReport, 'result' | 'verification'>): string[] =>
  result.outcome === 'SUCCEEDED'
    ? []
    : [verification?.url, verification?.verifier].flatMap((part) => (part?.isPassed ? `verified: ${part.seen}` : []));

/** The services that did not begin, in one line; empty if all did. */
export const notBegunText = (services: readonly ServiceReport[]): string => {
  const names = services.filter(isNotBegun).map(({ service }) => service);
  return names.length === 0 ? '' : `not begun, because their stage failed: ${names.join(', ')}`;
};

/** `3 min 5 s`, and how long it waited at gates. */
export const durationText = ({ durationSeconds, waitedSeconds = 0 }: Message): string =>
  `${duration(durationSeconds)}${waitedSeconds > 0 ? `, of which it waited ${duration(waitedSeconds)}` : ''}`;
