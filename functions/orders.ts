import type { Ledger } from '../aws/ledger.js';
import type { Configuration } from '../core/configuration.js';
import { type OpenDeploymentOutput, type StartInput, unfinished } from '../core/contracts.js';
import { rankOf } from '../core/rank.js';
import type { Trigger } from '../core/records.js';
import { Refusal } from '../core/refusal.js';
import { settingsOf } from '../core/service-settings.js';
import type { DeploymentStart } from '../core/start.js';

type Deps = {
  readonly configuration: Configuration;
  readonly ledger: Pick<Ledger, 'hold' | 'requestCancel' | 'deployment' | 'update' | 'adoptLease'>;
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
  { configuration, ledger }: Deps,
  start: Exclude<DeploymentStart, { kind: 'deploy' }>,
  { execution, now }: StartInput,
): Promise<OpenDeploymentOutput> => {
  if (start.kind === 'adopt') return adopt(ledger, start.record, execution, now);
  const { service, trigger } = start;
  if (!(start.kind === 'hold' && service === '*')) settingsOf(configuration, service);
  if (start.kind === 'hold') {
    await ledger.hold(service, start.isOn ? { ...who(trigger), at: now } : undefined);
    const what = service === '*' ? 'every service' : service;
    return done(
      start.isOn ? `${what} is on hold now: automatic deployments are skipped until it is released` : `${what} is released from its hold`,
      service,
    );
  }
  if (await ledger.requestCancel(service, { execution, ...who(trigger) }))
    return done('the deployment that is under way was asked to take the service back: it tells how that ends', service);
  throw new Refusal(`no deployment of ${service} is under way; there is nothing to cancel`);
};

/** Goes on with a deployment whose execution is dead, where it is: at the next look at ECS. */
const adopt = async (ledger: Deps['ledger'], name: string, execution: string, now: string): Promise<OpenDeploymentOutput> => {
  const record = await ledger.deployment(name);
  if (record.outcome !== undefined) return done(`${name} is closed already`, record.service);
  const rank = { ...rankOf(record), execution };
  const isMine = await ledger.adoptLease(record.service, record.execution, { execution, record: name, since: now, rank });
  const opened = { service: record.service, record: name, release: record.release ?? '' };
  if (!isMine) {
    const sentence = 'its execution ended, and another deployment has taken the service over since';
    return { next: 'end', ...opened, ending: { outcome: 'SUPERSEDED', cause: '', sentence } };
  }
  await ledger.update(name, { execution });
  return { next: 'adopt', ...opened, ending: unfinished };
};
