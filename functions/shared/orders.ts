import type { Executions } from '../../aws/execution.js';
import type { Ledger } from '../../aws/ledger.js';
import type { ServiceStates } from '../../aws/service-states.js';
import type { Configuration } from '../../core/configuration.js';
import { type OpenDeploymentOutput, type StartInput, unfinished } from '../../core/contracts.js';
import { afterlifeMs } from '../../core/lease.js';
import { rankOf } from '../../core/rank.js';
import type { Trigger } from '../../core/records.js';
import { Refusal } from '../../core/refusal.js';
import { settingsOf } from '../../core/service-settings.js';
import type { DeploymentStart } from '../../core/start.js';

type Deps = Configured & Hands;
type Configured = { readonly configuration: Configuration };
type Hands = {
  readonly executions: Pick<Executions, 'lifeOf'>;
  readonly ledger: Pick<Ledger, 'deployment' | 'update'>;
  readonly states: Pick<ServiceStates, 'of' | 'adoptLease' | 'hold' | 'requestCancel'>;
};

const done = (sentence: string, service = ''): OpenDeploymentOutput => ({
  next: 'end',
  service,
  record: '',
  release: '',
  ending: { outcome: 'SKIPPED', cause: '', sentence },
});

const who = ({ by, reason }: Trigger) => ({ ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) });

/** Starts of the deployment machine that deploy nothing new: a hold, a cancellation, an adoption. @throws Refusal */
export const obey = async (
  { configuration, ...hands }: Deps,
  start: Exclude<DeploymentStart, { kind: 'deploy' }>,
  { execution, now }: StartInput,
): Promise<OpenDeploymentOutput> => {
  if (start.kind === 'adopt') return adopt(hands, start.record, execution, now);
  const { states } = hands;
  const { service, trigger } = start;
  if (!(start.kind === 'hold' && service === '*')) settingsOf(configuration, service);
  if (start.kind === 'hold') {
    await states.hold(service, start.isOn ? { ...who(trigger), at: now } : undefined);
    const what = service === '*' ? 'every service' : service;
    return done(
      start.isOn ? `${what} is on hold now: automatic deployments are skipped until it is released` : `${what} is released from its hold`,
      service,
    );
  }
  const { lease } = await states.of(service);
  if (lease && (await states.requestCancel(service, lease.execution, { record: lease.record, ...who(trigger) })))
    return done('the deployment that is under way was asked to take the service back: it tells how that ends', service);
  throw new Refusal(`no deployment of ${service} is under way; there is nothing to cancel`);
};

/**
 * Goes on with a deployment whose execution is dead, where it is: at the next look at ECS. Who comes too late, or too
 * early, touches neither the record nor the lease.
 */
const adopt = async (
  { ledger, states, executions }: Hands,
  name: string,
  execution: string,
  now: string,
): Promise<OpenDeploymentOutput> => {
  const record = await ledger.deployment(name);
  const { service } = record;
  if (record.touched === undefined)
    return done(`${name} has not touched its service: if its execution is dead, the sweep closes it`, service);
  const { lease, fence } = await states.of(service);
  const opened = { service, record: name, release: record.release ?? '' };
  if (lease && lease.record !== name) {
    const sentence = 'its execution ended, and another deployment has taken the service over since';
    return { next: 'end', ...opened, ending: { outcome: 'SUPERSEDED', cause: '', sentence } };
  }
  const from = lease?.execution ?? record.execution;
  if (from !== execution) {
    const { isRunning, endedAt } = await executions.lifeOf(from);
    if (isRunning || (endedAt && Date.parse(now) - endedAt.getTime() < afterlifeMs))
      return done(`${name} is in good hands: ${from} has it`, service);
  }
  // Read only now: the last Lambda of the one that died may have closed it.
  if ((await ledger.deployment(name)).outcome !== undefined) return done(`${name} has ended already`, service);
  const rank = { ...rankOf(record), execution };
  const isMine = lease?.execution === execution;
  if (!isMine && !(await states.adoptLease(service, { execution, record: name, since: now, rank }, { fence, from })))
    return done(`${name} was adopted by another`, service);
  await ledger.update(name, { execution });
  return { next: 'adopt', ...opened, ending: unfinished };
};
