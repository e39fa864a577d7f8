import { isOver, machineOf, resumptions, terminationReason } from '../../core/housekeeping/sweep.js';
import type { DeploymentRecord } from '../../core/records/records.js';
import type { Abandoned, Deps, SweepResult } from './abandoned-record.js';

/**
 * Has a new execution watch the rollout that an ended one began; the next one if that ended, too, before it began.
 * Undefined if no other may be started.
 */
export const resumeDeployment = async (
  { executions, records }: Pick<Deps, 'executions' | 'records'>,
  { name, record, execution, now }: Abandoned<DeploymentRecord>,
): Promise<SweepResult | undefined> => {
  await records.update(name, { interruption: terminationReason(execution) });
  for (const resumption of resumptions(name, record)) {
    const started = await executions.start(machineOf(record.execution), resumption, { resume: name });
    if (!started.isOver) return { did: 'resumed', why: resumption };
    if (!isOver(await executions.describe(started.execution), now))
      return { did: 'nothing', why: 'the execution that resumes it has just ended' };
  }
  return undefined;
};
