import type { Caller } from '../caller.js';
import type { PolicyDocument } from './policy-document.js';

export { checkPolicy } from './policy.js';
export type { PolicyDocument, PolicyStatement } from './policy-document.js';

export type Iam = {
  putRole(role: { readonly arn: string; readonly trust: PolicyDocument; readonly policies: readonly PolicyDocument[] }): void;
  /** Users may do everything. Roles need an Allow and no Deny. Services: see allowsService. */
  isAllowed(caller: Caller, action: string, resource: string, context?: Readonly<Record<string, string>>): boolean;
  /** A resource policy (queue, topic, function): may this caller, a service principal, do it? */
  isAllowedByResource(policy: PolicyDocument | undefined, caller: Caller, action: string, resource: string): boolean;
  /** May this service (`lambda.amazonaws.com`) assume the role? */
  canAssume(roleArn: string, servicePrincipal: string): boolean;
  /** Credentials whose requests come back as this caller. */
  credentialsFor(caller: Caller): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /** An access key that was never issued belongs to the account's user, who may do everything. */
  callerOf(accessKeyId: string | undefined): Caller;
};
