import { Executions } from '../aws/execution.js';
import { Ledger } from '../aws/ledger.js';
import { isNamed } from '../aws/trouble.js';
import { type Decision, DeploymentInput, unfinished } from '../core/contracts.js';
import { learnedFrom } from '../core/learned.js';
import { afterlifeMs, type Life, moveOf, refusalOf } from '../core/lease.js';
import type { Ending } from '../core/outcome.js';
import { rankOf } from '../core/rank.js';
import type { DeploymentRecord, RecordName, ServiceState } from '../core/records.js';
import { variable } from './environment.js';
import { lambdaHandler, task } from './task.js';

type Deps = {
  readonly executions: Pick<Executions, 'lifeOf'>;
  readonly ledger: Pick<Ledger, 'deployment' | 'serviceState' | 'takeLease' | 'takePlace' | 'settle' | 'requestCancel'>;
};

/** Seconds between two looks at whether it is one's turn. */
const patience = 15;

const wait: Decision<'wait'> = { next: 'wait', waitSeconds: patience, ending: unfinished };
const skipped = (sentence: string): Decision<'end'> => ({ next: 'end', waitSeconds: 0, ending: ended(sentence) });
const ended = (sentence: string): Ending => ({ outcome: 'SKIPPED', cause: '', sentence });

/** Task state `AcquireLease`: the right to deploy the service now, or the one place in line, or the reason why neither. */
export const acquireLease =
  (deps: Deps) =>
  async ({ service, record: name, now }: DeploymentInput): Promise<Decision<'go' | 'wait' | 'end'>> => {
    const { ledger } = deps;
    // The item before the record: what was closed since is seen, and a late second run neither takes nor queues again.
    const state = await ledger.serviceState(service);
    const record = await ledger.deployment(name);
    if (record.outcome !== undefined) return skipped('it has ended already');
    const { execution } = record;
    const rank = rankOf(record);
    const lives = await livesOf(deps, state, execution, now);
    const move = moveOf(state, { execution, rank }, (other) => lives.get(other) ?? 'dead');

    if (record.goal?.kind === 'rollback' && isHeldByAnother(state, execution, lives)) return cancel(deps, service, state, record);
    if (move.move === 'yield') return skipped(`${nameOf(move.to)} goes first: it is newer, or was started by hand`);
    if (move.move === 'wait') return wait;
    // Run again after its answer was lost: a second write would take away a cancellation that came meanwhile.
    if (state.lease?.execution === execution) return holder(deps, state, record, name);
    const seen = { fence: state.fence, ...(move.instead !== undefined && { instead: move.instead }) };
    if (move.move === 'queue') {
      await ledger.takePlace(service, { execution, rank }, seen);
      return wait;
    }
    if (move.over !== undefined) await finishFor(deps, service, state, now);
    const over = move.over === undefined ? {} : { over: move.over };
    const taken = await ledger.takeLease(service, { execution, record: name, since: now, rank }, { ...seen, ...over });
    return taken ? holder(deps, taken, record, name) : wait;
  };

/** A holder that died between closing its record and giving the lease back: what it had learned is kept for it. */
const finishFor = async ({ ledger }: Deps, service: string, state: ServiceState, now: string): Promise<void> => {
  if (!state.lease) return;
  const dead = await ledger.deployment(state.lease.record).catch(gone);
  if (dead?.outcome === undefined) return;
  const ending: Ending = { outcome: dead.outcome, cause: dead.cause ?? '', sentence: dead.sentence ?? '' };
  await ledger.settle(service, state.lease.execution, learnedFrom(dead, ending, state, dead.endedAt ?? now));
};

/** What the holder of a lease may do with it, from the item as it was when he took it. */
const holder = async (
  { ledger }: Deps,
  state: ServiceState,
  record: DeploymentRecord,
  name: RecordName,
): Promise<Decision<'go' | 'end'>> => {
  const { hold } = await ledger.serviceState('*');
  const refusal = refusalOf(state, hold, {
    isByHand: record.trigger.kind === 'hand',
    isForced: record.force ?? false,
    digest: record.image?.digest ?? '',
    pushedAt: record.pushedAt ?? record.startedAt,
    record: name,
  });
  return refusal === undefined ? { next: 'go', waitSeconds: 0, ending: unfinished } : skipped(refusal);
};

const isHeldByAnother = ({ lease }: ServiceState, execution: string, lives: ReadonlyMap<string, Life>): boolean =>
  lease !== undefined && lease.execution !== execution && lives.get(lease.execution) === 'running';

/** A person's rollback does not wait behind the deployment that he wants to end. */
const cancel = async (
  { ledger }: Deps,
  service: string,
  { lease }: ServiceState,
  { trigger }: DeploymentRecord,
): Promise<Decision<'wait' | 'end'>> => {
  if (!lease) return wait;
  const { by, reason } = trigger;
  const words = { record: lease.record, ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
  const isAsked = await ledger.requestCancel(service, lease.execution, words);
  return isAsked ? skipped('the deployment that is under way was asked to take the service back: it tells how that ends') : wait;
};

const nameOf = (execution: string): string => execution.split(':').at(-1) ?? '';

/** Whether the holder and the one in line still run; an orphan waits to be adopted, for twenty minutes at most. */
const livesOf = async (
  { executions, ledger }: Deps,
  { lease, next }: ServiceState,
  me: string,
  now: string,
): Promise<Map<string, Life>> => {
  const lives = new Map<string, Life>();
  for (const other of new Set([lease?.execution, next?.execution])) {
    if (other === undefined || other === me) continue;
    const { isRunning, endedAt } = await executions.lifeOf(other);
    const deadFor = endedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(now) - endedAt.getTime();
    const isOrphan = lease?.execution === other && !isRunning && deadFor < adoptionMs && (await isUnfinished(ledger, lease.record));
    lives.set(other, isRunning ? 'running' : deadFor < afterlifeMs ? 'ended' : isOrphan ? 'orphaned' : 'dead');
  }
  return lives;
};

/** Whoever was not adopted by then is not waited for any longer. */
const adoptionMs = 1_200_000;

/** Has it touched the service without noting how that ended? */
const isUnfinished = async (ledger: Deps['ledger'], record: RecordName): Promise<boolean> => {
  const found = await ledger.deployment(record).catch(gone);
  return found?.touched !== undefined && found.outcome === undefined;
};

/** A record that expired says nothing more; one that could not be read does. */
const gone = (error: unknown): undefined => {
  if (isNamed(error, 'NoSuchRecord')) return undefined;
  throw error;
};

export const step = task('AcquireLease', DeploymentInput, (environment) =>
  acquireLease({
    executions: new Executions(environment.clients),
    ledger: new Ledger(environment.clients, variable(environment, 'TABLE_NAME')),
  }),
);
export const handler = lambdaHandler(step);
