import { Ledger } from '../aws/ledger.js';
import { Topic } from '../aws/topic.js';
import { endingOf } from '../core/closing.js';
import { NotifyInput } from '../core/contracts.js';
import { messageOf } from '../core/message.js';
import { withinLimit } from '../core/message-size.js';
import { subjectOf, textOf } from '../core/message-text.js';
import type { DeploymentRecord, ReleaseRecord } from '../core/records.js';
import { variable } from './environment.js';
import { lambdaHandler, task } from './task.js';

type Deps = {
  readonly ledger: Pick<Ledger, 'deployment' | 'release' | 'deploymentNamed' | 'update'>;
  readonly topic: Pick<Topic, 'publish'>;
};

/** Task state `Notify` of both machines: one publish to the topic, noted in the record. */
export const notify =
  ({ ledger, topic }: Deps) =>
  async ({ service, record, release, ending: found, trouble, execution, startedAt, now }: NotifyInput): Promise<{ told: string }> => {
    // A deployment of a release: the release tells, with a line for it.
    if (record !== '' && release !== '') return { told: 'by its release' };

    // The state of the table must not keep people from hearing what is known.
    const deployment = record === '' ? undefined : await known(ledger.deployment(record));
    const ofRelease = release === '' ? undefined : await known(ledger.release(release));
    if ((deployment ?? ofRelease)?.told !== undefined) return { told: 'before' };

    const deployments = deployment ? [deployment] : await deploymentsOf(ledger, ofRelease);
    const ending = endingOf(found, trouble, deployment ?? { touched: ofRelease?.stage });
    const message = withinLimit(messageOf({ ending, execution, startedAt, now, release: ofRelease, deployments }));
    await topic.publish({
      subject: subjectOf(message),
      text: textOf(message),
      json: JSON.stringify(message),
      attributes: {
        outcome: ending.outcome,
        stage: message.stage,
        service: deployments.length > 0 ? deployments.map((one) => one.service) : [service].filter(Boolean),
      },
    });
    const name = record || release;
    if (name !== '') await known(ledger.update(name, { told: now }));
    return { told: 'now' };
  };

const known = <T>(read: Promise<T>): Promise<T | undefined> => read.catch(() => undefined);

const deploymentsOf = async (ledger: Deps['ledger'], release: ReleaseRecord | undefined): Promise<DeploymentRecord[]> => {
  if (!release) return [];
  const all = (release.stages ?? []).flatMap(({ deployments }) => deployments);
  const found = await Promise.all(all.map(({ service, name }) => known(ledger.deploymentNamed(service, name, release.startedAt))));
  return found.filter((one) => one !== undefined);
};

export const step = task('Notify', NotifyInput, (environment) =>
  notify({
    ledger: new Ledger(environment.clients, variable(environment, 'TABLE_NAME')),
    topic: new Topic(environment.clients, variable(environment, 'TOPIC_ARN')),
  }),
);
export const handler = lambdaHandler(step);
