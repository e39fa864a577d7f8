import type { Caller } from '../../../emulator/caller.js';
import { EmulatedAccount } from '../../../emulator/emulated-account.js';
import type { PolicyDocument, PolicyStatement } from '../../../emulator/iam/api.js';
import { createIam } from '../../../emulator/iam/index.js';

const roleArn = 'arn:aws:iam::123456789012:role/deployer';
const role: Caller = { arn: roleArn, kind: 'role' };
const trust: PolicyDocument = {
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const worker = 'arn:aws:lambda:eu-west-1:123456789012:function:worker';
const service = 'arn:aws:ecs:eu-west-1:123456789012:service/production/web';

const givenRole = (...statements: PolicyStatement[]) => {
  const iam = createIam(new EmulatedAccount());
  iam.putRole({ arn: roleArn, trust, policies: statements.map((statement) => ({ Version: '2012-10-17', Statement: [statement] })) });
  return iam;
};

const allow = (Action: string | string[], Resource: string | string[] = '*'): PolicyStatement => ({ Effect: 'Allow', Action, Resource });

describe('a role may do what its policies allow', () => {
  test.each([
    ['the same action', allow('ecs:UpdateService'), 'ecs:UpdateService', true],
    ['another case of letters', allow('ECS:updateservice'), 'ecs:UpdateService', true],
    ['a wildcard', allow('ecs:Describe*'), 'ecs:DescribeServices', true],
    ['a wildcard of another verb', allow('ecs:Describe*'), 'ecs:UpdateService', false],
    ['a question mark', allow('ecs:StopTas?'), 'ecs:StopTask', true],
    ['everything', allow('*'), 'ecs:UpdateService', true],
    ['one of a list', allow(['ecs:ListTasks', 'ecs:RunTask']), 'ecs:RunTask', true],
    ['another service', allow('ecr:*'), 'ecs:RunTask', false],
    ['NotAction of another', { Effect: 'Allow', NotAction: 'ecs:RunTask', Resource: '*' } as const, 'ecs:StopTask', true],
    ['NotAction of this', { Effect: 'Allow', NotAction: 'ecs:Run*', Resource: '*' } as const, 'ecs:RunTask', false],
  ])('action: %s', (_, statement, action, expected) => {
    expect(givenRole(statement).isAllowed(role, action, service)).toBe(expected);
  });

  test.each([
    ['the same resource', service, true],
    ['a wildcard in it', 'arn:aws:ecs:*:123456789012:service/production/*', true],
    ['another cluster', 'arn:aws:ecs:eu-west-1:123456789012:service/staging/*', false],
    ['another case of letters', service.replace('web', 'Web'), false],
    ['a part of it', 'arn:aws:ecs:eu-west-1:123456789012:service/production', false],
    ['a question mark', 'arn:aws:ecs:eu-west-1:123456789012:service/production/we?', true],
    ['a dot, which is not a wildcard', service.replace('web', 'w.b'), false],
  ])('resource: %s', (_, resource, expected) => {
    expect(givenRole(allow('ecs:UpdateService', resource)).isAllowed(role, 'ecs:UpdateService', service)).toBe(expected);
  });

  test('an action without resources needs a policy on every resource', () => {
    expect(givenRole(allow('ecs:ListClusters', service)).isAllowed(role, 'ecs:ListClusters', '*')).toBe(false);
    expect(givenRole(allow('ecs:ListClusters')).isAllowed(role, 'ecs:ListClusters', '*')).toBe(true);
  });

  test('one Deny overrides every Allow', () => {
    const iam = givenRole(allow('*'), { Effect: 'Deny', Action: 'ecs:DeleteService', Resource: '*' }, allow('ecs:DeleteService'));

    expect(iam.isAllowed(role, 'ecs:DeleteService', service)).toBe(false);
    expect(iam.isAllowed(role, 'ecs:UpdateService', service)).toBe(true);
  });

  test('a role that does not exist has no permissions', () => {
    expect(createIam(new EmulatedAccount()).isAllowed(role, 'ecs:ListClusters', '*')).toBe(false);
  });
});

describe('conditions', () => {
  const passRole = (Condition: PolicyStatement['Condition']): PolicyStatement => ({ ...allow('iam:PassRole'), Condition: Condition ?? {} });
  const task = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };

  test.each([
    ['StringEquals', { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }, task, true],
    ['StringEquals of a list', { StringEquals: { 'iam:PassedToService': ['a', 'ecs-tasks.amazonaws.com'] } }, task, true],
    ['StringEquals of another', { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }, task, false],
    ['StringEquals without the key', { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }, {}, false],
    ['StringEqualsIfExists without the key', { StringEqualsIfExists: { 'iam:PassedToService': 'x' } }, {}, true],
    ['StringEqualsIfExists of another', { StringEqualsIfExists: { 'iam:PassedToService': 'x' } }, task, false],
    ['StringNotEquals of another', { StringNotEquals: { 'iam:PassedToService': 'x' } }, task, true],
    ['StringLike', { StringLike: { 'iam:passedtoservice': 'ecs-*' } }, task, true],
    ['ArnEquals', { ArnEquals: { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/a' } }, { 'ecs:cluster': 'arn:aws:ecs:r:1:cluster/a' }, true],
    ['ArnLike, over a colon', { ArnLike: { 'ecs:cluster': 'arn:aws:*:cluster/a' } }, { 'ecs:cluster': 'arn:aws:ecs:r:1:cluster/a' }, false],
    ['Bool', { Bool: { 'aws:SecureTransport': 'false' } }, {}, false],
    ['Null without the key', { Null: { 'lambda:SourceFunctionArn': 'true' } }, {}, true],
    [
      'Null with the key',
      { Null: { 'lambda:SourceFunctionArn': 'true' } },
      { 'lambda:SourceFunctionArn': 'arn:aws:lambda:r:1:function:a' },
      false,
    ],
    ['Null of a key that must be there', { Null: { 'ecs:cluster': 'false' } }, { 'ecs:cluster': 'arn:aws:ecs:r:1:cluster/a' }, true],
    [
      'two keys, one of which does not hold',
      { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com', 'ecs:cluster': 'x' } },
      task,
      false,
    ],
  ])('%s', (_, condition, context, expected) => {
    expect(givenRole(passRole(condition)).isAllowed(role, 'iam:PassRole', '*', context)).toBe(expected);
  });

  test('an unknown operator or key is refused when the role is created', () => {
    expect(() => givenRole(passRole({ NumericLessThan: { 'ecs:cluster': '1' } }))).toThrow('condition operator NumericLessThan');
    expect(() => givenRole(passRole({ StringEquals: { 'aws:PrincipalTag/team': 'x' } }))).toThrow('condition key aws:PrincipalTag/team');
  });
});

test.each([
  [{ Effect: 'Allow', Action: 'ecs:RunTask' }, 'MalformedPolicyDocument', /without Resource/],
  [{ Effect: 'Allow', Resource: '*' }, 'MalformedPolicyDocument', /either Action or NotAction/],
  [{ Effect: 'allow', Action: '*', Resource: '*' }, 'MalformedPolicyDocument', /Effect is allow/],
  [{ Effect: 'Allow', Action: '*', NotResource: '*' }, 'NotEmulated', /NotResource/],
  [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::x/$' + '{aws:username}' }, 'NotEmulated', /policy variable/],
])('the statement %j is refused', (statement, name, message) => {
  expect(() => givenRole(statement as PolicyStatement)).toThrow(expect.objectContaining({ name, message: expect.stringMatching(message) }));
});

test('a user may do everything, and a service nothing by itself', () => {
  const iam = createIam(new EmulatedAccount());

  expect(iam.isAllowed(iam.callerOf(undefined), 'ecs:DeleteCluster', '*')).toBe(true);
  expect(iam.isAllowed({ arn: 'events.amazonaws.com', kind: 'service' }, 'sqs:SendMessage', '*')).toBe(false);
});

describe('a resource policy', () => {
  const queue = 'arn:aws:sqs:eu-west-1:123456789012:letters';
  const rule = 'arn:aws:events:eu-west-1:123456789012:rule/push';
  const policy = (statement: Partial<PolicyStatement>): PolicyDocument => ({
    Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue, ...statement }],
  });
  const events: Caller = { arn: 'events.amazonaws.com', kind: 'service', sourceArn: rule };
  const byService = { Principal: { Service: 'events.amazonaws.com' } };

  test.each([
    ['the service', policy(byService), events, true],
    ['a list of services', policy({ Principal: { Service: ['sns.amazonaws.com', 'events.amazonaws.com'] } }), events, true],
    ['another service', policy({ Principal: { Service: 'sns.amazonaws.com' } }), events, false],
    ['every principal', policy({ Principal: '*' }), events, true],
    ['the rule', policy({ ...byService, Condition: { ArnEquals: { 'aws:SourceArn': rule } } }), events, true],
    ['another rule', policy({ ...byService, Condition: { ArnEquals: { 'aws:SourceArn': `${rule}2` } } }), events, false],
    ['the account', policy({ ...byService, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }), events, true],
    ['a role', policy({ Principal: { AWS: roleArn } }), role, true],
    ['the account of a role', policy({ Principal: { AWS: 'arn:aws:iam::123456789012:root' } }), role, true],
    ['another role', policy({ Principal: { AWS: `${roleArn}2` } }), role, false],
    ['no policy at all', undefined, events, false],
  ])('names %s', (_, document, caller, expected) => {
    expect(createIam(new EmulatedAccount()).isAllowedByResource(document, caller, 'sqs:SendMessage', queue)).toBe(expected);
  });
});

test('a role is assumed by the services that its trust policy names, by their regional names too', () => {
  const iam = givenRole();
  iam.putRole({
    arn: 'arn:aws:iam::123456789012:role/machine',
    trust: { Statement: [{ Effect: 'Allow', Principal: { Service: 'states.eu-west-1.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
    policies: [],
  });

  expect(iam.canAssume(roleArn, 'lambda.amazonaws.com', worker)).toBe(true);
  expect(iam.canAssume(roleArn, 'states.amazonaws.com', worker)).toBe(false);
  expect(iam.canAssume('arn:aws:iam::123456789012:role/machine', 'states.amazonaws.com', worker)).toBe(true);
  expect(iam.canAssume('arn:aws:iam::123456789012:role/missing', 'lambda.amazonaws.com', worker)).toBe(false);
});

test.each([
  ['this account', { StringEquals: { 'aws:SourceAccount': '123456789012' } }, true],
  ['another account', { StringEquals: { 'aws:SourceAccount': '999999999999' } }, false],
  ['this function', { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:*:*:function:wor*' } }, true],
  ['another function', { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:*:*:function:other' } }, false],
])('a role is assumed on behalf of %s if its trust policy says so', (_, Condition, expected) => {
  const iam = createIam(new EmulatedAccount());
  iam.putRole({ arn: roleArn, trust: { Statement: [{ ...(trust.Statement[0] as PolicyStatement), Condition }] }, policies: [] });

  expect(iam.canAssume(roleArn, 'lambda.amazonaws.com', worker)).toBe(expected);
});

describe('a permissions boundary', () => {
  const boundaryArn = 'arn:aws:iam::123456789012:policy/boundary';
  const givenBounded = (boundary: PolicyStatement, own: PolicyStatement) => {
    const iam = createIam(new EmulatedAccount());
    iam.putPolicy(boundaryArn, { Statement: [boundary] });
    iam.putRole({ arn: roleArn, trust, policies: [{ Statement: [own] }], boundaryArn });
    return iam;
  };

  test('takes what it does not allow, and grants nothing', () => {
    expect(givenBounded(allow('ecs:*'), allow('*')).isAllowed(role, 'ecs:RunTask', service)).toBe(true);
    expect(givenBounded(allow('ecs:*'), allow('*')).isAllowed(role, 'ecr:BatchGetImage', service)).toBe(false);
    expect(givenBounded(allow('*'), allow('ecs:*')).isAllowed(role, 'ecr:BatchGetImage', service)).toBe(false);
  });

  test('has to exist', () => {
    const iam = createIam(new EmulatedAccount());

    expect(() => iam.putRole({ arn: roleArn, trust, policies: [], boundaryArn })).toThrow(
      expect.objectContaining({ code: 'NoSuchEntity', message: expect.stringContaining(boundaryArn) }),
    );
  });
});

test('an access key identifies the caller that it was issued to', () => {
  const iam = createIam(new EmulatedAccount());

  const first = iam.credentialsFor(role);
  const second = iam.credentialsFor({ ...role });

  expect(iam.callerOf(first.accessKeyId)).toBe(role);
  expect(first.accessKeyId).toMatch(/^ASIA.{16}$/);
  expect(second.accessKeyId).not.toBe(first.accessKeyId);
  expect(iam.callerOf('AKIDOFSOMEBODY')).toEqual({ arn: 'arn:aws:iam::123456789012:user/developer', kind: 'user' });
});
