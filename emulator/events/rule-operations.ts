import { NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import type { Bus } from './bus.js';

const checkBus = (name = 'default'): void => {
  if (name !== 'default') throw new NotEmulated(`event bus ${name}`);
};

type Named = { Name: string; EventBusName?: string };

const switching = (bus: Bus, name: 'EnableRule' | 'DisableRule'): Operation =>
  operation<Named, unknown>({
    service: 'events',
    name,
    input: { Name: 'string', EventBusName: 'string' },
    required: ['Name'],
    permissions: ({ Name }, account) => [{ action: `events:${name}`, resource: account.arn('events', `rule/${Name}`) }],
    run: ({ Name, EventBusName }) => {
      checkBus(EventBusName);
      bus.putRule({ ...bus.ruleNamed(Name), isEnabled: name === 'EnableRule' });
      return {};
    },
  });

type ListInput = { Rule: string; EventBusName?: string; Limit?: number; NextToken?: string };

const listTargetsByRule = (bus: Bus): Operation =>
  operation<ListInput, unknown>({
    service: 'events',
    name: 'ListTargetsByRule',
    input: { Rule: 'string', EventBusName: 'string', Limit: 'number', NextToken: 'string' },
    required: ['Rule'],
    permissions: ({ Rule }, account) => [{ action: 'events:ListTargetsByRule', resource: account.arn('events', `rule/${Rule}`) }],
    run: ({ Rule, EventBusName, Limit = 100, NextToken = '0' }) => {
      checkBus(EventBusName);
      const { targets } = bus.ruleNamed(Rule);
      const end = Number(NextToken) + Limit;
      return {
        Targets: targets.slice(Number(NextToken), end).map((target) => ({
          Id: target.id,
          Arn: target.arn,
          ...(target.roleArn !== undefined && { RoleArn: target.roleArn }),
          ...(target.input !== undefined && { Input: target.input }),
          ...(target.deadLetterArn !== undefined && { DeadLetterConfig: { Arn: target.deadLetterArn } }),
          RetryPolicy: { MaximumRetryAttempts: target.maximumRetryAttempts, MaximumEventAgeInSeconds: target.maximumEventAgeSeconds },
        })),
        ...(end < targets.length && { NextToken: String(end) }),
      };
    },
  });

/** EnableRule, DisableRule, ListTargetsByRule. */
export const ruleOperations = (bus: Bus): Operation[] => [
  switching(bus, 'EnableRule'),
  switching(bus, 'DisableRule'),
  listTargetsByRule(bus),
];
