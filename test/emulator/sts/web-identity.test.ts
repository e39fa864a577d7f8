import type { EmulatedAccount } from '../../../emulator/emulated-account.js';
import { createEmulator } from '../../../emulator/emulator.js';
import type { PolicyStatement } from '../../../emulator/iam/api.js';
import { handleHttp } from '../../../emulator/wire/handle.js';
import { identityToken } from '../../support/identity-token.js';

const RoleArn = 'arn:aws:iam::123456789012:role/ci/push';
const Federated = 'arn:aws:iam::123456789012:oidc-provider/gitlab.com';
const sub = 'project_path:shop/web:ref_type:branch:ref:main';
const trusted: PolicyStatement = {
  Effect: 'Allow',
  Principal: { Federated },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { 'gitlab.com:aud': 'https://gitlab.com', 'gitlab.com:sub': sub, 'gitlab.com:project_id': '7' } },
};
const claims = { iss: 'https://gitlab.com', aud: 'https://gitlab.com', sub, project_id: 7 };

const given = (...statements: PolicyStatement[]) => {
  const { account } = createEmulator();
  account.services.iam.putRole({ arn: RoleArn, trust: { Statement: statements }, policies: [] });
  return account;
};

/** The unsigned request of an SDK. */
const assume = async (account: EmulatedAccount, token: string): Promise<{ status: number; text: string }> => {
  const form = { Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn, RoleSessionName: 'job-1', WebIdentityToken: token };
  const { status, body } = await handleHttp(account, {
    method: 'POST',
    path: '/',
    query: {},
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(form).toString()),
  });
  return { status, text: Buffer.from(body).toString() };
};

test('a token that the role trusts gets credentials of the role', async () => {
  const account = given(trusted);

  const { status, text } = await assume(account, identityToken(claims));

  expect(status).toBe(200);
  expect(text).toContain('arn:aws:sts::123456789012:assumed-role/push/job-1');
  const [, accessKeyId] = /<AccessKeyId>(\w+)</.exec(text) ?? [];
  expect(account.services.iam.callerOf(accessKeyId)).toEqual({ arn: RoleArn, kind: 'role' });
});

test.each<[string, object, PolicyStatement[]]>([
  ['of another branch', { sub: sub.replace('main', 'feature') }, [trusted]],
  ['of another project of this name', { project_id: 8 }, [trusted]],
  ['for another audience', { aud: 'sts.amazonaws.com' }, [trusted]],
  ['of another provider', { iss: 'https://gitlab.example.com' }, [trusted]],
  ['that a Deny is about', {}, [trusted, { ...trusted, Effect: 'Deny', Condition: {} }]],
  ['of a role that trusts a service', {}, [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:*' }]],
])('a token %s is refused', async (_, changes, statements) => {
  const { status, text } = await assume(given(...statements), identityToken({ ...claims, ...changes }));

  expect([status, /<Code>(\w+)</.exec(text)?.[1]]).toEqual([403, 'AccessDenied']);
});

test.each([
  ['that is none', 'secret', 'InvalidIdentityToken'],
  ['without a subject', identityToken({ ...claims, sub: undefined }), 'InvalidIdentityToken'],
  ['that has expired', identityToken({ ...claims, exp: 1 }), 'ExpiredTokenException'],
])('a token %s is refused', async (_, token, code) => {
  const { status, text } = await assume(given(trusted), token);

  expect([status, /<Code>(\w+)</.exec(text)?.[1]]).toEqual([400, code]);
});
