import { Executions } from '../../aws/execution.js';
import { Gates } from '../../aws/gates.js';
import { PendingRecords } from '../../aws/pending-records.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { TaskTokens } from '../../aws/task-tokens.js';
import { Topic } from '../../aws/topic.js';
import { WatchItems } from '../../aws/watch-items.js';
import { isOver, parsePendingRecord } from '../../core/housekeeping/sweep.js';
import { kindOfRecord, type RecordName, serviceOfState } from '../../core/records/record-name.js';
import { EventInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { variable } from '../runtime/environment.js';
import { batchError, mapInBatches } from '../runtime/map-in-batches.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { type Deps, type SweepResult, withClaim } from '../shared/abandoned-record.js';
import { endExpiredHold, readExpiredHold } from '../shared/end-expired-hold.js';
import { finalizeAbandonedDeployment } from '../shared/finalize-abandoned-deployment.js';
import { finalizeAbandonedRelease } from '../shared/finalize-abandoned-release.js';

type Swept = { readonly record: RecordName } & SweepResult;

/** Function `sweep`: resumes or finalizes every pending record whose execution has ended, and ends holds whose time has passed. */
export const sweep =
  (deps: Deps) =>
  async ({ time }: EventInput): Promise<{ readonly pending: number; readonly swept: readonly Swept[] }> => {
    const now = new Date(time).toISOString();
    const names = await deps.pendingRecords.names();
    const one = async (record: RecordName): Promise<Swept> => ({ record, ...(await sweepOne(deps, record, now)) });
    const failed = (record: RecordName, error: Error): Swept => ({ record, did: 'failed', why: `${error.name}: ${error.message}` });
    const isRelease = (name: RecordName): boolean => kindOfRecord(name) === 'release';
    const deployments = await mapInBatches(
      names.filter((name) => !isRelease(name)),
      one,
      failed,
    );
    // Then the releases, whose results follow from their deployments'.
    const swept = [...deployments, ...(await mapInBatches(names.filter(isRelease), one, failed))].filter(({ did }) => did !== 'nothing');
    const failures = swept.filter(({ did }) => did === 'failed');
    // Lambda counts it, logs it and retries in a minute; the other records are swept.
    if (failures.length > 0) throw batchError(failures, names, 'open records could not be swept', swept);
    return { pending: names.length, swept };
  };

const sweepOne = async (deps: Deps, name: RecordName, now: string): Promise<SweepResult> => {
  const held = serviceOfState(name);
  if (held !== undefined) {
    const expired = await readExpiredHold(deps, held, now);
    // Claimed only then: a claim of a moment before would keep the next sweep out.
    if (!expired) return { did: 'nothing', why: 'the hold has not ended' };
    return withClaim(deps, { name, now }, () => endExpiredHold(deps, held, expired, now));
  }
  const pending = parsePendingRecord(name, await deps.pendingRecords.read(name));
  if (pending.kind === 'closed') return { did: 'nothing', why: 'closed' };
  if (pending.kind === 'unreadable') return { did: 'left', why: pending.why };
  const execution = await deps.executions.describe(pending.record.execution);
  // An event comes at once, while the last Lambda may still act: the schedule finds the record again.
  if (!isOver(execution, now)) return { did: 'nothing', why: 'not over' };
  return pending.kind === 'release'
    ? finalizeAbandonedRelease(deps, { name, record: pending.record, execution, now })
    : finalizeAbandonedDeployment(deps, { name, record: pending.record, execution, now });
};

export const { step, handler } = defineStep({
  name: 'Sweep',
  input: EventInput,
  permissions: atPackaging([
    {
      allow: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      on: 'tableAndIndex',
      for: 'open records: closing them, releasing leases and claims',
    },
    { allow: ['states:SendTaskFailure'], on: 'anyTask', for: 'waking the deployment whose turn it is, and the others of a failed stage' },
    { allow: ['states:DescribeExecution'], on: 'executions', for: 'whether their executions still run' },
    { allow: ['states:StartExecution'], on: 'deploymentMachine', for: 'resuming a deployment whose execution ended early' },
    { allow: ['states:StartExecution'], on: 'releaseMachine', for: 'what a hold kept back whose time has passed' },
    { allow: ['sns:Publish'], on: 'topic', for: 'the message' },
    { allow: ['sqs:SendMessage'], on: 'deadLetterQueue', for: 'Lambda keeps the events there that the function failed on' },
  ]),
  run: (environment) => {
    const table = tableIn(environment);
    return sweep({
      configuration: environment.configuration,
      machine: variable(environment, 'RELEASE_MACHINE_ARN'),
      executions: new Executions(environment.clients),
      records: new RecordRepository(table),
      states: new ServiceStateRepository(table),
      watch: new WatchItems(table),
      gates: new Gates(table),
      tokens: new TaskTokens(environment.clients),
      pendingRecords: new PendingRecords(table),
      topic: new Topic(environment.clients, variable(environment, 'TOPIC_ARN')),
    });
  },
});
