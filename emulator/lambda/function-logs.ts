import type { Account } from '../account.js';
import type { Caller } from '../caller.js';

/** Writes a function's output to CloudWatch Logs, if its role has the permission; otherwise the output is lost, as on AWS. */
export const logWriter = (account: Account, caller: Caller, group: string, stream: string): ((text: string) => void) => {
  const arn = account.arn('logs', `log-group:${group}:log-stream:${stream}`);
  let isRefused = false;
  return (text) => {
    const { iam, logs } = account.services;
    if (iam.isAllowed(caller, 'logs:PutLogEvents', arn)) {
      for (const line of text.replace(/\n$/, '').split('\n')) logs.write(group, stream, line);
    } else if (!isRefused) {
      isRefused = true;
      account.log.add('lambda', 'logs-refused', { group, role: caller.arn });
    }
  };
};
