import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AwsError, NotEmulated } from '../../errors.js';
import type { FunctionSpec } from '../../lambda/api.js';
import type { Services } from '../../services.js';
import { tags } from '../properties.js';
import { type Deploying, physicalName, resourceType } from '../resource-type.js';

type Properties = {
  FunctionName?: string;
  Handler: string;
  Runtime: string;
  Role: string;
  Code: { S3Bucket: string; S3Key: string };
  MemorySize?: number;
  Timeout?: number;
  Environment?: { Variables?: Record<string, string> };
  VpcConfig?: { SubnetIds?: string[]; SecurityGroupIds?: string[] };
};

const zipOf = ({ Code: { S3Key } }: Properties, { artifactsDir }: Deploying): string | undefined => {
  if (artifactsDir === undefined) return undefined;
  const path = join(artifactsDir, basename(S3Key));
  if (!existsSync(path))
    throw new AwsError(
      'InvalidParameterValueException',
      `${path} does not exist: package the stack first, or point artifactsDir to .serverless`,
    );
  return path;
};

const ofNetworkInterfaces = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DeleteNetworkInterface'];

/**
 * The network of a function, which has one only if it names subnets and security groups (Lambda API, VpcConfig: at most 16 and 5). Lambda
 * makes the interfaces as the function's role.
 */
const vpcOf = ({ VpcConfig, Role }: Properties, { iam }: Services): FunctionSpec['vpc'] => {
  const { SubnetIds: subnetIds = [], SecurityGroupIds: securityGroupIds = [] } = VpcConfig ?? {};
  if (subnetIds.length === 0 && securityGroupIds.length === 0) return undefined;
  const refuse = (message: string): never => {
    throw new AwsError('InvalidParameterValueException', message);
  };
  if (subnetIds.length === 0 || securityGroupIds.length === 0) refuse('SubnetIds and SecurityIds must coexist or be both empty list.');
  if (subnetIds.length > 16) refuse(`VpcConfig has ${subnetIds.length} SubnetIds; expected at most 16`);
  if (securityGroupIds.length > 5) refuse(`VpcConfig has ${securityGroupIds.length} SecurityGroupIds; expected at most 5`);
  for (const action of ofNetworkInterfaces)
    if (!iam.isAllowed({ arn: Role, kind: 'role' }, `ec2:${action}`, '*'))
      refuse(`The provided execution role does not have permissions to call ${action} on EC2`);
  return { subnetIds, securityGroupIds };
};

export const lambdaFunction = resourceType<Properties>({
  type: 'AWS::Lambda::Function',
  shapes: {
    FunctionName: 'string',
    Handler: 'string',
    Runtime: 'string',
    Role: 'string',
    Code: { members: { S3Bucket: 'string', S3Key: 'string', S3ObjectVersion: 'string' } },
    MemorySize: 'number',
    Timeout: 'number',
    Environment: { members: { Variables: { map: 'string' } } },
    VpcConfig: { members: { SubnetIds: { list: 'string' }, SecurityGroupIds: { list: 'string' } } },
    // The following properties have no effect in the emulator.
    Description: 'string',
    Architectures: { list: { oneOf: ['arm64', 'x86_64'] } },
    PackageType: { oneOf: ['Zip'] },
    EphemeralStorage: { members: { Size: 'number' } },
    TracingConfig: { members: { Mode: { oneOf: ['Active', 'PassThrough'] } } },
    Tags: tags,
  },
  required: ['Code', 'Role', 'Handler', 'Runtime'],
  // The zip file may have changed under the same key.
  update: 'always',
  deploy: (properties, deploying) => {
    const { account } = deploying;
    const { FunctionName: name = physicalName(deploying), Handler, Runtime, Role, Environment, MemorySize, Timeout } = properties;
    if (!/^nodejs\d+\.x$/.test(Runtime)) throw new NotEmulated(`runtime ${Runtime} of AWS::Lambda::Function (${deploying.logicalId})`);
    const arn = account.arn('lambda', `function:${name}`);
    if (!account.services.iam.canAssume(Role, 'lambda.amazonaws.com', arn))
      throw new AwsError('InvalidParameterValueException', `The role defined for the function cannot be assumed by Lambda: ${Role}`);
    const vpc = vpcOf(properties, account.services);
    account.services.lambda.createFunction({
      name,
      arn,
      roleArn: Role,
      handler: Handler,
      zipPath: zipOf(properties, deploying),
      environment: Environment?.Variables ?? {},
      timeoutSeconds: Timeout ?? 3,
      memoryMb: MemorySize ?? 128,
      runtime: Runtime,
      ...(vpc && { vpc }),
    });
    return { ref: name, attributes: { Arn: arn } };
  },
});
