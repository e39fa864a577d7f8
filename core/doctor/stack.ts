import { aws, deployStack, stackName, type Where } from './commands.js';
import type { Queried, Read, StackFacts } from './facts.js';
import { type Found, found, notChecked } from './finding.js';
import * as messages from './messages.js';

/** The CloudFormation stack itself. */
export const stackFindings = (where: Where, read: Read<StackFacts | undefined>): Found[] => {
  const name = stackName(where);
  if ('unread' in read) return [notChecked(name, read.unread)];
  const stack = read.value;
  if (!stack) return [found('STACK_MISSING', 'error', name, messages.stackMissing(name, where.region), { command: deployStack(where) })];
  const { status } = stack;
  const events = aws(where, 'cloudformation', 'describe-stack-events', '--stack-name', name, '--max-items', '20');
  if (/_FAILED$|^ROLLBACK_COMPLETE$/.test(status))
    return [found('STACK_FAILED', 'error', name, messages.stackFailed(status), { command: events })];
  if (status === 'UPDATE_ROLLBACK_COMPLETE')
    return [found('STACK_ROLLED_BACK', 'warning', name, messages.stackRolledBack(), { command: events })];
  if (status.endsWith('_IN_PROGRESS')) return [found('STACK_CHANGING', 'note', name, messages.stackChanging(status), { command: events })];
  return [];
};

/** What the versions of stack and command line say, and whether the stack answers at all. */
export const queryFindings = (where: Where, queried: Queried, own: { readonly version: string; readonly schema: number }): Found[] => {
  const name = stackName(where);
  if ('failure' in queried) {
    const command = aws(where, 'logs', 'tail', `/aws/lambda/${name}-query`, '--since', '1h');
    if (queried.isDenied) return [notChecked(`${name}-query`, { action: 'lambda:InvokeFunction', reason: 'denied' })];
    return [found('QUERY_FAILED', 'error', `${name}-query`, messages.queryFailed(queried.failure), { command })];
  }
  const { stack, installation } = queried;
  if (installation.schema !== own.schema)
    return [found('SCHEMA_DIFFERS', 'warning', name, messages.schemaDiffers(installation.schema, own.schema))];
  if (stack.version !== own.version && own.version !== 'source')
    return [found('VERSION_DIFFERS', 'note', name, messages.versionDiffers(stack.version, own.version))];
  return [];
};
