import type { Account } from '../account.js';
import type { PolicyDocument } from '../iam/api.js';
import type { DeletionPolicy } from './template.js';

/** A deployed resource: its Ref, and its attributes for Fn::GetAtt. */
export type Deployed = { readonly ref: string; readonly attributes?: Readonly<Record<string, string>> };

export type StackResource = {
  readonly type: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: DeletionPolicy;
  /** Where its functions' code was when it was deployed. */
  readonly artifactsDir: string | undefined;
};

type Role = {
  trust: PolicyDocument;
  own: readonly PolicyDocument[];
  readonly attached: Map<string, PolicyDocument>;
  boundaryArn: string | undefined;
};

/** A deployed stack, kept from one deployment to the next. */
export class Stack {
  readonly name: string;
  readonly id: string;
  readonly resources = new Map<string, StackResource>();
  /** By ARN: AWS::IAM::Policy adds to a role that AWS::IAM::Role created. */
  readonly roles = new Map<string, Role>();

  constructor(account: Account, name: string) {
    this.name = name;
    this.id = account.arn('cloudformation', `stack/${name}/${account.random.uuid()}`);
  }

  /** The deployed resource with this ARN, to compare its properties with another's. */
  withArn(arn: string): StackResource | undefined {
    return [...this.resources.values()].find(({ attributes }) => attributes.Arn === arn);
  }
}

const stacks = new WeakMap<Account, Map<string, Stack>>();

export const stackOf = (account: Account, name: string): Stack => {
  const named = stacks.get(account) ?? new Map<string, Stack>();
  stacks.set(account, named);
  const stack = named.get(name) ?? new Stack(account, name);
  named.set(name, stack);
  return stack;
};
