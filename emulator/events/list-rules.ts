import { NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import type { Bus } from './bus.js';

type Input = { NamePrefix?: string; EventBusName?: string; Limit?: number; NextToken?: string };

export const listRules = (bus: Bus): Operation =>
  operation<Input, unknown>({
    service: 'events',
    name: 'ListRules',
    input: { NamePrefix: 'string', EventBusName: 'string', Limit: 'number', NextToken: 'string' },
    permissions: (_input, account) => [{ action: 'events:ListRules', resource: account.arn('events', 'rule/*') }],
    run: ({ NamePrefix = '', EventBusName = 'default', Limit = 100, NextToken = '0' }) => {
      if (EventBusName !== 'default') throw new NotEmulated(`event bus ${EventBusName}`);
      const found = bus.rules.filter(({ name }) => name.startsWith(NamePrefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
      const end = Number(NextToken) + Limit;
      return {
        Rules: found.slice(Number(NextToken), end).map(({ name, arn, isEnabled, eventPattern, scheduleExpression }) => ({
          Name: name,
          Arn: arn,
          State: isEnabled ? 'ENABLED' : 'DISABLED',
          EventBusName: 'default',
          ...(eventPattern === undefined ? {} : { EventPattern: JSON.stringify(eventPattern) }),
          ...(scheduleExpression === undefined ? {} : { ScheduleExpression: scheduleExpression }),
        })),
        ...(end < found.length ? { NextToken: String(end) } : {}),
      };
    },
  });
