import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { checkName } from './check-name.js';
import { compileDefinition } from './definition/compile-definition.js';
import type { Document } from './interpreter/document.js';
import { Execution } from './interpreter/execution.js';
import type { ExecutionStore } from './interpreter/execution-scope.js';
import { functionsOf } from './interpreter/jsonata-functions.js';
import { Tokens } from './interpreter/tokens.js';
import type { Machine } from './machine.js';

const servicePrincipal = 'states.amazonaws.com';

/** The account's state machines, executions and task tokens. */
export class Store implements ExecutionStore {
  readonly account: Account;
  readonly functions: Readonly<Record<string, unknown>>;
  readonly tokens: Tokens;
  readonly machines = new Map<string, Machine>();
  readonly executions = new Map<string, Execution>();

  constructor(account: Account) {
    this.account = account;
    this.functions = functionsOf(account);
    this.tokens = new Tokens(account);
  }

  machine(arn: string): Machine {
    checkArn(arn);
    const machine = this.machines.get(arn);
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  execution(arn: string): Execution {
    checkArn(arn);
    const execution = this.executions.get(arn);
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  /** Newest first. */
  executionsOf(machineArn: string): Execution[] {
    return [...this.executions.values()].filter(({ machine }) => machine.arn === machineArn).reverse();
  }

  create({ name, arn, roleArn, definition }: { name: string; arn: string; roleArn: string; definition: unknown }): Machine {
    checkName(name);
    this.#checkRole(roleArn, arn);
    const creationDate = this.account.clock.date();
    const machine: Machine = {
      arn,
      name,
      roleArn,
      definition: compileDefinition(definition),
      creationDate,
      updateDate: creationDate,
      status: 'ACTIVE',
      revisionId: undefined,
    };
    this.machines.set(arn, machine);
    return machine;
  }

  update(machine: Machine, { roleArn, definition }: { roleArn?: string | undefined; definition?: unknown }): void {
    if (roleArn !== undefined) this.#checkRole(roleArn, machine.arn);
    const compiled = definition === undefined ? machine.definition : compileDefinition(definition);
    const isSame = compiled.text === machine.definition.text && (roleArn ?? machine.roleArn) === machine.roleArn;
    machine.definition = compiled;
    machine.roleArn = roleArn ?? machine.roleArn;
    machine.updateDate = this.account.clock.date();
    if (!isSame || machine.revisionId === undefined) machine.revisionId = this.account.random.uuid();
  }

  start(machine: Machine, name: string, input: Document): Execution {
    const execution = new Execution(this, machine, { arn: this.executionArn(machine, name), name, input });
    this.executions.set(execution.arn, execution);
    execution.whenEnded(() => {
      if (machine.status === 'DELETING') this.delete(machine.arn);
    });
    execution.start();
    return execution;
  }

  executionArn(machine: Machine, name: string): string {
    return this.account.arn('states', `execution:${machine.name}:${name}`);
  }

  /** A machine is DELETING until its last execution has ended. */
  delete(arn: string): void {
    const machine = this.machines.get(arn);
    if (!machine) return;
    machine.status = 'DELETING';
    if (!this.executionsOf(arn).some(({ status }) => status === 'RUNNING')) this.machines.delete(arn);
  }

  #checkRole(roleArn: string, machineArn: string): void {
    if (this.account.services.iam.canAssume(roleArn, servicePrincipal, machineArn)) return;
    throw new AwsError(
      'AccessDeniedException',
      `Neither the global service principal ${servicePrincipal}, nor the regional one is authorized to assume the provided role.`,
    );
  }
}

const checkArn = (arn: string): void => {
  if (!arn.startsWith('arn:')) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
};
