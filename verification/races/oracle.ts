import { hookViolations } from '../hook-oracle.js';
import { bakeMinutes } from '../hooks.js';
import type { Execution, PushEvent, Record, Trace, Update } from './trace.js';
import { waitViolations } from './wait-oracle.js';

/**
 * The laws that a race violated, or an empty list. It reads pushes, ECS updates, messages and records, and shares no code with what it
 * judges.
 */
export const violationsOf = (trace: Trace): string[] => [
  ...[allEnded, reportedOnce, oneRolloutEach, countedOnce, gateKept, hooksKept, waitViolations].flatMap((rule) => rule(trace)),
  ...sourcesOf(trace).flatMap((one) => [reportedTruly, neverOlder, neverRetried, newestRuns].flatMap((rule) => rule(one))),
];

/** The trace as each source sees it: its pushes and its deployments. Sources have no law in common: neither knows the other's age. */
const sourcesOf = (trace: Trace): Trace[] => {
  const { proxy, pushes, records, updates } = trace;
  if (!proxy) return [trace];
  const seen = (isProxy: boolean): Omit<Trace, 'first' | 'running'> => {
    const isOfSource = ({ pk, image }: Record): boolean => [pk, image?.repository].some((name) => name?.endsWith('my-proxy')) === isProxy;
    const own = records.filter(isOfSource);
    const isOther = ({ revision, by }: Update): boolean =>
      by === 'forward' && records.some((record) => record.revision === revision && !isOfSource(record));
    return {
      ...trace,
      records: own,
      pushes: pushes.filter((push) => (push.isProxy ?? false) === isProxy),
      updates: updates.filter((update) => !isOther(update)),
    };
  };
  const ofProxy = seen(true);
  return [
    { ...trace, ...seen(false) },
    {
      ...ofProxy,
      ...proxy,
      updates: ofProxy.updates.map((update) => ({ ...update, digest: update.otherDigest ?? '', otherDigest: update.digest })),
    },
  ];
};

const short = (digest: string): string => digest.slice(7, 15);
const shortArn = (arn: string): string => arn.split(':').slice(-2).join(':');
const deploymentsIn = ({ records }: Trace) => records.filter(({ sk }) => sk.startsWith('deployment#'));
const digestOf = ({ first }: Trace, { digest }: Pick<Update, 'digest'>): string => digest || first;
const isGood = ({ first, pushes }: Trace, digest: string): boolean =>
  digest === first || pushes.some((push) => push.digest === digest && push.works);

/** Nothing is left behind: no execution runs, no record is pending, lease and queue are free. */
const allEnded = ({ executions, records, state, isWatched, claims, failures }: Trace): string[] => [
  ...executions.filter(({ status }) => status === 'RUNNING').map(({ arn }) => `${shortArn(arn)} still runs`),
  ...records.filter(({ pending, outcome }) => pending !== undefined || outcome === undefined).map(({ sk }) => `${sk} is still pending`),
  ...Object.keys(state)
    .filter((name) => ['lease', 'cancel', 'hold'].includes(name) || name.startsWith('queued#'))
    .map((name) => `the service still has a ${name}`),
  ...(isWatched ? ['the service is still watched'] : []),
  ...claims.map((claim) => `${claim} was not released`),
  ...failures,
];

/** Nothing that was pushed is deployed without an approval, and no gate is left to a release that has ended. */
const gateKept = (trace: Trace): string[] => {
  const { race, gates, approvals, updates } = trace;
  const unapproved = updates
    .filter((update) => race.hasGate && automatic(trace, update))
    .filter((update) => !approvals.some(({ digest, at }) => digest === update.digest && at <= update.at));
  return [
    ...unapproved.map(({ digest }) => `${short(digest)} was deployed without approval`),
    ...gates.map((gate) => `${gate} was not left`),
  ];
};

/** The laws of before tasks and verifications. */
const hooksKept = ({ race, beforeTasks, updates, rollouts, alarms, records }: Trace): string[] =>
  race.hasHooks
    ? hookViolations(
        {
          beforeTasks,
          updates: updates.map(({ by, ...update }) => ({ ...update, isForward: by === 'forward' })),
          completions: rollouts.filter(({ type }) => type === 'rollout-completed'),
          alarms,
          deployments: records.filter(({ sk }) => sk.startsWith('deployment#')),
        },
        { bakeMs: bakeMinutes * 60_000 },
      )
    : [];

/** Evidence counts each failed task once. */
const countedOnce = ({ records, stopped, written }: Trace): string[] => [
  ...records.flatMap(({ sk, revision, evidence: { failedTasks, groups } = { failedTasks: 0, groups: [] } }) => {
    const failures = stopped.filter((one) => one === revision).length;
    const grouped = groups.reduce((sum, { count }) => sum + count, 0);
    return [
      ...(failedTasks > failures ? [`${sk} counts ${failedTasks} failed tasks of ${failures}`] : []),
      ...(grouped > failedTasks ? [`${sk} groups ${grouped} failed tasks of ${failedTasks}`] : []),
    ];
  }),
  ...(/AQCEAAAAKgAAA/.test(written) ? ['a task token is in a message or a record'] : []),
];

/** Every end is reported once: a deployment of a release by its release, a resumed execution by the one that resumed it. */
const reportedOnce = ({ executions, records, messages, faults }: Trace): string[] => {
  const count = (id: string): number => messages.filter((message) => message.id === id).length;
  // The sweep notes what it has published after that, and publishes it again if it cannot.
  const isSwept = faults.some(({ on, by }) => on.endsWith('-sweep') || by.includes('SweepRole'));
  const most = isSwept ? Number.POSITIVE_INFINITY : 1;
  const twice = executions.filter(({ arn }) => count(arn) > most).map(({ arn }) => `${shortArn(arn)} was reported ${count(arn)} times`);
  const unreported = executions.filter(({ arn, name, status, input }) => {
    const { release, resume } = (input ?? {}) as { release?: string; resume?: string };
    if (release !== undefined || resume !== undefined || count(arn) > 0) return false;
    const record = records.find(({ sk }) => sk.endsWith(`#${name}`));
    // An execution that was aborted before its first step has nothing to report.
    if (!record) return status !== 'ABORTED';
    return count(record.execution) === 0;
  });
  const reportedBesideRelease = records.filter(({ release, execution, endedAt = '' }) => {
    const its = records.find(({ pk, sk }) => `${pk} ${sk}` === release);
    // A release that ended before its deployment, because that execution was aborted, could not report for it.
    return its && count(execution) > 0 && (its.endedAt ?? '') >= endedAt;
  });
  return [
    ...twice,
    ...unreported.map(({ arn }) => `${shortArn(arn)} was not reported`),
    ...reportedBesideRelease.map(({ sk }) => `${sk} was reported by itself and by its release`),
  ];
};

/** By another deployer's update; or, while it was verified, by a deployment that waited for it. */
const isReplaced = (trace: Trace, record: Record, since: number): boolean =>
  trace.updates.some(({ by, at }) => by === 'operator' && at >= since) ||
  (record.reason === 'NEWER_DEPLOYMENT' &&
    record.verification !== undefined &&
    deploymentsIn(trace).some(
      (other) => other.sk !== record.sk && other.startedAt <= (record.endedAt ?? '') && (other.endedAt ?? '') >= (record.endedAt ?? ''),
    ));

/** Success is never a false positive: records agree with what happened, and messages with records. */
const reportedTruly = (trace: Trace): string[] => {
  const { records, messages, updates, race } = trace;
  const violations = records.flatMap(({ execution, sk, outcome, reason }) =>
    messages
      .filter(({ id }) => id === execution)
      .filter((message) => message.outcome !== outcome || message.reason !== reason)
      .map((message) => `${sk} is ${outcome} ${reason} and was reported as ${message.outcome} ${message.reason}`),
  );
  const judged = deploymentsIn(trace).flatMap((record) => {
    const { sk, revision, outcome = '', reason } = record;
    const update = updates.find((one) => one.by === 'forward' && one.revision === revision);
    if (!update) return outcome === 'SUCCEEDED' || outcome === 'ROLLED_BACK' ? [`${sk} is ${outcome}, and updated nothing`] : [];
    const isOk = isGood(trace, digestOf(trace, update));
    if (!['SUCCEEDED', 'ROLLED_BACK', 'SUPERSEDED'].includes(outcome)) return [`${sk} updated its service and is ${outcome} ${reason}`];
    if (outcome === 'SUCCEEDED' && !isOk) return [`${sk} is SUCCEEDED with an image that never works`];
    const isByOperator = reason === 'CANCELLED' || (reason === 'ALARM' && trace.alarms.length > 0);
    if (outcome === 'ROLLED_BACK' && isOk && !isByOperator) return [`${sk} is ROLLED_BACK ${reason} with an image that works`];
    if (outcome === 'SUPERSEDED' && !isReplaced(trace, record, update.at)) return [`${sk} is SUPERSEDED, and was not replaced`];
    return [];
  });
  // A release does not know the result of a deployment that was aborted. No other failure is expected.
  const isKnown = (outcome = ''): boolean => outcome === 'UNKNOWN' && race.aborts.length > 0;
  const unexpected = records
    .filter(({ outcome, reason }) => outcome === 'ROLLBACK_FAILED' || outcome === 'UNKNOWN' || reason === 'AWS_ERROR')
    .filter(({ sk, outcome }) => !(sk.startsWith('release#') && isKnown(outcome)))
    .map(({ sk, outcome, reason }) => `${sk} is ${outcome} ${reason}`);
  return [...violations, ...judged, ...unexpected];
};

/** One UpdateService forward for each record. */
const oneRolloutEach = ({ updates }: Trace): string[] => {
  const forward = updates.filter(({ by }) => by === 'forward').map(({ execution }) => execution);
  return [...new Set(forward.filter((one, index) => forward.indexOf(one) !== index))].map(
    (one) => `${shortArn(one)} updated its service twice`,
  );
};

/** The deployment of an update, if a push or the reconciler started it. */
const automatic = (trace: Trace, { revision, by }: Update): Record | undefined =>
  by === 'forward' ? deploymentsIn(trace).find((record) => record.revision === revision && record.trigger.kind !== 'hand') : undefined;

/** A push whose release was aborted does not count as newer. */
const wasAborted = ({ records }: Trace, { digest, at }: PushEvent): boolean =>
  records.some(
    ({ sk, image, pushedAt = '', outcome }) =>
      sk.startsWith('release#') && image?.digest === digest && Date.parse(pushedAt) === at && outcome === 'FAILED',
  );

/** The time of an image's last push, as known at a time. */
const pushedBy = (trace: Trace, digest: string, time: number, known: 'at' | 'deliveredAt' = 'at'): number =>
  Math.max(
    0,
    ...trace.pushes.filter((push) => push.digest === digest && push[known] <= time && !wasAborted(trace, push)).map(({ at }) => at),
  );

/** A lease holder is not stopped by a push that becomes known later. */
const underWayMs = 60_000;

/** Never undo what is newer: neither a newer push that works, nor an operator's rollback. */
const neverOlder = (trace: Trace): string[] =>
  trace.updates.flatMap((update) => {
    if (!automatic(trace, update)) return [];
    const [last] = deploymentsIn(trace)
      .filter(({ outcome, endedAt = '' }) => outcome === 'SUCCEEDED' && Date.parse(endedAt) < update.at)
      .toSorted((one, other) => Date.parse(other.endedAt ?? '') - Date.parse(one.endedAt ?? ''));
    if (!last) return [];
    const isBack = last.trigger.kind === 'hand' && last.operation?.kind === 'rollback';
    const its = isBack ? Date.parse(last.startedAt) : pushedBy(trace, last.image?.digest ?? '', update.at - underWayMs, 'deliveredAt');
    const isOlder = pushedBy(trace, update.digest, update.at) < Math.floor(its / 1000) * 1000;
    return isOlder ? [`${short(update.digest)} was deployed after ${last.sk}, which is newer`] : [];
  });

const skippedForNewer: readonly string[] = ['REPLACED_IN_QUEUE', 'OLDER_PUSH', 'EXTERNAL_CHANGE'];

/** Reasons of a rollback that say nothing about the image. */
const unquarantined = ['CANNOT_START', 'PLACEMENT', 'HOST', 'CIRCUIT_BREAKER', 'STOPPED_IN_ECS', 'TIMED_OUT', 'AWS_ERROR'];

/** A push that was skipped for a newer one, failed or was rolled back is not deployed again without another push. */
const neverRetried = (trace: Trace): string[] =>
  deploymentsIn(trace).flatMap((record) => {
    const { sk, outcome = '', reason = '', image, trigger, endedAt = '' } = record;
    const isSkippedForNewer = trigger.kind !== 'hand' && outcome === 'SKIPPED' && skippedForNewer.includes(reason);
    const isBad = outcome === 'ROLLED_BACK' && !unquarantined.includes(reason);
    if (!isSkippedForNewer && !isBad) return [];
    const since = Date.parse(endedAt);
    const again = trace.updates.filter((update) => update.at > since && update.digest === image?.digest && automatic(trace, update));
    const beside = trace.updates.find((update) => update.revision === record.revision)?.otherDigest;
    return (
      again
        // What failed beside one image of the other source may work beside another.
        .filter(({ otherDigest }) => !isBad || otherDigest === beside)
        .filter(({ at, digest }) => isBad || pushedBy(trace, digest, at) <= Date.parse(record.pushedAt ?? ''))
        .map(({ digest }) => `${short(digest)} was deployed once more, after ${sk}: ${outcome} ${reason}`)
    );
  });

/** The service runs the newest push if it works, else the image that was good before it. */
const newestRuns = (trace: Trace): string[] => {
  const { first, pushes, updates, running, race } = trace;
  const newest = pushes.toSorted((a, b) => a.at - b.at || (a.digest < b.digest ? -1 : 1)).at(-1);
  const isRetriedByEcs = updates.some(({ by, digest }) => by === 'operator' && !isGood(trace, digest || first));
  // If an operator forced a rollout of an image that does not work, ECS keeps trying beside what runs.
  const found = running.filter((digest) => !isRetriedByEcs || isGood(trace, digest));
  const isAt = (digest: string): boolean => found.length === 1 && found[0] === digest;
  const expectRunning = (digest: string, why: string): string[] =>
    isAt(digest) ? [] : [`the service runs ${running.map(short)}, and should run ${short(digest)}: ${why}`];
  if (!newest) return trace.proxy ? [] : ['nothing was pushed'];

  const wasRolledOut = (digest: string): boolean => updates.some((update) => update.by === 'forward' && update.digest === digest);
  const result = expectRunning(expectedFromHistory(trace), 'that is what was reported');
  const hasOperatorAction = race.operator.some(({ action }) => action !== 'holds');
  if (!isExcused(trace, newest)) {
    const wasTried = wasRolledOut(newest.digest) || hasMigrated(trace, newest.digest);
    if (!wasTried && newest.digest !== first) result.push(`the newest push, ${short(newest.digest)}, was never tried`);
    if (newest.works) result.push(...expectRunning(newest.digest, 'it is the newest push'));
  }
  if (!hasOperatorAction && !newest.works) {
    const good = pushes.filter((push) => push.works && wasRolledOut(push.digest)).toSorted((a, b) => a.at - b.at);
    result.push(...expectRunning(good.at(-1)?.digest ?? first, 'that was good before the newest push'));
  }
  return result;
};

/** Was the before task of a deployment of this image started? One that fails is no update. */
const hasMigrated = (trace: Trace, digest: string): boolean =>
  trace.beforeTasks.some(({ revision }) => deploymentsIn(trace).some((one) => one.revision === revision && one.image?.digest === digest));

/** The digest that the service runs if all reports are true: every success and every operator's update, in order. */
const expectedFromHistory = (trace: Trace): string =>
  trace.updates.reduce((before, update) => {
    const record = deploymentsIn(trace).find(({ revision }) => revision === update.revision);
    const stays =
      update.by === 'operator'
        ? isGood(trace, digestOf(trace, update))
        : update.by === 'forward' &&
          (record?.outcome === 'SUCCEEDED' || (record?.outcome === 'SUPERSEDED' && record.verification !== undefined));
    return stays ? digestOf(trace, update) : before;
  }, trace.first);

/** A before task whose execution was aborted is not stopped: while it runs, no other one of the service is started. */
const isBlocked = (trace: Trace, digest: string): boolean =>
  deploymentsIn(trace)
    .filter(({ image, reason }) => image?.digest === digest && reason === 'BEFORE_TASK')
    .some(({ revision, endedAt = '' }) =>
      trace.beforeTasks.some((task) => task.revision !== revision && (task.endedAt ?? Number.POSITIVE_INFINITY) > Date.parse(endedAt)),
    );

/** The newest push need not run: an operator acted after it, its execution was aborted, or its digest failed before. */
const isExcused = (trace: Trace, { digest, at }: PushEvent): boolean => {
  const { records, executions, updates, cancels } = trace;
  const isByOperator = ({ input }: Execution): boolean =>
    ['rollback', 'redeploy'].some((order) => Object.hasOwn((input ?? {}) as object, order));
  const isAfter = (time: number): boolean => time >= at;
  const isAborted = records.some(
    ({ image, outcome, reason }) => image?.digest === digest && reason === 'ABORTED' && (outcome === 'FAILED' || outcome === 'UNKNOWN'),
  );
  const isBad = deploymentsIn(trace).some(
    ({ image, outcome, endedAt = '' }) => image?.digest === digest && outcome === 'ROLLED_BACK' && Date.parse(endedAt) < at,
  );
  const wasLeft =
    executions.some(({ input }) => Object.hasOwn((input ?? {}) as object, 'rollback')) &&
    updates.some((one) => one.digest === digest && one.at < at);
  const isRetriedByEcs = updates.some(({ by, digest: theirs }) => by === 'operator' && !isGood(trace, theirs || trace.first));
  const isUnapproved = trace.race.hasGate && !trace.approvals.some((one) => one.digest === digest && one.at >= at);
  return (
    isBad ||
    isBlocked(trace, digest) ||
    isUnapproved ||
    wasLeft ||
    isAborted ||
    isRetriedByEcs ||
    executions.some((one) => isByOperator(one) && isAfter(one.startTime)) ||
    cancels.some(isAfter) ||
    trace.alarms.some(isAfter) ||
    updates.some(({ by, at: time }) => by === 'operator' && isAfter(time))
  );
};
