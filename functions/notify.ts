import { Ledger } from '../aws/ledger.js';
import { Topic } from '../aws/topic.js';
import { endingOf, isToldByRelease } from '../core/closing.js';
import { NotifyInput } from '../core/contracts.js';
import { variable } from './environment.js';
import { tableIn } from './table.js';
import { lambdaHandler, task } from './task.js';
import { known, tell } from './tell.js';

type Deps = {
  readonly ledger: Pick<Ledger, 'deployment' | 'release' | 'deploymentNamed' | 'update' | 'rest'>;
  readonly topic: Pick<Topic, 'publish'>;
};

/** Task state `Notify` of both machines: one publish to the topic, noted in the record. */
export const notify =
  (deps: Deps) =>
  async ({ service, record, release, ending: found, trouble, execution, startedAt, now }: NotifyInput): Promise<{ told: string }> => {
    const { ledger } = deps;
    const deployment = record === '' ? undefined : await known(ledger.deployment(record));
    const ofRelease = release === '' ? undefined : await known(ledger.release(release));
    const own = record === '' ? ofRelease : deployment;
    // What could not be closed stays open for the sweep.
    const isAll = own?.endedAt !== undefined && !trouble.state.startsWith('Close');
    // A deployment of a release: the release tells, with a line for it, unless it has ended without having waited for it.
    if (record !== '' && release !== '') {
      const isAlone = deployment && ofRelease && !isToldByRelease(ofRelease, { ...deployment, endedAt: deployment.endedAt ?? now });
      if (!isAlone) {
        if (isAll) await ledger.rest(record);
        return { told: 'by its release' };
      }
    }
    if (own?.told !== undefined) {
      if (isAll) await ledger.rest(record || release);
      return { told: 'before' };
    }

    const ending = endingOf(found, trouble, deployment ?? { touched: ofRelease?.stage });
    await tell(deps, {
      ...{ ending, execution, startedAt, now, service, isAll, deployment },
      release: record === '' ? ofRelease : undefined,
      name: record || release,
    });
    return { told: 'now' };
  };

export const step = task('Notify', NotifyInput, (environment) =>
  notify({
    ledger: new Ledger(tableIn(environment)),
    topic: new Topic(environment.clients, variable(environment, 'TOPIC_ARN')),
  }),
);
export const handler = lambdaHandler(step);
