import type { Executions } from '../../aws/execution.js';
import type { Gates } from '../../aws/gates.js';
import type { PendingRecords } from '../../aws/pending-records.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { TaskTokens } from '../../aws/task-tokens.js';
import type { Topic } from '../../aws/topic.js';
import type { WatchItems } from '../../aws/watch-items.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { type ExecutionState, staleClaimCutoff } from '../../core/housekeeping/sweep.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { Result } from '../../core/result/result.js';
import { orUndefined } from './publish-notification.js';

export type Deps = {
  readonly configuration: Configuration;
  /** ARN of the release machine. */
  readonly machine: string;
  readonly executions: Pick<Executions, 'describe' | 'start'>;
  readonly records: Pick<
    RecordRepository,
    'release' | 'deployment' | 'deploymentNamed' | 'update' | 'close' | 'failStage' | 'claimed' | 'markDone' | 'releaseClaim'
  >;
  readonly states: Pick<ServiceStateRepository, 'of' | 'leave' | 'unhold' | 'requestCancel'>;
  readonly watch: Pick<WatchItems, 'close' | 'addNews'>;
  readonly gates: Pick<Gates, 'leave'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
  readonly pendingRecords: Pick<PendingRecords, 'names' | 'read' | 'claimForSweep' | 'unclaim'>;
  readonly topic: Pick<Topic, 'publish' | 'arn'>;
};

/** A pending record whose execution has ended. `now` is ISO 8601. */
export type Abandoned<Record> = {
  readonly name: RecordName;
  readonly record: Record;
  readonly execution: ExecutionState;
  readonly now: string;
};

/** What the sweep did with a record, for the log. */
export type SweepResult = { readonly did: 'closed' | 'resumed' | 'left' | 'nothing' | 'failed'; readonly why: string };

export const closed = ({ outcome, reason, message }: Result): SweepResult => ({ did: 'closed', why: `${outcome} ${reason}: ${message}` });

/** Lets one of several sweeps work on a record. If it fails, the next sweep may take the record at once. */
export const withClaim = async (
  { pendingRecords }: Pick<Deps, 'pendingRecords'>,
  { name, now }: Pick<Abandoned<unknown>, 'name' | 'now'>,
  finalize: () => Promise<SweepResult>,
): Promise<SweepResult> => {
  if (!(await pendingRecords.claimForSweep(name, now, staleClaimCutoff(now)))) return { did: 'nothing', why: 'another sweep has it' };
  try {
    return await finalize();
  } catch (error) {
    await orUndefined(pendingRecords.unclaim(name, now));
    throw error;
  }
};
