import type { Outcome } from '../../core/result/result.js';
import { web } from '../../test/support/failing.js';
import type { Pipeline } from '../../test/support/pipeline.js';
import { type Item, itemsOf } from '../../test/support/table.js';
import { isMachine } from './calls.js';
import type { FaultCase } from './fault-case.js';
import type { Scenario } from './scenario.js';
import { type Notification, type Trace, tracesOf } from './trace.js';

/** The laws of the design that a run is checked against. A violation begins with the law's message. */
const laws = {
  success: 'Never report success that is not',
  truth: 'What is reported is what happened',
  updates: 'One UpdateService forward, at most one back',
  reports: 'Every end is reported once',
  outcome: 'A fault never changes the outcome of a step that it does not hit',
  cleanUp: 'Nothing is left behind',
} as const;

const broken = (law: keyof typeof laws, detail: string): string => `${laws[law]}: ${detail}`;

/** Outcomes that a lasting fault of a function may cause, beside the expected one. Steps after the decision change no outcome. */
const mayEnd: Readonly<Record<string, readonly Outcome[]>> = {
  planRelease: ['FAILED'],
  // UNKNOWN where no execution could be started to resume the record.
  openDeployment: ['FAILED', 'UNKNOWN'],
  acquireLease: ['FAILED'],
  registerRevision: ['FAILED'],
  updateService: ['FAILED', 'ROLLED_BACK'],
  runBeforeTask: ['FAILED'],
  watchRollout: ['UNKNOWN'],
  // What cannot be verified is not believed.
  verifyUrl: ['ROLLED_BACK'],
  verify: ['ROLLED_BACK', 'UNKNOWN'],
  // The look at the end of the bake finds an alarm that is OK again.
  handleAlarmEvent: ['SUCCEEDED'],
  rollBack: ['UNKNOWN', 'ROLLBACK_FAILED'],
  // What cannot be cancelled goes on.
  control: ['SUCCEEDED'],
  evaluateStage: ['UNKNOWN'],
  releaseMachine: ['FAILED', 'UNKNOWN'],
  deploymentMachine: ['FAILED', 'UNKNOWN', 'ROLLED_BACK', 'ROLLBACK_FAILED'],
};

/** A release does not know the result of a deployment that cannot be recorded. */
const ofReleases: typeof mayEnd = { ...mayEnd, closeDeployment: ['UNKNOWN'] };

/** Calls that only add details to a message, unless a scenario requires them: their failure changes no outcome. */
const details: readonly string[] = [
  'planRelease ecr.GetDownloadUrlForLayer',
  'openDeployment ecr.GetDownloadUrlForLayer',
  'registerRevision ecr.BatchGetImage',
  'watchRollout ecs.ListTasks',
  'watchRollout ecs.DescribeTasks',
  'watchRollout logs.GetLogEvents',
];

const allowed = (
  { isInAnyOrder, outcomes, required = [], mayEnd: mayEndHere = [], mayEndOnce = {} }: Scenario,
  right: Outcome,
  { release }: Trace,
  faultCase: FaultCase | undefined,
) => {
  const expected = [...(isInAnyOrder ? outcomes : [right]), ...((faultCase && mayEndOnce[faultCase.function]) ?? [])];
  if (faultCase === undefined || faultCase.duration === 'once') return expected;
  const call = `${faultCase.function} ${faultCase.call}`;
  if (details.includes(call) && !required.includes(call)) return expected;
  return [...expected, ...mayEndHere, ...((release ? ofReleases : mayEnd)[faultCase.function] ?? [])];
};

const updates = ({ account }: Pipeline, by: string) =>
  account.log.of('ecs', 'service-updated').filter(({ detail }) => String(detail.by).includes(by));

/** Compares a notification with what the service ran at that time. Undefined: they agree. */
const misreport = (
  pipeline: Pipeline,
  { deployment, release }: Trace,
  { time, outcome, running, revision }: Omit<Notification, 'id'>,
): string | undefined => {
  // The service is in none of its stages.
  if (release?.stages && !release.rollback && !release.stages.some(({ deployments }) => deployments.some(({ service }) => service === web)))
    return undefined;
  const digest = deployment?.image?.digest ?? 'none';
  const hadRunningTasks = `it ran ${running.join(' and ')} of ${revision}`;
  const isUpdated = updates(pipeline, '').some(({ detail }) => detail.taskDefinition === deployment?.revision);
  // A proved success may be reported late, when a newer deployment has updated the service already.
  const newest = updates(pipeline, '').findLast((one) => one.time <= time);
  const isReplaced = String(newest?.detail.by).includes('UpdateServiceRole') && newest?.detail.taskDefinition !== deployment?.revision;
  if (outcome === 'SUCCEEDED' && isReplaced && deployment?.result?.outcome === 'SUCCEEDED') return undefined;
  // A revision that an operator rolls back to may name its image by tag alone.
  const isRunning = running.length === 1 && (digest === '' ? revision === deployment?.revision : running[0] === digest);
  if (outcome === 'SUCCEEDED' && !isRunning) return `SUCCEEDED of ${digest}, but ${hadRunningTasks}`;
  if (outcome === 'ROLLED_BACK' && (running.includes(digest) || revision !== deployment?.previousRevision))
    return `ROLLED_BACK, but ${hadRunningTasks}`;
  if ((outcome === 'FAILED' || outcome === 'SKIPPED') && deployment?.revision && isUpdated)
    return `${outcome}, but the service was updated`;
  // Of a release that has not come to the service, UNKNOWN is about the stages before, or about the before task of its stage.
  const isOfEarlierStages = deployment === undefined && ((release?.stages?.length ?? 0) > 1 || release?.stages?.[0]?.before !== undefined);
  if ((outcome === 'UNKNOWN' || outcome === 'ROLLBACK_FAILED') && !isUpdated && !isOfEarlierStages)
    return `${outcome}, but the service was never updated`;
  return undefined;
};

type Update = { readonly taskDefinition: unknown; readonly by: string };

/** Checks that each record has at most one update forward and one back, and that no other update was made. */
const updateViolations = (pipeline: Pipeline, items: readonly Item[]): string[] => {
  const made = updates(pipeline, '').map(({ detail }): Update => ({ taskDefinition: detail.taskDefinition, by: String(detail.by) }));
  const records = items.filter(({ sk }) => sk.startsWith('deployment#'));
  const forward = made.filter(({ by }) => by.includes('UpdateServiceRole')).map(({ taskDefinition }) => taskDefinition);
  const rollback = made.filter(({ by }) => by.includes('RollBackRole')).map(({ taskDefinition }) => taskDefinition);
  return [
    ...forward.filter((one, index) => forward.indexOf(one) !== index).map((one) => broken('updates', `${one} was rolled out twice`)),
    ...forward
      .filter((one) => !records.some(({ revision }) => revision === one))
      .map((one) => broken('updates', `${one} was rolled out without a record`)),
    ...[...new Set(rollback)].flatMap((one) => {
      const times = rollback.filter((other) => other === one).length;
      const ofRecords = records.filter(({ previousRevision }) => previousRevision === one).length;
      return times > Math.max(1, ofRecords) ? [broken('updates', `the service was rolled back to ${one} ${times} times`)] : [];
    }),
    ...rollback
      .filter((one) => !records.some(({ previousRevision }) => previousRevision === one))
      .map((one) => broken('updates', `the service was rolled back to ${one}, which is no previous revision`)),
  ];
};

/** The violations of one trace. */
const violationsIn = (
  pipeline: Pipeline,
  scenario: Scenario,
  faultCase: FaultCase | undefined,
  { trace, index, notifications }: { readonly trace: Trace; readonly index: number; readonly notifications: readonly Notification[] },
): string[] => {
  const { before, outcomes } = scenario;
  const { execution, ids, deployment, release } = trace;
  const own = notifications.filter(({ id }) => ids.includes(id));
  const [first, ...others] = own;
  const record = release ?? deployment;
  // What no stage takes is in the history, and in no message.
  const isSilent = release?.result?.reason === 'TAG_NOT_MATCHED' && release.trigger.kind !== 'hand';
  if (isSilent) return own.map(({ outcome }) => broken('reports', `no stage takes its tag, and it was reported ${outcome}`));
  if (!first) return [broken('reports', `it was never reported; its record says ${record?.result?.outcome}`)];
  const all = own.map(({ outcome }) => outcome);

  // A release that could not wait for its deployment reports UNKNOWN; then the deployment reports its own result.
  const isLeftOpen = release !== undefined && first.id === execution.arn && first.outcome === 'UNKNOWN' && others.length === 1;
  const isRepeated = others.some(({ id }) => id === first.id);
  const isReportedTwice = others.some(({ id }) => id !== first.id) && !isLeftOpen;
  const isRepeatAllowed = faultCase?.mayRepeat && (faultCase.duration !== 'once' || own.length === 2);
  const expected = [...before, ...outcomes][index];
  const may = expected === undefined ? undefined : index < before.length ? [expected] : allowed(scenario, expected, trace, faultCase);
  // An execution that cannot invoke functions does not know the result that the sweep finds.
  const isUninformed = execution.status === 'ABORTED' || isMachine(faultCase?.function ?? '');
  const executionOutcome = execution.error ?? (execution.output as { readonly outcome?: string } | undefined)?.outcome;
  return [
    ...own
      .flatMap((one) => misreport(pipeline, trace, one) ?? [])
      .map((found) => broken(found.startsWith('SUCCEEDED') ? 'success' : 'truth', `it was reported ${found}`)),
    ...(isRepeated && !isRepeatAllowed ? [broken('reports', `it was reported ${own.length} times: ${all}`)] : []),
    ...(isReportedTwice ? [broken('reports', `it was reported under ${new Set(own.map(({ id }) => id)).size} IDs: ${all}`)] : []),
    ...(may && !may.includes(first.outcome) ? [broken('outcome', `it was reported ${first.outcome}; expected ${may.join(' or ')}`)] : []),
    ...(may || trace.isByReconciler ? [] : [broken('outcome', 'it was started without a cause')]),
    ...(record?.result !== undefined && record.result.outcome !== first.outcome
      ? [broken('truth', `it was reported ${first.outcome} and recorded ${record.result.outcome}`)]
      : []),
    ...(!isUninformed && executionOutcome !== first.outcome
      ? [broken('truth', `it was reported ${first.outcome} and its execution ended ${executionOutcome}`)]
      : []),
  ];
};

/** The violations after a run that has settled; each names the law that is broken. Empty: none. */
export const violationsOf = async (
  pipeline: Pipeline,
  scenario: Scenario,
  faultCase: FaultCase | undefined,
  notifications: readonly Notification[],
): Promise<string[]> => {
  const { before, outcomes, isChain = false } = scenario;
  const items = await itemsOf(pipeline);
  const traces = tracesOf(pipeline, items);
  const expected = [...before, ...outcomes];
  const running = pipeline.running(web);
  const stillRunning = pipeline.account.services.states.executions().filter(({ status }) => status === 'RUNNING');

  const lastOutcome = notifications.findLast(({ id }) => traces.at(-1)?.ids.includes(id))?.outcome;
  const isCutShort = isChain && lastOutcome !== expected[traces.length - 1];

  // The service has not changed since the last deployment that updated it was reported.
  const last = traces.findLast(({ deployment }) => deployment?.updateRequestedAt !== undefined);
  const end = notifications.findLast(({ id }) => last?.ids.includes(id));
  const now = { running, time: pipeline.account.clock.now, revision: pipeline.service(web)?.taskDefinition ?? '' };
  const drift = last && end && misreport(pipeline, last, { ...now, outcome: end.outcome });

  // ECS continues such a rollout: in a crash loop, a task of the new image runs now and then.
  const isLeftToOperator = end?.outcome === 'UNKNOWN' || end?.outcome === 'ROLLBACK_FAILED';

  return [
    ...traces.flatMap((trace, index) =>
      violationsIn(pipeline, scenario, faultCase, { trace, index, notifications }).map(
        (violation) => `${violation} (start ${index + 1}, ${trace.execution.arn.split(':').at(-2)})`,
      ),
    ),
    ...(traces.length < expected.length && !isCutShort
      ? [broken('outcome', `${traces.length} executions were started; expected ${expected.length}`)]
      : []),
    ...(drift ? [broken('truth', `in the end ${drift}`)] : []),
    ...updateViolations(pipeline, items),
    ...(running.length === 1 || isLeftToOperator ? [] : [broken('cleanUp', `the service runs ${running.join(' and ')}`)]),
    ...stillRunning.map(({ arn }) => broken('cleanUp', `${arn} is still running`)),
    ...items.flatMap(({ pk, sk, pending, lease, cancel, ...others }) => [
      ...(pending === undefined ? [] : [broken('cleanUp', `${pk} ${sk} is pending`)]),
      ...(sk.startsWith('claim#') ? [broken('cleanUp', `${pk} ${sk} is claimed`)] : []),
      ...(lease || cancel ? [broken('cleanUp', `${pk} ${sk} has ${JSON.stringify({ lease, cancel })}`)] : []),
      ...Object.keys(others)
        .filter((name) => name.startsWith('queued#'))
        .map((name) => broken('cleanUp', `${pk} ${sk} has ${name}`)),
    ]),
  ];
};
