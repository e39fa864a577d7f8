import { RecordRepository } from '../../aws/record-repository.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { TaskTokens } from '../../aws/task-tokens.js';
import { WatchItems } from '../../aws/watch-items.js';
import { type RecordName, recordOfExecution } from '../../core/records/record-name.js';
import { reachedResult } from '../../core/records/records.js';
import { finalResult, resultWithContext } from '../../core/result/final-result.js';
import type { Result } from '../../core/result/result.js';
import { CloseDeploymentInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { failStage, stopStage } from '../shared/fail-stage.js';
import { finalizeDeployment } from '../shared/finalize-deployment.js';
import { ignoreMissingRecord } from '../shared/ignore-missing-record.js';
import { notificationOwner } from '../shared/notification-owner.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'deployment' | 'release' | 'close' | 'failStage' | 'claimed' | 'markDone'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'leave' | 'requestCancel'>;
  readonly watch: Pick<WatchItems, 'close' | 'addNews'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
};

/** What the deployment machine does next: report the result, or end, because its release reports it. */
type Closed = { readonly action: 'notify' | 'finish'; readonly result: Result };

/**
 * Task state `CloseDeployment`: closes the record, then releases the lease and saves the new service state. A failure stops the stage of
 * its release.
 */
export const closeDeployment =
  (deps: Deps) =>
  async (input: CloseDeploymentInput): Promise<Closed> => {
    const { records } = deps;
    const { result: found, caught, resumes, now } = input;
    const isNotResumed = resumes !== '' && input.record === '';
    const toResume = isNotResumed ? await records.deployment(resumes).catch(ignoreMissingRecord) : undefined;
    // Still pending: the sweep starts another execution for it, or reports it.
    if (toResume) return { action: 'finish', result: finalResult(found, caught, toResume) };
    const name = isNotResumed ? '' : recordOfExecution(input);
    const record = name === '' ? undefined : await records.deployment(name).catch(ignoreMissingRecord);
    // Another execution has resumed it, and closes it.
    if (record && record.execution !== input.execution) return { action: 'finish', result: found };
    // Closed before: an earlier run may have failed before it released the lease.
    const ended = finalResult(found, caught, record);
    const result = record ? (reachedResult(record) ?? resultWithContext(ended, record)) : ended;
    if (record) await finalizeDeployment(deps, { name, record, result, now });
    else await failStageWithoutRecord(deps, { ...input, name, result });
    const owner = await notificationOwner(records, input, record && { ...record, endedAt: record.endedAt ?? now });
    if (owner === 'SELF') return { action: 'notify', result };
    if (record) await records.markDone(name);
    return { action: 'finish', result };
  };

/** A deployment that failed before it opened a record has failed its stage all the same. */
const failStageWithoutRecord = async (
  deps: Deps,
  { now, ...ended }: Pick<CloseDeploymentInput, 'release' | 'service' | 'now'> & { readonly name: RecordName; readonly result: Result },
): Promise<void> => {
  const failed = await failStage(deps, { ...ended, endedAt: now });
  if (failed) await stopStage(deps, failed);
};

export const { step, handler } = defineStep({
  name: 'CloseDeployment',
  input: CloseDeploymentInput,
  permissions: atPackaging([
    {
      allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      on: 'table',
      for: 'closing the record, releasing the lease, saving known good and quarantine, whether its release reports it; the failure of its stage, and cancel requests to the others of the stage',
    },
    { allow: ['states:SendTaskFailure'], on: 'anyTask', for: 'waking the deployment whose turn it is, and the others of a failed stage' },
  ]),
  onFailure: atPackaging('the result is reported all the same; the record stays open, and the sweep closes it and releases the lease'),
  onRepeat: atPackaging('answers the result that the record was closed with; releases the lease if it was not'),
  run: (environment) => {
    const table = tableIn(environment);
    return closeDeployment({
      records: new RecordRepository(table),
      states: new ServiceStateRepository(table),
      watch: new WatchItems(table),
      tokens: new TaskTokens(environment.clients),
    });
  },
});
