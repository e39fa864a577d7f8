import { aws, deployStack, type Where } from './commands.js';
import type { Read, RuleFacts } from './facts.js';
import { type Found, found, notChecked } from './finding.js';
import * as messages from './messages.js';

/** `arn:…:function:name` and `arn:…:function:name:3` → `name`; of another ARN what follows its last colon. */
const nameOfTarget = (arn: string): string => /:function:([^:]+)/.exec(arn)?.[1] ?? arn.slice(arn.lastIndexOf(':') + 1);

/** One rule. `owned` are the ARNs and names of the stack's functions and machines. */
export const ruleFindings = (where: Where, name: string, read: Read<RuleFacts | undefined>, owned: ReadonlySet<string>): Found[] => {
  if ('unread' in read) return [notChecked(name, read.unread)];
  const rule = read.value;
  if (!rule) return [found('RULE_MISSING', 'error', name, messages.resourceMissing(), { command: deployStack(where) })];
  const targets = rule.targets.filter(({ arn }) => owned.has(arn) || owned.has(nameOfTarget(arn)));
  const explains = targets.map(({ arn }) => nameOfTarget(arn));
  if (!rule.isEnabled) {
    const command = aws(where, 'events', 'enable-rule', '--name', name);
    return rule.isSchedule
      ? [found('SCHEDULE_DISABLED', 'error', name, messages.scheduleDisabled(), { command, explains })]
      : [found('RULE_DISABLED', 'error', name, messages.ruleDisabled(), { command, explains })];
  }
  if (targets.length === 0)
    return [found('RULE_WITHOUT_TARGET', 'error', name, messages.ruleWithoutTarget(), { command: deployStack(where) })];
  const bare = targets.filter(({ hasDeadLetter }) => !hasDeadLetter).map(({ id }) => id);
  return bare.length > 0
    ? [found('TARGET_WITHOUT_DEAD_LETTER', 'warning', name, messages.noDeadLetter(bare), { command: deployStack(where) })]
    : [];
};
