import type { Caller } from '../caller.js';
import type { PolicyDocument } from './policy-document.js';

export { checkPolicy } from './policy.js';
export type { PolicyDocument, PolicyStatement } from './policy-document.js';

/** What a request needs the permission for. */
export type Permission = { readonly action: string; readonly resource: string; readonly context?: Readonly<Record<string, string>> };

export type Iam = {
  /** @throws AwsError if its boundary is not a policy of the account */
  putRole(role: {
    readonly arn: string;
    readonly trust: PolicyDocument;
    readonly policies: readonly PolicyDocument[];
    readonly boundaryArn?: string | undefined;
  }): void;
  /** A managed policy, which can be the permissions boundary of roles. */
  putPolicy(arn: string, policy: PolicyDocument): void;
  /** Encrypts a resource with a KMS key: using the resource needs permissions on the key as well. */
  encrypt(resourceArn: string, key: string | undefined): void;
  /** The permissions that are needed in addition, on the key of the permission's resource. */
  keyPermissionsFor(permission: Permission): readonly Permission[];
  /** Users may do everything. Roles need an Allow and no Deny. Services need a resource policy: see isAllowedByResource. */
  isAllowed(caller: Caller, action: string, resource: string, context?: Readonly<Record<string, string>>): boolean;
  /** Whether a resource policy (of a queue, a topic, a function) allows the caller, a service principal, the action. */
  isAllowedByResource(policy: PolicyDocument | undefined, caller: Caller, action: string, resource: string): boolean;
  /** Whether this service (`lambda.amazonaws.com`) may assume the role on behalf of the resource. */
  canAssume(roleArn: string, servicePrincipal: string, sourceArn: string): boolean;
  /** Whether a token of this OpenID Connect provider (`gitlab.com`), with these claims, may assume the role. */
  canAssumeWithToken(roleArn: string, provider: string, claims: Readonly<Record<string, string>>): boolean;
  /** Credentials that identify this caller. */
  credentialsFor(caller: Caller): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /** An access key that was never issued belongs to the account's user, who may do everything. */
  callerOf(accessKeyId: string | undefined): Caller;
};
