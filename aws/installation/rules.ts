import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand, type Rule } from '@aws-sdk/client-eventbridge';
import type { Read, RuleFacts } from '../../core/doctor/facts.js';
import { type ClientSettings, clientFor } from '../client-settings.js';
import { allPages, read, readEach } from './read.js';

const eventBridge = clientFor(EventBridgeClient);

const listed = (settings: ClientSettings, NamePrefix: string): Promise<Rule[]> =>
  allPages(async (NextToken) => {
    const answer = await eventBridge(settings).send(new ListRulesCommand({ NamePrefix, NextToken }));
    return { items: answer.Rules, next: answer.NextToken };
  });

const targetsOf = (settings: ClientSettings, rule: string): Promise<RuleFacts['targets']> =>
  allPages(async (NextToken) => {
    const { Targets = [], NextToken: next } = await eventBridge(settings).send(new ListTargetsByRuleCommand({ Rule: rule, NextToken }));
    const items = Targets.map(({ Id = '', Arn = '', DeadLetterConfig }) => ({
      id: Id,
      arn: Arn,
      hasDeadLetter: DeadLetterConfig?.Arn !== undefined,
    }));
    return { items, next };
  });

/** Rules of the default bus, all of which have one prefix. */
export const readRules = async (
  settings: ClientSettings,
  prefix: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Read<RuleFacts | undefined>>> => {
  const rules = await read('events:ListRules', () => listed(settings, prefix));
  return readEach(names, async (name): Promise<Read<RuleFacts | undefined>> => {
    if ('unread' in rules) return rules;
    const rule = rules.value.find(({ Name }) => Name === name);
    if (!rule) return { value: undefined };
    const targets = await read('events:ListTargetsByRule', () => targetsOf(settings, name));
    if ('unread' in targets) return targets;
    // ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS is enabled, too.
    const isEnabled = rule.State !== 'DISABLED';
    return { value: { name, isEnabled, isSchedule: rule.ScheduleExpression !== undefined, targets: targets.value } };
  });
};
