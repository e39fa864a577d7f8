import type { Executions } from '../../aws/execution.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { type Configuration, configuredServices } from '../../core/configuration/configuration.js';
import { appliedHold } from '../../core/lease/lease.js';
import { type HoldRelease, type NamedState, withheldStarts } from '../../core/release/withheld.js';

export type WithheldDeps = {
  readonly configuration: Configuration;
  /** ARN of the release machine. */
  readonly machine: string;
  readonly executions: Pick<Executions, 'start'>;
  readonly states: Pick<ServiceStateRepository, 'of'>;
};

/** `isStillHeld`: is every service on hold? `failed`: what could not be read or started. */
export type Started = {
  /** ARNs of the executions that were started: none if all were started before. */
  readonly started: readonly string[];
  readonly isStillHeld: boolean;
  readonly failed: readonly Error[];
};

/**
 * Starts a release of every image that the hold of a service, or of every service (`*`), kept back, unless another hold still
 * applies. An item that cannot be read, or an execution that cannot be started, keeps no other one back.
 */
export const startWithheld = async (
  { configuration, machine, executions, states }: WithheldDeps,
  service: string,
  release: HoldRelease,
): Promise<Started> => {
  const all = new Set(configuredServices(configuration).map((one) => one.service.service));
  const services = service === '*' ? [...all] : [service];
  const read = async (one: string): Promise<NamedState> => ({ service: one, state: await states.of(one) });
  const [everywhere, ...found] = await Promise.allSettled(['*', ...services].map(read));
  // Without the hold of every service it is not known what still applies.
  if (everywhere?.status !== 'fulfilled') return { started: [], isStillHeld: false, failed: failuresOf([everywhere]) };
  const { hold } = everywhere.value.state;
  const starts = withheldStarts(configuration, valuesOf(found), hold, release);
  const answers = await Promise.allSettled(starts.map(({ name, input }) => executions.start(machine, name, input)));
  return {
    started: valuesOf(answers).flatMap(({ execution, isOver }) => (isOver ? [] : [execution])),
    isStillHeld: appliedHold({}, hold, release.until) !== undefined,
    failed: failuresOf([...found, ...answers]),
  };
};

const valuesOf = <Value>(settled: readonly PromiseSettledResult<Value>[]): Value[] =>
  settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));

const failuresOf = (settled: readonly (PromiseSettledResult<unknown> | undefined)[]): Error[] =>
  settled.flatMap((one) => (one?.status === 'rejected' ? [one.reason as Error] : []));
