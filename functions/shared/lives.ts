import type { Executions } from '../../aws/execution.js';
import type { Ledger } from '../../aws/ledger.js';
import { afterlifeMs, type Life } from '../../core/lease.js';
import type { DeploymentRecord, ServiceState } from '../../core/records.js';
import { gone } from './gone.js';

type Deps = { readonly executions: Pick<Executions, 'lifeOf'>; readonly ledger: Pick<Ledger, 'deployment'> };

/**
 * Whether the holder and the one in line still run; whose record is closed has had its turn. An orphan waits to be
 * adopted, for twenty minutes at most.
 */
export const livesOf = async (
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
    if (isRunning) lives.set(other, record?.result === undefined ? 'running' : 'ended');
    else if (deadFor < afterlifeMs) lives.set(other, 'ended');
    else lives.set(other, lease?.execution === other && isOrphan(record, deadFor) ? 'orphaned' : 'dead');
  }
  return lives;
};

/** Whoever was not adopted by then is not waited for any longer. */
const adoptionMs = 1_200_000;

/** Has it touched the service without noting how that ended? */
const isOrphan = (record: DeploymentRecord | undefined, deadFor: number): boolean =>
  deadFor < adoptionMs && record?.touched !== undefined && record.result === undefined;
