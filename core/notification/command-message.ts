import type { CommandName } from '../input/control-input.js';
import type { Trigger } from '../records/records.js';
import type { Result } from '../result/result.js';
import { consoleUrl, locationOf, serviceUrl } from './console-link.js';
import type { Message } from './message.js';

/** An operator's command that was carried out. `service` may be `*`; `now` is ISO 8601. */
export type ReportedCommand = {
  readonly command: CommandName;
  readonly service: string;
  readonly trigger: Trigger;
  readonly result: Result;
  readonly now: string;
};

/** The notification of a command. `arn` is one of the stack's: account and Region follow from it. */
export const commandMessageOf = (arn: string, { command, service, trigger, result, now }: ReportedCommand): Message => {
  const location = locationOf(arn);
  return {
    id: `${command} ${service} ${now}`,
    command: { name: command, service },
    result,
    account: location.account,
    region: location.region,
    stage: '',
    repository: '',
    to: '',
    trigger,
    durationSeconds: 0,
    services: [],
    consoleUrl: service === '*' ? consoleUrl(location, `ecs/v2/clusters?region=${location.region}`) : serviceUrl(location, service),
  };
};
