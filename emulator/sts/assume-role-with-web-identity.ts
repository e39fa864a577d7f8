import type { EmulatedAccount } from '../emulated-account.js';
import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { assumedRole } from './assumed-role.js';

type Input = { RoleArn: string; RoleSessionName: string; WebIdentityToken: string; DurationSeconds?: number };

type Claims = Readonly<Record<string, string>> & { readonly iss: string; readonly sub: string; readonly aud: string };

const invalidToken = (message: string): AwsError => new AwsError('InvalidIdentityToken', message);

/**
 * The claims of a JSON Web Token, numbers as text. Its signature is not verified: the emulator has no keys of an identity provider.
 * @throws AwsError as STS: the token is none, lacks a claim that STS needs, or has expired
 */
const claimsOf = (token: string, now: number): Claims => {
  let payload: Record<string, unknown>;
  try {
    payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    throw invalidToken('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)');
  }
  for (const name of ['iss', 'sub', 'aud', 'exp']) if (payload[name] === undefined) throw invalidToken(`Missing a required claim: ${name}`);
  if (Number(payload.exp) * 1000 <= now)
    throw new AwsError('ExpiredTokenException', 'Token expired: current date/time must be before the expiration date/time');
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)])) as Claims;
};

/** Credentials of a role for a token of an OpenID Connect provider. The request is not signed. */
export const assumeRoleWithWebIdentity = (account: EmulatedAccount): Operation =>
  operation<Input, unknown>({
    service: 'sts',
    name: 'AssumeRoleWithWebIdentity',
    input: { RoleArn: 'string', RoleSessionName: 'string', WebIdentityToken: 'string', DurationSeconds: 'number' },
    required: ['RoleArn', 'RoleSessionName', 'WebIdentityToken'],
    permissions: () => [],
    run: ({ RoleArn, RoleSessionName, WebIdentityToken, DurationSeconds = 3600 }) => {
      const { clock, services } = account;
      const claims = claimsOf(WebIdentityToken, clock.now);
      const provider = claims.iss.replace(/^https:\/\//, '');
      if (!services.iam.canAssumeWithToken(RoleArn, provider, claims))
        throw new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', { status: 403 });
      const { accessKeyId, secretAccessKey, sessionToken } = services.iam.credentialsFor({ arn: RoleArn, kind: 'role' });
      return {
        Credentials: {
          AccessKeyId: accessKeyId,
          SecretAccessKey: secretAccessKey,
          SessionToken: sessionToken,
          Expiration: new Date(clock.now + DurationSeconds * 1000),
        },
        SubjectFromWebIdentityToken: claims.sub,
        AssumedRoleUser: { AssumedRoleId: `AROAEMULATOR:${RoleSessionName}`, Arn: assumedRole(RoleArn, RoleSessionName) },
        Provider: `arn:${account.partition}:iam::${account.accountId}:oidc-provider/${provider}`,
        Audience: claims.aud,
      };
    },
  });
