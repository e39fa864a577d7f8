import { RecordRepository } from '../../aws/record-repository.js';
import { ServiceStates } from '../../aws/service-states.js';
import { Topic } from '../../aws/topic.js';
import { isReported } from '../../core/notification/is-reported.js';
import { kindOfRecord, type RecordName, recordOfExecution } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../../core/records/records.js';
import { finalResult } from '../../core/result/final-result.js';
import type { Result } from '../../core/result/result.js';
import { NotifyInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { variable } from '../runtime/environment.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { ignoreMissingRecord } from '../shared/ignore-missing-record.js';
import { orUndefined, publishNotification } from '../shared/publish-notification.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'deployment' | 'release' | 'deploymentNamed' | 'update' | 'markDone'>;
  readonly states: Pick<ServiceStates, 'of'>;
  readonly topic: Pick<Topic, 'publish'>;
};

/** Task state `Notify` of both machines: publishes one message to the topic, if there is one, and notes in the record that it did. */
export const notify =
  (deps: Deps) =>
  async (input: NotifyInput): Promise<{ isPublished: boolean; result: Result }> => {
    const { service, repository, result: found, caught, isClosed, execution, startedAt, now } = input;
    const { records } = deps;
    const record = recordOfExecution(input);
    // One that cannot be read may be there all the same.
    const read = record === '' ? {} : await orUndefined(opened(records, record));
    const { deployment, release }: Opened = read ?? {};
    const own = deployment ?? release;
    const name = read === undefined || own ? record : '';
    const result = own?.result ?? finalResult(found, caught, deployment ?? { updateRequestedAt: release?.stage });
    // What could not be closed remains pending for the sweep.
    const isDone = own?.endedAt !== undefined && isClosed;
    if (own?.notifiedAt === undefined && isReported(result, own?.trigger)) {
      await publishNotification(deps, { result, execution, startedAt, now, service, repository, isAll: isDone, deployment, release, name });
      return { isPublished: true, result };
    }
    if (isDone) await records.markDone(name);
    return { isPublished: false, result };
  };

type Opened = { readonly deployment?: DeploymentRecord | undefined; readonly release?: ReleaseRecord | undefined };

/** The record under its kind; neither if none was opened. */
const opened = async (records: Deps['records'], name: RecordName): Promise<Opened> =>
  kindOfRecord(name) === 'release'
    ? { release: await records.release(name).catch(ignoreMissingRecord) }
    : { deployment: await records.deployment(name).catch(ignoreMissingRecord) };

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
      states: new ServiceStates(tableIn(environment)),
      topic: new Topic(environment.clients, variable(environment, 'TOPIC_ARN')),
    }),
});
