import { decide } from '../../core/commands/requests.js';
import { invoke } from '../act.js';
import type { Verb } from '../context.js';
import { waitingBefore } from '../gate.js';
import { type OperatorOptions, operatorOf } from '../operator.js';

/** A rejection leaves what runs as it is: it does not ask. Without --digest it is of the image that waits. */
export const run: Verb<[repository: string, stage: string], OperatorOptions & { readonly digest?: string }> = async (
  context,
  [repository, stage],
  options,
) => {
  const client = await context.connect();
  const digest = options.digest ?? (await waitingBefore(client, repository, stage)).waiting.image.digest;
  return invoke(context, client, decide('reject', { repository, stage, digest }, operatorOf(context.environment, options)));
};
