import { Executions } from '../aws/execution.js';
import { Ledger } from '../aws/ledger.js';
import { ServiceStates } from '../aws/service-states.js';
import { endingIn } from '../core/closing.js';
import { type Decision, DeploymentInput, unfinished } from '../core/contracts.js';
import { learnedFrom } from '../core/learned.js';
import { afterlifeMs, type Life, moveOf, refusalOf } from '../core/lease.js';
import type { Ending } from '../core/outcome.js';
import { secondsUntilNextTurn } from '../core/poll-interval.js';
import { laterOf, rankOf } from '../core/rank.js';
import type { DeploymentRecord, RecordName, ServiceState } from '../core/records.js';
import { gone } from './parts/gone.js';
import { tableIn } from './runtime/table.js';
import { lambdaHandler, task } from './runtime/task.js';

type Deps = {
  readonly executions: Pick<Executions, 'lifeOf'>;
  readonly ledger: Pick<Ledger, 'deployment' | 'update' | 'claimed'>;
  readonly states: Pick<ServiceStates, 'of' | 'takeLease' | 'takePlace' | 'settle' | 'requestCancel'>;
};

/** Whoever asks: its record, under its name, and when. */
type Applicant = { readonly name: RecordName; readonly record: DeploymentRecord; readonly now: string; readonly pushedAt: string };

const skipped = (sentence: string): Decision<'end'> => ({ next: 'end', waitSeconds: 0, ending: ended(sentence) });
const ended = (sentence: string): Ending => ({ outcome: 'SKIPPED', cause: '', sentence });

/** Task state `AcquireLease`: the right to deploy the service now, or the one place in line, or the reason why neither. */
export const acquireLease =
  (deps: Deps) =>
  async ({ service, record: name, now }: DeploymentInput): Promise<Decision<'go' | 'wait' | 'end'>> => {
    const { ledger, states } = deps;
    // The item before the record: what was closed since is seen, and a late second run neither takes nor queues again.
    const state = await states.of(service);
    const record = await ledger.deployment(name);
    if (record.outcome !== undefined) return skipped('it has ended already');
    const { execution } = record;
    const pushedAt = await lastPushOf(ledger, record);
    const rank = rankOf({ ...record, pushedAt });
    const applicant: Applicant = { name, record, now, pushedAt };
    const wait = waitSince(record.startedAt, now);
    const lives = await livesOf(deps, state, execution, now);

    if (record.goal?.kind === 'rollback') {
      const way = await takeBackBy(deps, applicant, state, lives);
      if (way) return way;
    }
    const move = moveOf(state, { execution, rank }, (other) => lives.get(other) ?? 'dead');
    if (move.move === 'yield') return skipped(`${nameOf(move.to)} goes first: it is newer, or was started by hand`);
    if (move.move === 'wait') return wait;
    // Run again after its answer was lost: a second write would take away a cancellation that came meanwhile.
    if (state.lease?.execution === execution) return holder(deps, applicant, state);
    const seen = { fence: state.fence, ...(move.instead !== undefined && { instead: move.instead }) };
    if (move.move === 'queue') {
      await states.takePlace(service, { execution, rank, record: name }, seen);
      return wait;
    }
    if (move.over !== undefined) await finishFor(deps, service, state, now);
    const over = move.over === undefined ? {} : { over: move.over };
    const taken = await states.takeLease(service, { execution, record: name, since: now, rank }, { ...seen, ...over });
    return taken ? holder(deps, applicant, taken) : wait;
  };

/** The longer it waits, the longer between two looks: an execution's history has room for 25,000 events. */
const waitSince = (startedAt: string, now: string): Decision<'wait'> => ({
  next: 'wait',
  waitSeconds: secondsUntilNextTurn(startedAt, now),
  ending: unfinished,
});

/** A holder that died between closing its record and giving the lease back: what it had learned is kept for it. */
const finishFor = async ({ ledger, states }: Deps, service: string, state: ServiceState, now: string): Promise<void> => {
  if (!state.lease) return;
  const dead = await ledger.deployment(state.lease.record).catch(gone);
  const ending = dead && endingIn(dead);
  if (ending) await states.settle(service, state.lease.execution, learnedFrom(dead, ending, state, dead.endedAt ?? now));
};

/** What the holder of a lease may do with it, from the item as it was when he took it. */
const holder = async ({ states }: Deps, { record, pushedAt }: Applicant, state: ServiceState): Promise<Decision<'go' | 'end'>> => {
  const { hold } = await states.of('*');
  const refusal = refusalOf(state, hold, {
    isByHand: record.trigger.kind === 'hand',
    isForced: record.force ?? false,
    digest: record.image?.digest ?? '',
    pushedAt,
  });
  return refusal === undefined ? { next: 'go', waitSeconds: 0, ending: unfinished } : skipped(refusal);
};

/**
 * A person's rollback does not wait behind the deployment that he wants to end: it asks that one to take the service
 * back, and sees to it that it did. Undefined where it has to go back itself.
 */
const takeBackBy = async (
  { ledger, states }: Deps,
  { name, record, now }: Applicant,
  { lease, cancel }: ServiceState,
  lives: ReadonlyMap<string, Life>,
): Promise<Decision<'wait' | 'end'> | undefined> => {
  const asked = record.cancels && (await ledger.deployment(record.cancels).catch(gone));
  const end = asked ? endingIn(asked) : undefined;
  // One that had not touched the service has left it on what the person wants to go back from.
  if (end?.outcome === 'ROLLED_BACK')
    return skipped(`the deployment that was under way was asked to take the service back, and ended ${end.outcome}: ${end.sentence}`);

  if (!lease || lives.get(lease.execution) !== 'running') return undefined;
  if (record.cancels !== lease.record) {
    const holder = await ledger.deployment(lease.record).catch(gone);
    if (holder?.goal?.kind === 'rollback') return skipped('another rollback of the service is under way');
    await ledger.update(name, { cancels: lease.record });
  }
  if (cancel?.record !== lease.record) {
    const { by, reason } = record.trigger;
    const words = { record: lease.record, ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
    await states.requestCancel(record.service, lease.execution, words);
  }
  return waitSince(record.startedAt, now);
};

/** When the image was pushed, or pushed again while its release was under way: what waits is as young as that. */
const lastPushOf = async (ledger: Deps['ledger'], { trigger, image, pushedAt, startedAt }: DeploymentRecord): Promise<string> => {
  const claimed = image && trigger.kind !== 'hand' ? await ledger.claimed(image.repository, image.digest) : undefined;
  return laterOf(pushedAt ?? startedAt, claimed?.pushedAt);
};

const nameOf = (execution: string): string => execution.split(':').at(-1) ?? '';

/**
 * Whether the holder and the one in line still run; whose record is closed has had its turn. An orphan waits to be
 * adopted, for twenty minutes at most.
 */
const livesOf = async (
  { executions, ledger }: Deps,
  { lease, next }: ServiceState,
  me: string,
  now: string,
): Promise<Map<string, Life>> => {
  const lives = new Map<string, Life>();
  for (const other of new Set([lease?.execution, next?.execution])) {
    if (other === undefined || other === me) continue;
    const name = lease?.execution === other ? lease.record : next?.record;
    const { isRunning, endedAt } = await executions.lifeOf(other);
    const record = name === undefined ? undefined : await ledger.deployment(name).catch(gone);
    const deadFor = endedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(now) - endedAt.getTime();
    if (isRunning) lives.set(other, record?.outcome === undefined ? 'running' : 'ended');
    else if (deadFor < afterlifeMs) lives.set(other, 'ended');
    else lives.set(other, lease?.execution === other && isOrphan(record, deadFor) ? 'orphaned' : 'dead');
  }
  return lives;
};

/** Whoever was not adopted by then is not waited for any longer. */
const adoptionMs = 1_200_000;

/** Has it touched the service without noting how that ended? */
const isOrphan = (record: DeploymentRecord | undefined, deadFor: number): boolean =>
  deadFor < adoptionMs && record?.touched !== undefined && record.outcome === undefined;

export const step = task('AcquireLease', DeploymentInput, (environment) => {
  const table = tableIn(environment);
  return acquireLease({
    executions: new Executions(environment.clients),
    ledger: new Ledger(table),
    states: new ServiceStates(table),
  });
});
export const handler = lambdaHandler(step);
