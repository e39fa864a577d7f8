import { AwsError, NotEmulated } from '../../errors.js';
import type { PolicyDocument } from '../../iam/api.js';
import { tags } from '../properties.js';
import { type Deploying, physicalName, readPolicy, resourceType } from '../resource-type.js';

type Properties = {
  RoleName?: string;
  Path?: string;
  AssumeRolePolicyDocument: unknown;
  Policies?: { PolicyName: string; PolicyDocument: unknown }[];
  ManagedPolicyArns?: string[];
  PermissionsBoundary?: string;
};

const allow = (...Action: string[]): PolicyDocument => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const writeLogs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** AWS managed policies that functions commonly have. */
const managed: Readonly<Record<string, PolicyDocument>> = {
  'policy/service-role/AWSLambdaBasicExecutionRole': allow(...writeLogs),
  'policy/service-role/AWSLambdaSQSQueueExecutionRole': allow(
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    ...writeLogs,
  ),
  'policy/AWSXRayDaemonWriteAccess': allow('xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSampling*'),
};

const managedPolicy = (arn: string, logicalId: string): PolicyDocument => {
  const policy = managed[arn.split(':').slice(5).join(':')];
  if (!policy || arn.split(':')[4] !== 'aws') throw new NotEmulated(`managed policy ${arn} of AWS::IAM::Role (${logicalId})`);
  return policy;
};

/** IAM counts a role's inline policies together, without white space. */
const maximumInlineCharacters = 10_240;

/** Puts a role with all of its policies: its own, and those of AWS::IAM::Policy. */
export const putRole = ({ account, stack }: Deploying, arn: string): void => {
  const role = stack.roles.get(arn);
  if (!role) throw new AwsError('NoSuchEntity', `The role ${arn} is none of this stack's`);
  account.services.iam.putRole({
    arn,
    trust: role.trust,
    policies: [...role.own, ...role.attached.values()],
    boundaryArn: role.boundaryArn,
  });
};

export const iamRole = resourceType<Properties>({
  type: 'AWS::IAM::Role',
  shapes: {
    RoleName: 'string',
    Path: 'string',
    AssumeRolePolicyDocument: 'json',
    Policies: { list: { members: { PolicyName: 'string', PolicyDocument: 'json' } } },
    ManagedPolicyArns: { list: 'string' },
    PermissionsBoundary: 'string',
    Description: 'string',
    MaxSessionDuration: 'number',
    Tags: tags,
  },
  required: ['AssumeRolePolicyDocument'],
  update: 'changed',
  deploy: ({ RoleName, Path = '/', AssumeRolePolicyDocument, Policies = [], ManagedPolicyArns = [], PermissionsBoundary }, deploying) => {
    const { account, stack, logicalId } = deploying;
    const name = RoleName ?? physicalName(deploying);
    if (!/^[\w+=,.@-]{1,64}$/.test(name))
      throw new AwsError('ValidationError', `role name ${name} is not valid; expected 1 to 64 characters`);
    const arn = `arn:${account.partition}:iam::${account.accountId}:role${Path}${name}`;
    const inline = Policies.map(({ PolicyName, PolicyDocument }) => readPolicy(PolicyDocument, PolicyName));
    const characters = JSON.stringify(inline.map((policy) => policy)).length;
    if (characters > maximumInlineCharacters)
      throw new AwsError('LimitExceeded', `Maximum policy size of ${maximumInlineCharacters} bytes exceeded for role ${name}`);
    stack.roles.set(arn, {
      trust: readPolicy(AssumeRolePolicyDocument, 'AssumeRolePolicyDocument'),
      own: [...inline, ...ManagedPolicyArns.map((policyArn) => managedPolicy(policyArn, logicalId))],
      attached: stack.roles.get(arn)?.attached ?? new Map(),
      boundaryArn: PermissionsBoundary,
    });
    putRole(deploying, arn);
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${physicalName(deploying).slice(-12)}` } };
  },
});
