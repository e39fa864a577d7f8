import { Ledger } from '../aws/ledger.js';
import { Topic } from '../aws/topic.js';
import { endingIn, endingOf, isToldByRelease } from '../core/closing.js';
import { NotifyInput } from '../core/contracts.js';
import type { Ending } from '../core/outcome.js';
import { known, tell } from './parts/tell.js';
import { variable } from './runtime/environment.js';
import { tableIn } from './runtime/table.js';
import { lambdaHandler, task } from './runtime/task.js';

type Deps = {
  readonly ledger: Pick<Ledger, 'deployment' | 'release' | 'deploymentNamed' | 'update' | 'rest'>;
  readonly topic: Pick<Topic, 'publish'>;
};

/** Task state `Notify` of both machines: one publish to the topic, noted in the record. */
export const notify =
  (deps: Deps) =>
  async (input: NotifyInput): Promise<{ told: string; ending: Ending }> => {
    const { service, record, release, ending: found, trouble, isClosed, execution, startedAt, now } = input;
    const { ledger } = deps;
    const deployment = record === '' ? undefined : await known(ledger.deployment(record));
    const ofRelease = release === '' ? undefined : await known(ledger.release(release));
    const own = record === '' ? ofRelease : deployment;
    // What could not be closed stays open for the sweep.
    const isAll = own?.endedAt !== undefined && isClosed;
    const ending = (own && endingIn(own)) ?? endingOf(found, trouble, deployment ?? { touched: ofRelease?.stage });
    // A deployment of a release: the release tells, with a line for it, unless it has ended without having waited for it.
    if (record !== '' && release !== '') {
      const isAlone = deployment && ofRelease && !isToldByRelease(ofRelease, { ...deployment, endedAt: deployment.endedAt ?? now });
      if (!isAlone) {
        if (isAll) await ledger.rest(record);
        return { told: 'by its release', ending };
      }
    }
    if (own?.told !== undefined) {
      if (isAll) await ledger.rest(record || release);
      return { told: 'before', ending };
    }

    await tell(deps, {
      ...{ ending, execution, startedAt, now, service, isAll, deployment },
      release: record === '' ? ofRelease : undefined,
      name: record || release,
    });
    return { told: 'now', ending };
  };

export const step = task('Notify', NotifyInput, (environment) =>
  notify({
    ledger: new Ledger(tableIn(environment)),
    topic: new Topic(environment.clients, variable(environment, 'TOPIC_ARN')),
  }),
);
export const handler = lambdaHandler(step);
