import * as requests from '../../core/commands/requests.js';
import { invoke } from '../act.js';
import type { Verb } from '../context.js';
import { type OperatorOptions, operatorOf } from '../operator.js';

/** A hold stops nothing that runs: it does not ask. */
export const run: Verb<[service: string], OperatorOptions & { readonly until?: string }> = async (context, [service], options) => {
  const request = requests.hold(service, options.until, operatorOf(context.environment, options));
  return invoke(context, await context.connect(), request);
};
