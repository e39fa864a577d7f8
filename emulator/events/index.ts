import type { EmulatedAccount } from '../emulated-account.js';
import type { Events } from './api.js';
import { Bus } from './bus.js';
import { listRules } from './list-rules.js';
import { putEvents } from './put-events.js';
import { ruleOperations } from './rule-operations.js';

/** Amazon EventBridge: the default bus with rules, schedules, retries and dead letters. */
export const createEvents = (account: EmulatedAccount): Events => {
  const bus = new Bus(account);
  account.add([putEvents(bus), listRules(bus), ...ruleOperations(bus)]);
  return {
    putRule: (rule) => bus.putRule(rule),
    emit: (event) => {
      bus.emit(event);
    },
    put: (event) => bus.put(event),
  };
};
