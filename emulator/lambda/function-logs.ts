import type { Caller } from '../operation.js';
import type { World } from '../world.js';

/** Writes a function's output to CloudWatch Logs, if its role may: what Lambda may not write is lost, there as here. */
export const logWriter = (world: World, caller: Caller, group: string, stream: string): ((text: string) => void) => {
  const arn = world.arn('logs', `log-group:${group}:log-stream:${stream}`);
  let isRefused = false;
  return (text) => {
    const { iam, logs } = world.services;
    if (iam.isAllowed(caller, 'logs:PutLogEvents', arn)) {
      for (const line of text.replace(/\n$/, '').split('\n')) logs.write(group, stream, line);
    } else if (!isRefused) {
      isRefused = true;
      world.log.add('lambda', 'logs-refused', { group, role: caller.arn });
    }
  };
};
