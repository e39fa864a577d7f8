import { reportResult } from '../act.js';
import type { Verb } from '../context.js';
import { type OperatorOptions, operatorOf } from '../operator.js';

/** A hold stops nothing that runs: it does not ask. */
export const run: Verb<[service: string], OperatorOptions & { readonly until?: string }> = async (context, [service], options) => {
  const { until } = options;
  const input = { command: 'hold', service, ...(until !== undefined && { until }), ...operatorOf(context.environment, options) };
  return reportResult(context, await (await context.connect()).invoke('control', input));
};
