import type { Executions } from '../../aws/execution.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { type Configuration, configuredServices } from '../../core/configuration/configuration.js';
import { type HoldRelease, withheldStarts } from '../../core/release/withheld.js';

export type WithheldDeps = {
  readonly configuration: Configuration;
  /** ARN of the release machine. */
  readonly machine: string;
  readonly executions: Pick<Executions, 'start'>;
  readonly states: Pick<ServiceStateRepository, 'of'>;
};

/**
 * Starts a release of every image that the hold of a service, or of every service (`*`), kept back, unless another hold still
 * applies. Answers the ARNs of the executions that it started: none if all were started before.
 */
export const startWithheld = async (
  { configuration, machine, executions, states }: WithheldDeps,
  service: string,
  release: HoldRelease,
): Promise<readonly string[]> => {
  const all = new Set(configuredServices(configuration).map((one) => one.service.service));
  const services = service === '*' ? [...all] : [service];
  const { hold: holdOfAll } = await states.of('*');
  const found = await Promise.all(services.map((one) => states.of(one)));
  const starts = withheldStarts(found, holdOfAll, release).map(({ name, input }) => executions.start(machine, name, input));
  return (await Promise.all(starts)).flatMap(({ execution, isOver }) => (isOver ? [] : [execution]));
};
