import type { Permission } from '../../operation.js';

/** Passing a role to Step Functions needs this permission. */
export const passRole = (roleArn: string): Permission => ({
  action: 'iam:PassRole',
  resource: roleArn,
  context: { 'iam:PassedToService': 'states.amazonaws.com' },
});
