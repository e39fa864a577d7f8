import type { Account } from './account.js';
import { type Assumptions, defaultAssumptions } from './assumptions.js';
import type { Caller } from './caller.js';
import { Clock, unanswered } from './clock.js';
import { AwsError, NotEmulated } from './errors.js';
import { EventLog } from './event-log.js';
import { type Fault, Faults } from './faults.js';
import type { Network } from './network/api.js';
import { EmulatedNetwork } from './network/network.js';
import { type Operation, readInput } from './operation.js';
import { Random } from './random.js';
import type { Services } from './services.js';
import type { Shape } from './shape.js';
import { Throttle } from './throttle.js';

export type AccountOptions = {
  readonly seed?: number;
  readonly region?: string;
  readonly accountId?: string;
  readonly partition?: string;
  readonly assumptions?: Partial<Assumptions>;
  /** Reads of ECS may be this much older than the newest write, in virtual ms; 0 turns stale reads off. Default 2,000. */
  readonly staleReadMs?: number;
  /** The first moment of virtual time. Default 2026-11-23T09:00:00Z. */
  readonly start?: Date;
};

/** The account, with the registry of its services' operations. */
export class EmulatedAccount implements Account {
  readonly clock: Clock;
  readonly faults = new Faults();
  readonly network: Network;
  readonly log: EventLog;
  readonly throttle: Throttle;
  readonly random: Random;
  readonly assumptions: Assumptions;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  readonly staleReadMs: number;
  /** Set by `createEmulator` once the services exist. */
  services!: Services;
  #operations = new Map<string, Operation>();

  constructor(options: AccountOptions = {}) {
    this.clock = new Clock(options.start?.getTime());
    this.network = new EmulatedNetwork(this.clock);
    this.log = new EventLog(this.clock);
    this.throttle = new Throttle(this.clock);
    this.random = new Random(options.seed ?? 1);
    this.region = options.region ?? 'eu-west-1';
    this.accountId = options.accountId ?? '123456789012';
    this.partition = options.partition ?? 'aws';
    this.assumptions = { ...defaultAssumptions(), ...options.assumptions };
    this.staleReadMs = options.staleReadMs ?? 2000;
  }

  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
  }

  add(operations: readonly Operation[]): void {
    for (const definition of operations) this.#operations.set(`${definition.service}.${definition.name}`, definition);
  }

  get operations(): readonly Operation[] {
    return [...this.#operations.values()];
  }

  operation(service: string, name: string): Operation | undefined {
    return this.#operations.get(`${service}.${name}`);
  }

  inputOf(service: string, name: string): Readonly<Record<string, Shape>> | undefined {
    return this.operation(service, name)?.input;
  }

  async request<Output = Record<string, unknown>>(caller: Caller, service: string, name: string, given: object): Promise<Output> {
    const definition = this.#operations.get(`${service}.${name}`);
    if (!definition) throw new NotEmulated(`${service}.${name}`);
    const input = readInput(definition, given);

    const fault = this.faults.ofRequest(service, name, caller);
    if (fault) return (await this.#applyFault(fault, caller, definition, input)) as Output;
    return (await this.#perform(caller, definition, input)) as Output;
  }

  async #applyFault(fault: Fault, caller: Caller, definition: Operation, input: object): Promise<unknown> {
    this.log.add('fault', fault.kind, { on: `${definition.service}.${definition.name}`, by: caller.arn });
    switch (fault.kind) {
      case 'throttled':
        throw new AwsError('ThrottlingException', 'Rate exceeded');
      case 'serverError':
        throw new AwsError('ServerException', 'The server could not answer', { status: 500 });
      case 'accessDenied':
        throw accessDenied(caller, `${definition.service}:${definition.name}`, '*');
      case 'expired':
        throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', { status: 403 });
      case 'conflict':
        throw new AwsError('ConflictException', 'The request conflicts with the present state of the resource');
      case 'timeoutBefore':
        return this.clock.yieldTo(unanswered());
      case 'timeoutAfter':
        await this.#perform(caller, definition, input);
        return this.clock.yieldTo(unanswered());
      case 'delayedEffect':
        this.clock.after(fault.delayMs ?? 20_000, async () => {
          await this.#perform(caller, definition, input).catch(() => {});
        });
        return this.clock.yieldTo(unanswered());
    }
  }

  async #perform(caller: Caller, definition: Operation, input: object): Promise<unknown> {
    if (definition.rateLimit) this.throttle.take(definition.rateLimit);
    const permissions = definition.permissions?.(input as never, this) ?? [
      { action: `${definition.service}:${definition.name}`, resource: '*' },
    ];
    const { iam } = this.services;
    for (const { action, resource, context } of permissions.flatMap((permission) => [permission, ...iam.keyPermissionsFor(permission)])) {
      if (!iam.isAllowed(caller, action, resource, context)) throw accessDenied(caller, action, resource, definition.service);
    }
    return definition.run(input as never, { account: this, caller });
  }
}

/** Codes of a denied KMS key, of services that have one of their own (SNS API, KMSAccessDenied; SQS API, KmsAccessDenied). */
const keyDenied: Readonly<Record<string, string>> = { sns: 'KMSAccessDenied', sqs: 'KMS.AccessDeniedException' };

const accessDenied = (caller: Caller, action: string, resource: string, service?: string): AwsError =>
  new AwsError(
    (action.startsWith('kms:') && service !== undefined && keyDenied[service]) || 'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`,
  );
