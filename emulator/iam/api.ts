import type { Caller } from '../caller.js';
import type { PolicyDocument } from './policy-document.js';

export { checkPolicy } from './policy.js';
export type { PolicyDocument, PolicyStatement } from './policy-document.js';

export type Iam = {
  putRole(role: { readonly arn: string; readonly trust: PolicyDocument; readonly policies: readonly PolicyDocument[] }): void;
  /** Users may do everything. Roles need an Allow and no Deny. Services need a resource policy: see isAllowedByResource. */
  isAllowed(caller: Caller, action: string, resource: string, context?: Readonly<Record<string, string>>): boolean;
  /** Whether a resource policy (of a queue, a topic, a function) allows the caller, a service principal, the action. */
  isAllowedByResource(policy: PolicyDocument | undefined, caller: Caller, action: string, resource: string): boolean;
  /** Whether this service (`lambda.amazonaws.com`) may assume the role. */
  canAssume(roleArn: string, servicePrincipal: string): boolean;
  /** Credentials that identify this caller. */
  credentialsFor(caller: Caller): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /** An access key that was never issued belongs to the account's user, who may do everything. */
  callerOf(accessKeyId: string | undefined): Caller;
};
