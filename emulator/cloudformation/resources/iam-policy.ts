import { AwsError } from '../../errors.js';
import { physicalName, readPolicy, resourceType } from '../resource-type.js';
import { putRole } from './iam-role.js';

type Properties = { PolicyName: string; PolicyDocument: unknown; Roles: string[] };

/** An inline policy of roles of this stack. */
export const iamPolicy = resourceType<Properties>({
  type: 'AWS::IAM::Policy',
  shapes: { PolicyName: 'string', PolicyDocument: 'json', Roles: { list: 'string' } },
  required: ['PolicyName', 'PolicyDocument', 'Roles'],
  update: 'changed',
  deploy: ({ PolicyName, PolicyDocument, Roles }, deploying) => {
    const { stack, logicalId } = deploying;
    const policy = readPolicy(PolicyDocument, PolicyName);
    for (const { attached } of stack.roles.values()) attached.delete(logicalId);
    for (const name of Roles) {
      const [arn, role] = [...stack.roles].find(([roleArn]) => roleArn.endsWith(`/${name}`)) ?? [];
      if (arn === undefined || !role) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found in this stack`);
      role.attached.set(logicalId, policy);
    }
    for (const arn of stack.roles.keys()) putRole(deploying, arn);
    return { ref: physicalName(deploying) };
  },
});
