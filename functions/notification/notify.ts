import { RecordRepository } from '../../aws/record-repository.js';
import { Topic } from '../../aws/topic.js';
import type { DeploymentRecord, RecordName } from '../../core/records/records.js';
import { finalResult, isReportedByRelease } from '../../core/result/final-result.js';
import type { Result } from '../../core/result/result.js';
import { NotifyInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { variable } from '../runtime/environment.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { ignoreMissingRecord } from '../shared/ignore-missing-record.js';
import { notify_, orUndefined } from '../shared/publish-notification.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'deployment' | 'release' | 'deploymentNamed' | 'update' | 'markDone'>;
  readonly topic: Pick<Topic, 'publish'>;
};

/** Task state `Notify` of both machines: one publish to the topic, noted in the record. */
export const notify =
  (deps: Deps) =>
  async (input: NotifyInput): Promise<{ notifiedAt: string; result: Result }> => {
    const { service, record, result: found, caught, isClosed, execution, startedAt, now } = input;
    const { records } = deps;
    const isRelease = record.startsWith('repository#');
    const release = isRelease ? await orUndefined(records.release(record)) : undefined;
    const read = isRelease || record === '' ? { deployment: undefined } : await orUndefined(opened(records, record));
    const deployment = read?.deployment;
    // One that cannot be read may be there all the same.
    const isOpened = isRelease || read === undefined || deployment !== undefined;
    const own = release ?? deployment;
    // What could not be closed stays open for the sweep.
    const isAll = own?.endedAt !== undefined && isClosed;
    const result = own?.result ?? finalResult(found, caught, deployment ?? { updateRequestedAt: release?.stage });

    const teller = own?.notifiedAt === undefined ? await otherTeller(records, input, isOpened, deployment) : 'before';
    const name = isOpened ? record : '';
    if (teller === undefined) await notify_(deps, { result, execution, startedAt, now, service, isAll, deployment, release, name });
    else if (isAll) await records.markDone(record);
    return { notifiedAt: teller ?? 'now', result };
  };

/** The machine knows the name of a record before it is opened. */
const opened = async (records: Deps['records'], name: RecordName) => ({
  deployment: await records.deployment(name).catch(ignoreMissingRecord),
});

/** Who tells in place of this execution; undefined where it tells itself. */
const otherTeller = async (
  records: Deps['records'],
  { release, resumes, now }: NotifyInput,
  isOpened: boolean,
  deployment: DeploymentRecord | undefined,
): Promise<string | undefined> => {
  // It could not even begin: the record that it was to resume is open still, and the sweep finds another resuming execution.
  if (!isOpened && resumes !== '') return (await orUndefined(records.deployment(resumes))) && 'by who resumes it next';
  if (release === '') return undefined;
  const itsRelease = await orUndefined(records.release(release));
  if (!itsRelease) return isOpened ? 'by its release' : undefined;
  // The release tells, with a line for it, unless it has ended without having waited for it.
  const end = { updateRequestedAt: deployment?.updateRequestedAt, endedAt: deployment?.endedAt ?? now };
  const isAlone = (!isOpened || deployment) && !isReportedByRelease(itsRelease, end);
  return isAlone ? undefined : 'by its release';
};

export const { step, handler } = defineStep({
  name: 'Notify',
  input: NotifyInput,
  permissions: atPackaging([
    { allow: ['sns:Publish'], on: 'topic', for: 'the message' },
    {
      allow: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      on: 'table',
      for: 'the content of the message; that it was sent',
    },
  ]),
  onFailure: atPackaging('the execution ends as it would have; the record stays open, and the sweep reports it'),
  onRepeat: atPackaging(
    'nothing, if the record says that it was reported. After a failure between publishing and saving that: a second message with the same id',
  ),
  run: (environment) =>
    notify({
      records: new RecordRepository(tableIn(environment)),
      topic: new Topic(environment.clients, variable(environment, 'TOPIC_ARN')),
    }),
});
