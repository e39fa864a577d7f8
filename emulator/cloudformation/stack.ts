import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
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

/** As DescribeStackEvents answers it; `type` of the stack's own events is AWS::CloudFormation::Stack. */
export type StackEvent = {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly time: Date;
};

/** A deployed stack, kept from one deployment to the next. */
export class Stack {
  readonly name: string;
  readonly id: string;
  readonly creationTime: Date;
  readonly resources = new Map<string, StackResource>();
  /** Oldest first. */
  readonly events: StackEvent[] = [];
  status = '';
  outputs: Readonly<Record<string, string>> = {};
  #account: Account;
  /** By ARN: AWS::IAM::Policy adds to a role that AWS::IAM::Role created. */
  readonly roles = new Map<string, Role>();

  constructor(account: Account, name: string) {
    this.#account = account;
    this.name = name;
    this.creationTime = account.clock.date();
    this.id = account.arn('cloudformation', `stack/${name}/${account.random.uuid()}`);
  }

  /** Records an event of the stack itself; its status is the stack's. */
  setStatus(status: string, reason?: string): void {
    this.status = status;
    this.addEvent({ logicalId: this.name, physicalId: this.id, type: 'AWS::CloudFormation::Stack', status, reason });
  }

  addEvent(event: Omit<StackEvent, 'id' | 'time'>): void {
    this.events.push({ ...event, id: this.#account.random.uuid(), time: this.#account.clock.date() });
  }

  /** The deployed resource with this ARN, to compare its properties with another's. */
  withArn(arn: string): StackResource | undefined {
    return [...this.resources.values()].find(({ attributes }) => attributes.Arn === arn);
  }
}

const stacks = new WeakMap<Account, Map<string, Stack>>();

/** The stack with this name or ID, once it was deployed. @throws AwsError ValidationError */
export const findStack = (account: Account, nameOrId: string): Stack => {
  const all = [...(stacks.get(account)?.values() ?? [])];
  const stack = all.find(({ name, id, status }) => (name === nameOrId || id === nameOrId) && status !== '');
  if (!stack) throw new AwsError('ValidationError', `Stack with id ${nameOrId} does not exist`);
  return stack;
};

/** Every stack that was deployed. */
export const deployedStacks = (account: Account): Stack[] =>
  [...(stacks.get(account)?.values() ?? [])].filter(({ status }) => status !== '');

export const stackOf = (account: Account, name: string): Stack => {
  const named = stacks.get(account) ?? new Map<string, Stack>();
  stacks.set(account, named);
  const stack = named.get(name) ?? new Stack(account, name);
  named.set(name, stack);
  return stack;
};
