import type { EmulatedAccount } from '../emulated-account.js';
import type { Logs } from './api.js';
import { filterLogEvents } from './filter-log-events.js';
import { getLogEvents } from './get-log-events.js';
import { groupOperations } from './group-operations.js';
import { LogStore } from './log-store.js';

/** Amazon CloudWatch Logs: log groups and streams. */
export const createLogs = (account: EmulatedAccount): Logs => {
  const logs = new LogStore(account);
  account.add([...groupOperations(logs), getLogEvents(logs), filterLogEvents(logs)]);
  return {
    createLogGroup: (name, retentionInDays) => {
      logs.create(name, retentionInDays);
    },
    // A missing group is created, as with Lambda's groups.
    write: (group, stream, message) => {
      logs.write(group, stream, message);
      account.services.cloudwatch.readLogLine(message);
    },
  };
};
