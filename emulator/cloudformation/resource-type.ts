import { createHash } from 'node:crypto';
import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import type { PolicyDocument, PolicyStatement } from '../iam/api.js';
import { checkPolicy } from '../iam/api.js';
import type { PropertyShapes } from './properties.js';
import type { Deployed, Stack } from './stack.js';

/** What a resource type needs to deploy one resource. */
export type Deploying = {
  readonly account: Account;
  readonly stack: Stack;
  readonly logicalId: string;
  readonly artifactsDir: string | undefined;
};

/** One CloudFormation resource type: a file each. */
export type ResourceType<Properties = never> = {
  readonly type: string;
  /** The known properties; any other property is refused. */
  readonly shapes: PropertyShapes;
  readonly required: readonly string[];
  /**
   * When the stack is deployed again: `always` deploys the resource again, `changed` only if its properties changed,
   * `refused` is for what the emulator cannot change in place.
   */
  readonly update: 'always' | 'changed' | 'refused';
  /** Removing such a resource from the template has no effect. */
  readonly isNoop?: boolean;
  readonly deploy: (properties: Properties, deploying: Deploying) => Deployed | Promise<Deployed>;
  /** Deletes it when the deployment that created it is rolled back; without it, it stays in the stack. */
  readonly remove?: (ref: string, account: Account) => void | Promise<void>;
};

/** Checks a resource type's own properties, and returns it as the list keeps all types. */
export const resourceType = <Properties>(definition: ResourceType<Properties>): ResourceType => definition as unknown as ResourceType;

/** `slipway-dev-Role-1A2B3C4D5E6F`: the name that CloudFormation gives an unnamed resource; stable between deployments. */
export const physicalName = ({ stack, logicalId }: Deploying, limit = 64): string => {
  const suffix = createHash('sha256').update(`${stack.name}/${logicalId}`).digest('hex').slice(0, 12).toUpperCase();
  return `${`${stack.name}-${logicalId}`.slice(0, limit - 13)}-${suffix}`;
};

/** The failure of a creation whose name is taken, as the resource's handler words it. */
export const alreadyExists = (type: string, name: string): AwsError =>
  new AwsError('AlreadyExists', `Resource of type '${type}' with identifier '${name}' already exists.`);

/** A policy document in the form that the services take; a single statement becomes a list of one. */
export const readPolicy = (document: unknown, place: string): PolicyDocument => {
  const { Version, Statement } = document as { Version?: string; Statement: PolicyStatement | readonly PolicyStatement[] };
  const policy = { ...(Version !== undefined && { Version }), Statement: [Statement].flat() as PolicyStatement[] };
  checkPolicy(policy, place);
  return policy;
};

/** `production` of `arn:aws:ecs:eu-west-1:123456789012:cluster/production`. */
export const nameOfArn = (arn: string): string => arn.split(/[:/]/).at(-1) as string;
