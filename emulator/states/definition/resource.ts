import { NotEmulated } from '../../errors.js';
import type { Resource } from './definition.js';

/** The optimized integrations; `aws-sdk` reaches every operation of the account. */
const patterns: Readonly<Record<string, readonly Resource['pattern'][]>> = {
  'lambda:invoke': ['requestResponse', 'waitForTaskToken'],
  'states:startExecution': ['requestResponse', 'sync', 'sync:2', 'waitForTaskToken'],
  'sns:publish': ['requestResponse', 'waitForTaskToken'],
  'sqs:sendMessage': ['requestResponse', 'waitForTaskToken'],
};

const integration = /^arn:[^:]+:states:::([a-z0-9-]+(?::[a-z0-9-]+)?):([A-Za-z]+)(?:\.(sync|sync:2|waitForTaskToken))?$/;
const functionArn = /^arn:[^:]+:lambda:[^:]*:\d*:function:/;

/** Returns undefined for an invalid ARN. @throws NotEmulated for a resource that AWS may have */
export const parseResource = (arn: string): Resource | undefined => {
  if (functionArn.test(arn)) return { arn, service: 'function', action: 'invoke', pattern: 'requestResponse' };
  if (!/^arn:[^:]+:/.test(arn)) return undefined;
  const [, service = '', action = '', suffix] = integration.exec(arn) ?? [];
  const pattern = (suffix ?? 'requestResponse') as Resource['pattern'];
  const allowed = service.startsWith('aws-sdk:') ? ['requestResponse', 'waitForTaskToken'] : patterns[`${service}:${action}`];
  if (!allowed?.includes(pattern)) throw new NotEmulated(`the task resource ${arn}`);
  return { arn, service, action, pattern };
};
