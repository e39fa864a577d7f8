import { aws, deployStack, type Where } from './commands.js';
import type { AlarmFacts } from './facts.js';
import { type Found, found } from './finding.js';
import * as messages from './messages.js';

/** One alarm of the stack. */
export const alarmFindings = (where: Where, name: string, alarm: AlarmFacts | undefined, now: Date): Found[] => {
  if (!alarm) return [found('ALARM_MISSING', 'error', name, messages.resourceMissing(), { command: deployStack(where) })];
  const { isInAlarm, settlesAt } = alarm;
  if (isInAlarm && settlesAt !== undefined && Date.parse(settlesAt) > now.getTime())
    return [found('ALARM_UNSETTLED', 'note', name, messages.alarmUnsettled(settlesAt))];
  if (isInAlarm)
    return [
      found('ALARM_FIRING', 'error', name, messages.alarmFiring(alarm.description), {
        command: aws(where, 'cloudwatch', 'describe-alarm-history', '--alarm-name', name, '--max-records', '5'),
      }),
    ];
  if (!alarm.hasActions) {
    const command = aws(where, 'cloudwatch', 'enable-alarm-actions', '--alarm-names', name);
    return [found('ALARM_WITHOUT_ACTION', 'warning', name, messages.alarmWithoutAction(), { command })];
  }
  return [];
};

/** An alarm on a queue or a function of which another finding says why it fires. */
export const isExplained = ({ of }: AlarmFacts, findings: readonly Found[]): boolean =>
  findings.some(({ explains = [] }) => explains.some((name) => of.includes(name)));
