import { AwsError } from '../errors.js';
import type { Call } from '../operation.js';

/** `arn:aws:logs:…:log-group:<name>` or `…:*` names its group. */
export const groupNameOf = ({ logGroupName, logGroupIdentifier }: { logGroupName?: string; logGroupIdentifier?: string }): string => {
  const given = [logGroupName, logGroupIdentifier].filter((name) => name !== undefined);
  const [name] = given;
  if (given.length > 1) throw new AwsError('ValidationException', 'LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  if (name === undefined) throw new AwsError('InvalidParameterException', 'Must specify exactly one of logGroupName or logGroupIdentifier');
  return name.replace(/^arn:.*:log-group:/, '').replace(/:\*$/, '');
};

/**
 * Policies name a log group with and without `:*`, and AWS's documentation uses both for one action: either one grants it.
 * A stream's ARN begins with its group's, so `log-group:<name>:*` grants it as well.
 */
export const checkLogPermission = ({ account, caller }: Call, action: string, group: string, stream?: string): void => {
  const arn = account.arn('logs', `log-group:${group}`);
  const resources = stream === undefined ? [arn, `${arn}:*`] : [`${arn}:log-stream:${stream}`];
  if (resources.some((resource) => account.services.iam.isAllowed(caller, `logs:${action}`, resource))) return;
  throw new AwsError(
    'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: logs:${action} on resource: ${resources.at(-1)}`,
  );
};
