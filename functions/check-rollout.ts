import { isDeepStrictEqual } from 'node:util';
import { ContainerLogs } from '../aws/container-logs.js';
import { Ledger } from '../aws/ledger.js';
import { Services } from '../aws/service.js';
import { ServiceDeployments } from '../aws/service-deployment.js';
import { ServiceStates } from '../aws/service-states.js';
import { StoppedTasks } from '../aws/stopped-tasks.js';
import { isNamed } from '../aws/trouble.js';
import type { Configuration } from '../core/configuration.js';
import { type Decision, DeploymentInput, unfinished } from '../core/contracts.js';
import { type Evidence, noEvidence, type StoppedTasksSeen, withLogs, withStopped } from '../core/evidence.js';
import { digestOf } from '../core/image-reference.js';
import { masked } from '../core/masked.js';
import { secondsUntilNextLook } from '../core/poll-interval.js';
import type { DeploymentRecord, ServiceState } from '../core/records.js';
import { relevantEvents, unplacedSince } from '../core/service-event.js';
import { limitsOf } from '../core/service-settings.js';
import { failedContainer, type StoppedTask } from '../core/stopped-task.js';
import { isGone, type Verdict, verdictForward } from '../core/verdict.js';
import { verdictBack } from '../core/verdict-back.js';
import { isByImage, provenBy } from '../core/wanted.js';
import { type Eyes, look, type Seen } from './parts/look.js';
import { tableIn } from './runtime/table.js';
import { lambdaHandler, task } from './runtime/task.js';

type Deps = Eyes & {
  readonly configuration: Configuration;
  readonly stoppedTasks: Pick<StoppedTasks, 'of'>;
  readonly logs: Pick<ContainerLogs, 'tail'>;
  readonly ledger: Pick<Ledger, 'deployment' | 'update'>;
  readonly states: Pick<ServiceStates, 'of'>;
};

/** Task state `CheckRollout`: one look at ECS, the evidence kept, and a verdict. */
export const checkRollout =
  (deps: Deps) =>
  async ({ service: name, record: recordName, now }: DeploymentInput): Promise<Decision<'wait' | 'update' | 'rollBack' | 'end'>> => {
    const record = await deps.ledger.deployment(recordName);
    const { revision = '', base = '', touched = record.startedAt, back, image } = record;
    const { cancel, lastGood, quarantine = [] } = await readable(deps.states.of(name));
    const limits = limitsOf(deps.configuration, name, isByImage(record) ? image?.repository : undefined);
    const secondsSince = (then: string): number => (Date.parse(now) - Date.parse(then)) / 1000;
    const secondsSoFar = secondsSince(back?.since ?? touched);

    const seen = await look(deps, record, now);
    const evidence = await gather(deps, record, seen);
    const misses = seen.rollout ? 0 : (record.misses ?? 0) + 1;
    const view = {
      ...seen,
      misses,
      evidence,
      maxFailedTasks: limits.maxFailedTasks,
      isUnplaced: evidence.unplaced !== undefined && secondsSince(evidence.unplaced.since) >= limits.placementTimeoutSeconds,
      isOverdue: secondsSoFar >= limits.timeoutSeconds + (seen.service?.bakeSeconds ?? 0),
      cancel: cancel?.record === recordName ? cancel : undefined,
      revision,
      base,
      lastGood: lastGood?.revision,
      isOnQuarantined: isOnQuarantined(record, seen, quarantine, lastGood),
      wayTo: record.wayTo,
      digests: provenBy(image),
    };
    const verdict = back ? verdictBack(view, back) : verdictForward(view);
    await keep(deps.ledger, recordName, record, { ...seen, evidence, misses, verdict });
    const { to: _, ...decision } = { to: '', ...verdict };
    return { waitSeconds: secondsUntilNextLook(secondsSoFar), ending: unfinished, ...decision };
  };

/** Of the revision that ECS went back to, by what its service revision resolved or, for the base, by its task definition. */
const isOnQuarantined = (
  { base, previousImage = '' }: DeploymentRecord,
  { service, rollout }: Seen,
  quarantine: NonNullable<ServiceState['quarantine']>,
  lastGood: ServiceState['lastGood'],
): boolean => {
  const isBad = (digest: string | undefined): boolean => quarantine.some((one) => one.digest === digest);
  if (lastGood === undefined || isBad(lastGood.digest)) return false;
  const { rollback } = rollout ?? {};
  const resolved = rollback?.taskDefinition === service?.taskDefinition ? (rollback?.digests ?? []) : [];
  return [...resolved, ...(service?.taskDefinition === base ? [digestOf(previousImage)] : [])].some(isBad);
};

/** That nobody can read what decides about the service says nothing of the rollout. */
const readable = (state: Promise<ServiceState>): Promise<ServiceState> =>
  state.catch((error: unknown) => {
    if (isNamed(error, 'UnreadableState')) return {};
    throw error;
  });

/** Failed tasks vanish after an hour, so what they say is kept at every look. The way back adds nothing to it. */
const gather = async (deps: Deps, record: DeploymentRecord, { service, rollout }: Seen): Promise<Evidence> => {
  const before = record.evidence ?? noEvidence;
  if (record.back || !service || isGone(service)) return before;
  const { revision = '', touched = record.startedAt } = record;
  const failedByEcs = service.taskDefinition === revision ? (service.failedInARow ?? 0) : 0;
  // ECS's own count stands in for what cannot be read: a healthy rollout is not taken back for want of evidence.
  const unread = (error: Error): StoppedTasksSeen => ({ tasks: [], lookedAt: 0, isAll: false, unread: error.name });
  const stopped = await deps.stoppedTasks.of(record.service, revision).catch(unread);
  const { evidence, newest } = withStopped(before, stopped, failedByEcs);
  const logs = newest && (await lastLines(deps, record, newest));
  const events = relevantEvents(service.events, touched);
  const alarms = rollout?.triggeredAlarms ?? [];
  const { unplaced: wasUnplaced, ...rest } = logs ? withLogs(evidence, logs) : evidence;
  const unplaced = unplacedSince(service.events, touched, wasUnplaced);
  return {
    ...rest,
    ...(events.length > 0 && { events }),
    ...(alarms.length > 0 && { alarms }),
    ...(unplaced && { unplaced }),
  };
};

/** Evidence helps people; that it cannot be read says nothing of the rollout. */
const lastLines = async (
  { logs }: Deps,
  { logs: places = [] }: DeploymentRecord,
  task: StoppedTask,
): Promise<NonNullable<Evidence['logs']>> => {
  const container = failedContainer(task)?.name ?? '';
  const place = places.find((one) => one.container === container);
  const said = (line: string) => ({ container, lines: [`(${line})`] });
  if (!place) return said('not read: its log driver is not known');
  if (place.unread !== undefined) return said(`not read: ${place.unread}`);
  try {
    const lines = await logs.tail(place, task.id, 20);
    return lines.length === 0
      ? said('it wrote nothing')
      : { container, lines: lines.map((line) => masked(line.slice(0, 500)).slice(0, 300)) };
  } catch (error) {
    return said(isNamed(error, 'ResourceNotFoundException') ? 'it wrote nothing' : `could not be read: ${(error as Error).name}`);
  }
};

const keep = async (
  ledger: Deps['ledger'],
  recordName: string,
  record: DeploymentRecord,
  { service, rollout, evidence, misses, verdict }: Seen & { evidence: Evidence; misses: number; verdict: Verdict },
): Promise<void> => {
  const isBack = record.back?.by === 'update';
  const known = isBack ? record.back?.serviceDeployment : record.serviceDeployment;
  const wayTo = verdict.next === 'rollBack' ? verdict.to : undefined;
  const hasSucceeded = verdict.next === 'end' && verdict.ending.outcome === 'SUCCEEDED';
  const changes: Partial<DeploymentRecord> = {
    ...(wayTo !== undefined && { wayTo }),
    ...(!isDeepStrictEqual(evidence, record.evidence ?? noEvidence) && { evidence }),
    ...(misses !== (record.misses ?? 0) && { misses }),
    ...(hasSucceeded && service?.desiredCount === 0 && { ran: false }),
    ...(rollout &&
      rollout.arn !== known &&
      (isBack && record.back ? { back: { ...record.back, serviceDeployment: rollout.arn } } : { serviceDeployment: rollout.arn })),
  };
  if (Object.keys(changes).length > 0) await ledger.update(recordName, changes);
};

export const step = task('CheckRollout', DeploymentInput, (environment) => {
  const { clients, configuration } = environment;
  return checkRollout({
    configuration,
    services: new Services(clients),
    rollouts: new ServiceDeployments(clients),
    stoppedTasks: new StoppedTasks(clients),
    logs: new ContainerLogs(clients),
    ledger: new Ledger(tableIn(environment)),
    states: new ServiceStates(tableIn(environment)),
  });
});
export const handler = lambdaHandler(step);
