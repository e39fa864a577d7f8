import type { Caller } from './caller.js';

/**
 * A fault of a request:
 * - `throttled`, `serverError`, `accessDenied`, `expired`, `conflict`: answered with that error, without an effect.
 * - `timeoutBefore`: no effect and no answer. `timeoutAfter`: the effect takes place, and the answer is lost.
 * - `delayedEffect`: no answer, and the effect takes place `delayMs` later.
 */
export type FaultKind =
  | 'throttled'
  | 'serverError'
  | 'accessDenied'
  | 'expired'
  | 'conflict'
  | 'timeoutBefore'
  | 'timeoutAfter'
  | 'delayedEffect';

export type Fault = {
  /** `ecs.UpdateService`; `ecs.*` for all of a service. */
  readonly on: string;
  /** Only for requests of this role, function or state machine: a part of the caller's ARN. */
  readonly by?: string;
  readonly kind: FaultKind;
  /** Requests that pass before the first fault; default 0. */
  readonly skip?: number;
  /** Requests that the fault applies to; default 1, Infinity for all. */
  readonly times?: number;
  readonly delayMs?: number;
};

/**
 * A fault of a function's invocation:
 * - `throws`, `timesOut`: before its first line.
 * - `killed`: its process ends with the answer to request number `afterRequests`, which it does not see.
 * - `twice`: it runs twice, and the second answer counts. `answerLost`: it runs, and its answer is lost.
 * - `clientTimesOut`, for the function of a Task state: it runs, and Step Functions' own client gives up on the connection; with
 *   `delayMs`, that long before the function starts.
 * - `startsLate`: `delayMs` after Invoke, as do its requests. `pauses`: for `delayMs`, after `afterRequests` requests.
 *   `returnsLate`: `delayMs` after its work, at most at its own time-out.
 */
export type InvocationFault = {
  /** The end of its name. */
  readonly function: string;
  readonly kind: 'throws' | 'timesOut' | 'killed' | 'twice' | 'answerLost' | 'clientTimesOut' | 'startsLate' | 'pauses' | 'returnsLate';
  /** Default 1. */
  readonly afterRequests?: number;
  /** Default 10,000, but 0 for `clientTimesOut`. */
  readonly delayMs?: number;
  readonly skip?: number;
  readonly times?: number;
};

/**
 * A fault of the delivery of an event from a rule to a target. `doubled`: the second delivery comes `delayMs` later, by default at
 * about the same time. `delayed`: by `delayMs`, default 60,000. `reordered`: until a second after the rule's next event was delivered to
 * that target, at most for `delayMs`, default 60,000.
 */
export type DeliveryFault = {
  /** A part of the rule's name. */
  readonly rule?: string;
  readonly detailType?: string;
  /** Such as `Scheduled Event`, of which a single one matters to nothing. */
  readonly exceptDetailType?: string;
  readonly kind: 'lost' | 'doubled' | 'delayed' | 'reordered';
  readonly delayMs?: number;
  readonly skip?: number;
  readonly times?: number;
};

/** A request at the moment of its fault lookup. */
export type FaultyRequest = { readonly on: string; readonly caller: Caller };

type Counted<F> = F & { skip: number; times: number };

/** A fault that was injected: how many requests it still applies to, and its end before that. */
export type Injected = { readonly left: () => number; readonly end: () => void };

const take = <F>(faults: Counted<F>[], matches: (fault: F) => boolean): F | undefined => {
  for (const fault of faults) {
    if (fault.times <= 0 || !matches(fault)) continue;
    if (fault.skip > 0) {
      fault.skip--;
      continue;
    }
    fault.times--;
    return fault;
  }
  return undefined;
};

/** Faults that a test has injected, in the order of injection; each applies to a limited number of requests. */
export class Faults {
  #requests: Counted<Fault>[] = [];
  #invocations: Counted<InvocationFault>[] = [];
  #deliveries: Counted<DeliveryFault>[] = [];
  #listeners = new Set<(request: FaultyRequest) => void>();

  /** Calls the listener for every request that a fault can apply to. Returns the function that ends the subscription. */
  onRequest(listener: (request: FaultyRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  inject(fault: Fault): Injected {
    return this.#add(this.#requests, fault);
  }

  injectInvocation(fault: InvocationFault): Injected {
    return this.#add(this.#invocations, fault);
  }

  injectDelivery(fault: DeliveryFault): Injected {
    return this.#add(this.#deliveries, fault);
  }

  #add<F extends { readonly skip?: number; readonly times?: number }>(faults: Counted<F>[], fault: F): Injected {
    const counted: Counted<F> = { ...fault, skip: fault.skip ?? 0, times: fault.times ?? 1 };
    faults.push(counted);
    return {
      left: () => counted.times,
      end: () => {
        counted.times = 0;
      },
    };
  }

  clear(): void {
    this.#requests = [];
    this.#invocations = [];
    this.#deliveries = [];
  }

  ofRequest(service: string, operation: string, caller: Caller): Fault | undefined {
    for (const listener of this.#listeners) listener({ on: `${service}.${operation}`, caller });
    return take(
      this.#requests,
      ({ on, by }) => (on === `${service}.${operation}` || on === `${service}.*`) && (by === undefined || caller.arn.includes(by)),
    );
  }

  ofInvocation(functionName: string): InvocationFault | undefined {
    return take(this.#invocations, (fault) => functionName.endsWith(fault.function));
  }

  ofDelivery(ruleName: string, eventDetailType: string): DeliveryFault | undefined {
    return take(
      this.#deliveries,
      ({ rule = '', detailType = eventDetailType, exceptDetailType }) =>
        ruleName.includes(rule) && detailType === eventDetailType && exceptDetailType !== eventDetailType,
    );
  }
}
