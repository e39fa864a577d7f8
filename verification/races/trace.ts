import type { BeforeTask, HookedDeployment } from '../hook-oracle.js';
import type { Race } from './race.js';
import type { Passage, Visit } from './visits.js';

/** A push, and when its event is delivered: never, if it is lost. */
export type PushEvent = {
  readonly digest: string;
  /** Of the second source's repository. */
  readonly isProxy?: boolean;
  readonly at: number;
  readonly deliveredAt: number;
  readonly works: boolean;
};

/** One UpdateService: ours, forward or back, or an operator's in the console. The digest is empty if the image is named by tag: the first one. */
export type Update = {
  readonly at: number;
  readonly by: 'forward' | 'rollback' | 'operator';
  readonly revision: string;
  readonly digest: string;
  /** The image of the service's other source in the revision. */
  readonly otherDigest?: string;
  /** The execution that registered the revision. */
  readonly execution: string;
};

export type Execution = {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly startTime: number;
  readonly stopTime: number | undefined;
  readonly input: unknown;
};

/** A record of the table, as far as the oracle reads it. */
export type Record = HookedDeployment & {
  readonly pk: string;
  readonly sk: string;
  readonly execution: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly pending?: string;
  readonly outcome?: string;
  readonly reason?: string;
  /** The key of the release that started a deployment. */
  readonly release?: string;
  readonly revision?: string;
  readonly pushedAt?: string;
  readonly trigger: { readonly kind: string };
  readonly operation?: { readonly kind: string };
  readonly image?: { readonly digest: string; readonly repository?: string };
  readonly evidence?: { readonly failedTasks: number; readonly groups: readonly { readonly count: number }[] };
};

/** The observations after a race. */
export type Trace = {
  readonly race: Race;
  /** The digest that ran before the race. */
  readonly first: string;
  readonly pushes: readonly PushEvent[];
  readonly updates: readonly Update[];
  readonly executions: readonly Execution[];
  readonly messages: readonly { readonly id: string; readonly outcome: string; readonly reason: string }[];
  readonly records: readonly Record[];
  /** The service's state item. */
  readonly state: { readonly [name: string]: unknown };
  /** Is there still a watch item of the service? */
  readonly isWatched: boolean;
  /** When the alarm of the service went into ALARM. */
  readonly alarms: readonly number[];
  readonly beforeTasks: readonly BeforeTask[];
  /** When an operator cancelled a deployment. */
  readonly cancels: readonly number[];
  /** The digests that operators approved, and when; and when one cancelled a release that waited. */
  readonly approvals: readonly { readonly digest: string; readonly at: number }[];
  /** The gates that are left. */
  readonly gates: readonly string[];
  readonly visits: readonly Visit[];
  readonly passages: readonly Passage[];
  /** When an event of ECS reached its function. */
  readonly arrivals: readonly number[];
  /** Every fault that took effect, but those of pushes: on a function, a rule, or a call `by` a role. */
  readonly faults: readonly { readonly at: number; readonly kind: string; readonly on: string; readonly by: string }[];
  /** The ends of ECS's rollouts; of a failed one, the revision is not known. */
  readonly rollouts: readonly { readonly at: number; readonly type: string; readonly revision: string }[];
  /** The revisions of the tasks that stopped. */
  readonly stopped: readonly string[];
  /** Messages and records, as text. */
  readonly written: string;
  readonly claims: readonly string[];
  readonly running: readonly string[];
  /** The second source of the service, if it has two: what ran before the race, and what runs. */
  readonly proxy?: Pick<Trace, 'first' | 'running'>;
  /** Functions that failed, dead letters, bugs of the emulator. */
  readonly failures: readonly string[];
};
