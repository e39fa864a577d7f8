import type { Caller } from '../caller.js';
import type { EmulatedAccount } from '../emulated-account.js';
import { AwsError } from '../errors.js';
import type { Iam, PolicyDocument, PolicyStatement } from './api.js';
import type { Context } from './condition.js';
import { Keys } from './keys.js';
import { type AccessRequest, checkPolicy, coversAction, evaluate } from './policy.js';
import { matchesPrincipal } from './principal.js';
import { type RolePolicies, simulatePrincipalPolicy } from './simulate-principal-policy.js';

type Role = Parameters<Iam['putRole']>[0];

/** Roles come from the template, and every request asks `isAllowed`. */
export const createIam = (account: EmulatedAccount): Iam => {
  const roles = new Map<string, Role>();
  const policies = new Map<string, PolicyDocument>();
  const keys = new Keys(account);
  const callers = new Map<string, Caller>();
  const statementsByAction = new Map<string, readonly PolicyStatement[]>();
  const developer: Caller = { arn: `arn:${account.partition}:iam::${account.accountId}:user/developer`, kind: 'user' };

  const contextOf = (caller: Caller, context: Context = {}): Context => ({
    'aws:SecureTransport': 'true',
    'aws:PrincipalArn': caller.arn,
    ...(caller.kind === 'service' && { 'aws:SourceAccount': account.accountId }),
    ...(caller.kind === 'service' && caller.sourceArn !== undefined && { 'aws:SourceArn': caller.sourceArn }),
    ...(caller.functionArn !== undefined && { 'lambda:SourceFunctionArn': caller.functionArn }),
    ...context,
  });

  /** A boundary grants nothing: it has to allow as well what the role's policies allow. */
  const isWithinBoundary = (roleArn: string, request: AccessRequest): boolean => {
    const { boundaryArn } = roles.get(roleArn) ?? {};
    return boundaryArn === undefined || evaluate(policies.get(boundaryArn)?.Statement ?? [], request) === 'allowed';
  };

  /** A role's statements about an action, cached, as every request checks them. */
  const statementsOf = (roleArn: string, action: string): readonly PolicyStatement[] => {
    const key = `${roleArn} ${action}`;
    let statements = statementsByAction.get(key);
    if (!statements) {
      const all = roles.get(roleArn)?.policies.flatMap(({ Statement }) => Statement) ?? [];
      statements = all.filter((statement) => coversAction(statement, action));
      statementsByAction.set(key, statements);
    }
    return statements;
  };

  const policiesOf = (roleArn: string): RolePolicies | undefined => {
    const role = roles.get(roleArn);
    if (!role) return undefined;
    const boundary = role.boundaryArn === undefined ? undefined : (policies.get(role.boundaryArn)?.Statement ?? []);
    return { statements: role.policies.flatMap(({ Statement }) => Statement), boundary };
  };
  account.add([simulatePrincipalPolicy(policiesOf)]);

  const byResource = (policy: PolicyDocument | undefined, caller: Caller, action: string, resource: string) =>
    evaluate(
      (policy?.Statement ?? []).filter(({ Principal }) => matchesPrincipal(Principal, caller, account)),
      { action, resource, context: contextOf(caller) },
    );

  return {
    putRole(role) {
      checkPolicy(role.trust, `${role.arn}: trust policy`);
      if (role.boundaryArn !== undefined && !policies.has(role.boundaryArn))
        throw new AwsError('NoSuchEntity', `Scope ARN: ${role.boundaryArn} does not exist or is not attachable.`, { status: 404 });
      for (const [index, policy] of role.policies.entries()) {
        checkPolicy(policy, `${role.arn}: policy ${index}`);
        if (policy.Statement.some(({ Resource }) => Resource === undefined))
          throw new AwsError('MalformedPolicyDocument', `${role.arn}: policy ${index} has a statement without Resource`);
      }
      roles.set(role.arn, role);
      statementsByAction.clear();
    },

    isAllowed(caller, action, resource, context) {
      if (caller.kind === 'user') return true;
      if (caller.kind === 'service') return false;
      const request = { action, resource, context: contextOf(caller, context) };
      return evaluate(statementsOf(caller.arn, action), request) === 'allowed' && isWithinBoundary(caller.arn, request);
    },

    isAllowedByResource(policy, caller, action, resource) {
      if (policy) checkPolicy(policy, `policy of ${resource}`);
      return caller.kind === 'user' || byResource(policy, caller, action, resource) === 'allowed';
    },

    canAssume(roleArn, servicePrincipal, sourceArn) {
      const role = roles.get(roleArn);
      return byResource(role?.trust, { arn: servicePrincipal, kind: 'service', sourceArn }, 'sts:AssumeRole', roleArn) === 'allowed';
    },

    canAssumeWithToken(roleArn, provider, claims) {
      const statements = roles.get(roleArn)?.trust.Statement ?? [];
      const federated = `arn:${account.partition}:iam::${account.accountId}:oidc-provider/${provider}`;
      const context = Object.fromEntries(Object.entries(claims).map(([name, value]) => [`${provider}:${name}`, value]));
      return (
        evaluate(
          statements.filter(({ Principal }) => typeof Principal === 'object' && [Principal.Federated ?? []].flat().includes(federated)),
          { action: 'sts:AssumeRoleWithWebIdentity', resource: roleArn, context },
        ) === 'allowed'
      );
    },

    putPolicy(arn, policy) {
      checkPolicy(policy, arn);
      policies.set(arn, policy);
    },

    encrypt(resourceArn, key) {
      keys.set(resourceArn, key);
    },

    keyPermissionsFor(permission) {
      return keys.permissionsFor(permission);
    },

    credentialsFor(caller) {
      const number = String(callers.size + 1).padStart(16, '0');
      const accessKeyId = `ASIA${number}`;
      callers.set(accessKeyId, caller);
      return { accessKeyId, secretAccessKey: `secret${number}`, sessionToken: `session${number}` };
    },

    callerOf(accessKeyId) {
      return (accessKeyId !== undefined && callers.get(accessKeyId)) || developer;
    },
  };
};
