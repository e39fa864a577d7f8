import type { RecordRepository } from '../../aws/record-repository.js';
import type { Topic } from '../../aws/topic.js';
import { messageOf } from '../../core/notification/message.js';
import { withinLimit } from '../../core/notification/size-limit.js';
import { subjectOf, textOf } from '../../core/notification/text.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../../core/records/records.js';
import type { Result } from '../../core/result/result.js';
import { readStageResults } from './stage-results.js';

type Deps = { readonly records: Pick<RecordRepository, 'deploymentNamed' | 'update' | 'markDone'>; readonly topic: Pick<Topic, 'publish'> };

/** Who tells what: of a release with all its deployments, of one deployment, or of an execution without a record. */
export type NotificationInput = {
  readonly result: Result;
  /** Whose message it is: one that is told twice has one id. */
  readonly execution: string;
  readonly startedAt: string;
  readonly now: string;
  readonly name: RecordName | '';
  readonly service: string;
  /** Is nothing else owed of the record? */
  readonly isAll: boolean;
  readonly deployment?: DeploymentRecord | undefined;
  readonly release?: ReleaseRecord | undefined;
};

/** One publish to the topic, noted in the record. */
export const publishNotification = async (
  { records, topic }: Deps,
  { result, execution, startedAt, now, name, service, isAll, deployment, release }: NotificationInput,
): Promise<void> => {
  const deployments = deployment ? [deployment] : await recordsOf(records, release);
  const message = withinLimit(messageOf({ result, execution, startedAt, now, release, deployments }));
  await topic.publish({
    subject: subjectOf(message),
    text: textOf(message),
    json: JSON.stringify(message),
    attributes: {
      outcome: result.outcome,
      stage: message.stage,
      service: deployments.length > 0 ? deployments.map((one) => one.service) : [service].filter(Boolean),
    },
  });
  if (name === '') return;
  const note = (): Promise<void> => (isAll ? records.markDone(name, { notifiedAt: now }) : records.update(name, { notifiedAt: now }));
  // Untold, it would be told again: by the sweep, which finds it open.
  await orUndefined(note().catch(note));
};

/** The state of the table must not keep people from hearing what is known. */
export const orUndefined = <T>(read: Promise<T>): Promise<T | undefined> => read.catch(() => undefined);

/** What all deployments of a release have left, as far as it can be read. */
const recordsOf = async (records: Deps['records'], release: ReleaseRecord | undefined): Promise<DeploymentRecord[]> => {
  if (!release) return [];
  const patient: Pick<RecordRepository, 'deploymentNamed'> = {
    deploymentNamed: (...words) => orUndefined(records.deploymentNamed(...words)),
  };
  const found = await Promise.all((release.stages ?? []).map(({ name }) => readStageResults(patient, release, name)));
  return found.flat().flatMap(({ record }) => record ?? []);
};
