import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStates } from '../../aws/service-states.js';
import type { Topic } from '../../aws/topic.js';
import { isQuiet } from '../../core/notification/is-reported.js';
import { type NotificationInput as MessageInput, messageOf } from '../../core/notification/message.js';
import { servicesNamed, withinLimit } from '../../core/notification/size-limit.js';
import { subjectOf, textOf } from '../../core/notification/text.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../../core/records/records.js';
import type { Result } from '../../core/result/result.js';
import { isQuarantined } from '../../core/rollout/quarantine.js';
import { type Found, readResults, readStageResults } from './stage-results.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'deploymentNamed' | 'update' | 'markDone'>;
  readonly states: Pick<ServiceStates, 'of'>;
  readonly topic: Pick<Topic, 'publish'>;
};

type Records = Pick<MessageInput, 'deployments' | 'beforeTasks' | 'undos'>;

/** A release with all its deployments, one deployment, or an execution without a record. */
export type NotificationInput = {
  readonly result: Result;
  /** ARN: the id of the message, the same if it is published twice. */
  readonly execution: string;
  readonly startedAt: string;
  readonly now: string;
  readonly name: RecordName | '';
  readonly service: string;
  /** What the input names; empty if nothing. */
  readonly repository?: string;
  /** Is nothing else of the record outstanding? */
  readonly isAll: boolean;
  readonly deployment?: DeploymentRecord | undefined;
  readonly release?: ReleaseRecord | undefined;
};

/** Publishes one message to the topic, and notes in the record that it did. */
export const publishNotification = async (
  { records, states, topic }: Deps,
  { result, execution, startedAt, now, name, service, repository, isAll, deployment, release }: NotificationInput,
): Promise<void> => {
  const all: Records = deployment ? { deployments: [deployment] } : await recordsOf(records, release);
  const quarantined = await quarantinedOn(states, [...all.deployments, ...(all.beforeTasks ?? [])]);
  const message = withinLimit(messageOf({ result, execution, startedAt, now, release, repository, quarantined, ...all }));
  const services = servicesNamed(message);
  await topic.publish({
    subject: subjectOf(message),
    text: textOf(message),
    json: JSON.stringify(message),
    attributes: {
      outcome: result.outcome,
      stage: message.stage,
      service: services.length > 0 ? services : [service].filter(Boolean),
      quiet: isQuiet(result, release),
    },
  });
  if (name === '') return;
  const note = (): Promise<void> => (isAll ? records.markDone(name, { notifiedAt: now }) : records.update(name, { notifiedAt: now }));
  // Without this note the sweep would report it again.
  await orUndefined(note().catch(note));
};

const mayQuarantine = ({ outcome, reason }: Result): boolean =>
  outcome === 'ROLLED_BACK' || outcome === 'ROLLBACK_FAILED' || reason === 'BEFORE_TASK';

/** The services on which the image failed, and that have it in quarantine now, as far as they can be read. */
const quarantinedOn = async (states: Deps['states'], deployments: readonly DeploymentRecord[]): Promise<string[]> => {
  const failed = deployments.filter(({ result }) => result && mayQuarantine(result));
  const found = failed.map(async ({ service, image }) => {
    const state = await orUndefined(states.of(service));
    return state && isQuarantined(state, image?.digest) ? [service] : [];
  });
  return (await Promise.all(found)).flat();
};

/** Undefined if the read fails: a message is published with what is known. */
export const orUndefined = <T>(read: Promise<T>): Promise<T | undefined> => read.catch(() => undefined);

/** The records of all deployments of a release, of its before tasks, and of what undid them, as far as they can be read. */
const recordsOf = async (records: Deps['records'], release: ReleaseRecord | undefined): Promise<Records> => {
  if (!release) return { deployments: [] };
  const patient: Pick<RecordRepository, 'deploymentNamed'> = {
    deploymentNamed: (...words) => orUndefined(records.deploymentNamed(...words)),
  };
  const { stages = [], startedAt } = release;
  const found = await Promise.all(stages.map(({ name }) => readStageResults(patient, release, name)));
  const before = await readResults(
    patient,
    stages.flatMap((stage) => stage.before ?? []),
    startedAt,
  );
  const undos = (release.rollback?.deployments ?? []).map(async (undo) => ({
    ...undo,
    record: await patient.deploymentNamed(undo.service, undo.name, startedAt),
  }));
  const recorded = (all: readonly Found[]) => all.flatMap(({ record }) => record ?? []);
  return { deployments: recorded(found.flat()), beforeTasks: recorded(before), undos: await Promise.all(undos) };
};
