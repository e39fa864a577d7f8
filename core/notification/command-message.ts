import { imageName } from '../image/image-name.js';
import type { Trigger } from '../records/records.js';
import type { Result } from '../result/result.js';
import { consoleUrl, executionUrl, locationOf, serviceUrl } from './console-link.js';
import type { Message, ReportedName } from './message.js';

/** What a command is about: a service, which may be `*`, or a release before a stage, with the ARN of its execution. */
export type Subject =
  | { readonly service: string }
  | {
      readonly repository: string;
      readonly stage: string;
      readonly digest: string;
      readonly tag?: string | undefined;
      readonly execution: string;
    };

/** An operator's command that was carried out. `now` is ISO 8601. */
export type ReportedCommand = Subject & {
  readonly command: ReportedName;
  readonly trigger: Trigger;
  readonly result: Result;
  readonly now: string;
};

type OfSubject = Pick<Message, 'id' | 'command' | 'stage' | 'repository' | 'to' | 'consoleUrl'>;

const ofSubject = (arn: string, reported: ReportedCommand): OfSubject => {
  const { command: name, now } = reported;
  if ('service' in reported) {
    const { service } = reported;
    const location = locationOf(arn);
    const url = service === '*' ? consoleUrl(location, `ecs/v2/clusters?region=${location.region}`) : serviceUrl(location, service);
    return { id: `${name} ${service} ${now}`, command: { name, service }, stage: '', repository: '', to: '', consoleUrl: url };
  }
  const { repository, stage, digest, tag, execution } = reported;
  return {
    id: `${name} ${repository} ${stage} ${digest} ${now}`,
    command: { name },
    stage,
    repository,
    to: imageName(repository, tag, digest),
    consoleUrl: executionUrl(execution),
  };
};

/** The notification of a command. `arn` is one of the stack's: account and Region follow from it. */
export const commandMessageOf = (arn: string, reported: ReportedCommand): Message => {
  const { account, region } = locationOf(arn);
  const { result, trigger } = reported;
  return { ...ofSubject(arn, reported), result, account, region, trigger, durationSeconds: 0, services: [] };
};
