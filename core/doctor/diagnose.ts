import { registryOf } from '../image/image-reference.js';
import { alarmFindings, isExplained } from './alarms.js';
import type { Where } from './commands.js';
import { type Facts, resourcesOf } from './facts.js';
import { type Finding, type Found, notChecked } from './finding.js';
import { eventSourceFindings, functionFindings } from './functions.js';
import { machineFindings } from './machines.js';
import { secretFindings, subscriptionFindings } from './notifications.js';
import { deadLetterFindings } from './queues.js';
import { repositoryFindings } from './repositories.js';
import { ruleFindings } from './rules.js';
import { placesOf, serviceFindings } from './services.js';
import { queryFindings, stackFindings } from './stack.js';

const each = <T>(read: ReadonlyMap<string, T>, check: (name: string, value: T) => Found[]): Found[] =>
  [...read].flatMap(([name, value]) => check(name, value));

/** All of what is not checked for want of one permission is one finding. */
const withoutRepeats = (findings: readonly Found[]): Found[] =>
  findings.filter(
    (one, index) =>
      one.code !== 'NOT_CHECKED' || findings.findIndex(({ code, message }) => code === 'NOT_CHECKED' && message === one.message) === index,
  );

const order = { error: 0, warning: 1, note: 2 } as const;

/** The parts of the stack, without the services that it deploys. */
const stackPartFindings = (where: Where, facts: Facts): Found[] => {
  const { stack, queried } = facts;
  const notifications = 'installation' in queried ? queried.installation.notifications : undefined;
  const machines = resourcesOf(stack, 'AWS::StepFunctions::StateMachine');
  const functions = resourcesOf(stack, 'AWS::Lambda::Function');
  const owned = new Set([...functions, ...machines]);
  const published = new Set([...functions, ...resourcesOf(stack, 'AWS::Lambda::Version')]);
  const queues = resourcesOf(stack, 'AWS::SQS::Queue').map((url) => url.slice(url.lastIndexOf('/') + 1));
  return [
    ...each(facts.rules, (name, read) => ruleFindings(where, name, read, owned)),
    ...each(facts.functions, (name, read) => functionFindings(where, name, read)),
    ...eventSourceFindings(where, facts.eventSources, queues),
    ...each(facts.machines, (arn, read) => machineFindings(where, arn, read, published)),
    ...each(facts.secrets, (name, read) => secretFindings(where, name, read)),
    ...each(facts.subscriptions, (arn, read) => subscriptionFindings(where, arn, read, notifications)),
    ...each(facts.queues, (url, read) => deadLetterFindings(where, url, read)),
  ];
};

/** What slipway.yml names: services and repositories. */
const configuredFindings = (where: Where, facts: Facts, now: Date): Found[] => {
  const { queried, alarms } = facts;
  if (!('installation' in queried)) return [];
  const places = placesOf(queried.installation);
  const registry = registryOf(queried.stack.machines.release);
  const more = { registry, alarms: 'value' in alarms ? alarms.value : undefined };
  return [
    ...each(facts.services, (name, read) => serviceFindings(where, name, places.get(name) ?? [], read, more)),
    ...each(facts.repositories, (name, read) => repositoryFindings(where, name, read, facts, { registry, now })),
  ];
};

const stackAlarmFindings = (where: Where, { stack, alarms }: Facts, others: readonly Found[], now: Date): Found[] => {
  if ('unread' in alarms) return [notChecked('alarms', alarms.unread)];
  return resourcesOf(stack, 'AWS::CloudWatch::Alarm').flatMap((name) => {
    const alarm = alarms.value.get(name);
    return alarm?.isInAlarm && isExplained(alarm, others) ? [] : alarmFindings(where, name, alarm, now);
  });
};

/**
 * What is wrong with an installation, the worst first. Pure: `facts` are what aws/installation read.
 * `own` is what this command line is.
 */
export const diagnose = (
  facts: Facts,
  { where, own, now }: { readonly where: Where; readonly own: { readonly version: string; readonly schema: number }; readonly now: Date },
): Finding[] => {
  const stack = stackFindings(where, facts.stack);
  // Without its stack nothing else is there.
  if (stack.some(({ code }) => code === 'STACK_MISSING')) return stack;
  const findings = [
    ...stack,
    ...queryFindings(where, facts.queried, own),
    ...stackPartFindings(where, facts),
    ...configuredFindings(where, facts, now),
  ];
  return withoutRepeats([...findings, ...stackAlarmFindings(where, facts, findings, now)])
    .sort((one, other) => order[one.severity] - order[other.severity])
    .map(({ explains: _, ...finding }) => finding);
};
