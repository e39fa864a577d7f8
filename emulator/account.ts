import type { Assumptions } from './assumptions.js';
import type { Caller } from './caller.js';
import type { Clock } from './clock.js';
import type { EventLog } from './event-log.js';
import type { Faults } from './faults.js';
import type { Network } from './network/api.js';
import type { Random } from './random.js';
import type { Services } from './services.js';
import type { Shape } from './shape.js';
import type { Throttle } from './throttle.js';

/** One emulated account in one Region: what all services share. */
export type Account = {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: EventLog;
  readonly throttle: Throttle;
  readonly random: Random;
  /** What functions reach beside AWS. */
  readonly network: Network;
  readonly assumptions: Assumptions;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  /** Reads of ECS may be this much older than the newest write, in virtual ms. */
  readonly staleReadMs: number;
  /** What the services offer each other, beside their operations. */
  readonly services: Services;
  /** `arn('ecs', 'cluster/production')` is `arn:aws:ecs:eu-west-1:123456789012:cluster/production`. */
  arn(service: string, resource: string): string;
  /** The members of an operation's input; undefined when the operation is not emulated. */
  inputOf(service: string, name: string): Readonly<Record<string, Shape>> | undefined;
  /**
   * One request, in this order: known operation and members, an injected fault, throttling, IAM, the operation itself.
   * The caller counts as work on the clock meanwhile (Clock.begin, Activity.request). Rejects with AwsError.
   */
  request<Output = Record<string, unknown>>(caller: Caller, service: string, name: string, input: object): Promise<Output>;
};
