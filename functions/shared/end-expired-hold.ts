import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { Topic } from '../../aws/topic.js';
import { hasEnded } from '../../core/lease/lease.js';
import * as messages from '../../core/result/messages.js';
import { resultOf } from '../../core/result/result.js';
import type { SweepResult } from './abandoned-record.js';
import { reportCommand } from './report-command.js';
import { startWithheld, type WithheldDeps } from './start-withheld.js';

type Deps = WithheldDeps & {
  readonly states: Pick<ServiceStateRepository, 'of' | 'unhold'>;
  readonly topic: Pick<Topic, 'publish' | 'arn'>;
};

/**
 * Ends a hold that was set until a time that has passed: starts what it kept back, reports that, and removes it last. A second run
 * starts the same executions, and may report it twice. `now` is ISO 8601.
 */
export const endExpiredHold = async (deps: Deps, service: string, now: string): Promise<SweepResult> => {
  const { hold } = await deps.states.of(service);
  if (hold?.until === undefined || !hasEnded(hold, now)) return { did: 'nothing', why: 'the hold has not ended' };
  const started = await startWithheld(deps, service, { until: hold.until });
  const result = resultOf('SUCCEEDED', 'UNHELD', messages.holdEnded(service, hold.until, started.length));
  const trigger = { kind: 'releasedHold', hold, until: hold.until } as const;
  await reportCommand(deps, { command: 'unhold', service, trigger, result, now });
  await deps.states.unhold(service, hold.at);
  return { did: 'closed', why: result.message };
};
