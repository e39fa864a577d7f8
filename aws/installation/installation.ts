import { type Facts, type Queried, type Read, resourcesOf } from '../../core/doctor/facts.js';
import { placesOf } from '../../core/doctor/services.js';
import type { InstallationAnswer } from '../../core/query/answers.js';
import type { ClientSettings } from '../client-settings.js';
import { readAlarms } from './alarms.js';
import { readEventSources, readFunctions } from './functions.js';
import { readMachines } from './machines.js';
import { readQueues } from './queues.js';
import { readRepositories } from './repositories.js';
import { readRules } from './rules.js';
import { readSecrets } from './secrets.js';
import { readServices } from './services.js';
import { readStack } from './stack.js';
import { readSubscriptions } from './subscriptions.js';

const valuesOf = <T>(read: ReadonlyMap<string, Read<T | undefined>>): T[] =>
  [...read.values()].flatMap((one) => ('value' in one && one.value !== undefined ? [one.value] : []));

/**
 * Everything that `doctor` knows of an installation. Calls only what reads. What needs the configuration is left out if the function
 * `query` did not answer it.
 * @throws Error of the SDK without credentials or a connection
 */
export const readInstallation = async (
  settings: ClientSettings,
  stackName: string,
  { queried, deployed }: Pick<Facts, 'queried' | 'deployed'>,
): Promise<Facts> => {
  const stack = await readStack(settings, stackName);
  const named = (type: string): string[] => resourcesOf(stack, type);
  const { notifications, repositories = [], places } = configured(queried);
  const functionNames = named('AWS::Lambda::Function');
  // The queue of what waits for Slack is no dead-letter queue.
  const deadLetterUrls = named('AWS::SQS::Queue').filter((url) => !url.endsWith(`/${stackName}-slack`));
  const [rules, functions, eventSources, machines, subscriptions, secrets, queues, services, ecr] = await Promise.all([
    readRules(settings, `${stackName}-`, named('AWS::Events::Rule')),
    readFunctions(settings, functionNames),
    readEventSources(settings, functionNames),
    readMachines(settings, named('AWS::StepFunctions::StateMachine')),
    readSubscriptions(settings, named('AWS::SNS::Topic')),
    readSecrets(settings, notifications?.slackSecret === undefined ? [] : [notifications.slackSecret]),
    readQueues(settings, deadLetterUrls),
    readServices(settings, [...places.keys()]),
    readRepositories(
      settings,
      repositories.map(({ repository }) => repository),
      repositories.filter(({ hasScan }) => hasScan).map(({ repository }) => repository),
    ),
  ]);
  const alarms = await readAlarms(settings, [
    ...named('AWS::CloudWatch::Alarm'),
    ...[...places.values()].flat().flatMap((place) => place.alarms),
    ...valuesOf(services).flatMap((service) => service.alarms),
  ]);
  return {
    stack,
    queried,
    deployed,
    rules,
    functions,
    eventSources,
    machines,
    subscriptions,
    secrets,
    queues,
    services,
    alarms,
    repositories: ecr,
  };
};

const configured = (queried: Queried): Partial<InstallationAnswer> & { readonly places: ReturnType<typeof placesOf> } =>
  'installation' in queried ? { ...queried.installation, places: placesOf(queried.installation) } : { places: new Map() };
