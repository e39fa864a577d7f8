import type { Permission } from '../../operation.js';

/** Who gives Step Functions a role needs the permission to. */
export const passRole = (roleArn: string): Permission => ({
  action: 'iam:PassRole',
  resource: roleArn,
  context: { 'iam:PassedToService': 'states.amazonaws.com' },
});
