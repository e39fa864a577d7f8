import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { Topic } from '../../aws/topic.js';
import { hasEnded } from '../../core/lease/lease.js';
import type { Hold } from '../../core/records/records.js';
import * as messages from '../../core/result/messages.js';
import { resultOf } from '../../core/result/result.js';
import type { SweepResult } from './abandoned-record.js';
import { reportCommand } from './report-command.js';
import { startWithheld, type WithheldDeps } from './start-withheld.js';

type Deps = WithheldDeps & {
  readonly states: Pick<ServiceStateRepository, 'of' | 'unhold'>;
  readonly topic: Pick<Topic, 'publish' | 'arn'>;
};

type Expired = Hold & { readonly until: string };

/** The hold of a service, if it was set until a time that has passed. `now` is ISO 8601. */
export const readExpiredHold = async ({ states }: Pick<Deps, 'states'>, service: string, now: string): Promise<Expired | undefined> => {
  const { hold } = await states.of(service);
  return hold?.until !== undefined && hasEnded(hold, now) ? { ...hold, until: hold.until } : undefined;
};

/**
 * Ends an expired hold: starts what it kept back, reports that, and removes it. A second run starts the same executions, and may
 * report it twice. A deployment that was to ask for the lease before the end may save what the hold keeps back until the hold is
 * removed, so that is looked for once more.
 * @throws Error if something could not be started: the hold stays for the next sweep
 */
export const endExpiredHold = async (deps: Deps, service: string, hold: Expired, now: string): Promise<SweepResult> => {
  const { until } = hold;
  const { started, failed } = await startWithheld(deps, service, { until });
  if (failed[0]) throw failed[0];
  const result = resultOf('SUCCEEDED', 'UNHELD', messages.holdEnded(service, until, started.length));
  await reportCommand(deps, { command: 'unhold', service, trigger: { kind: 'releasedHold', hold, until }, result, now });
  await deps.states.unhold(service, hold.at);
  await startWithheld(deps, service, { until });
  return { did: 'closed', why: result.message };
};
