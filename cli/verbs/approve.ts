import { decide } from '../../core/commands/requests.js';
import { moment } from '../../core/result/moment.js';
import { invoke } from '../act.js';
import { CommandError } from '../command-error.js';
import { confirming } from '../confirm.js';
import type { Verb } from '../context.js';
import { exitStatuses } from '../exit-status.js';
import { waitingBefore } from '../gate.js';
import { type OperatorOptions, operatorOf } from '../operator.js';
import { imageText, runsLines } from '../preview.js';

export const run: Verb<[repository: string, stage: string], OperatorOptions & { readonly digest?: string }> = async (
  context,
  [repository, stage],
  options,
) => {
  if (options.yes && options.digest === undefined)
    throw new CommandError('with --yes, approve needs --digest: it is given to the image that was looked at, and to no other', {
      status: exitStatuses.usage,
    });
  const confirm = confirming(context, 'approve');
  const client = await context.connect();
  let { digest } = options;
  await confirm(async () => {
    const { waiting, services } = await waitingBefore(client, repository, stage);
    const image = imageText(waiting.image);
    if (digest !== undefined && digest !== waiting.image.digest)
      throw new CommandError(`${image} waits before ${stage}, and not ${digest}`, { status: exitStatuses.notDeployed });
    digest = waiting.image.digest;
    return {
      preview: [`${image} waits before ${stage} since ${moment(waiting.since)}: ${digest}`, ...services.flatMap(runsLines)],
      question: `Approve ${image} for ${stage}?`,
    };
  });
  return invoke(context, client, decide('approve', { repository, stage, digest }, operatorOf(context.environment, options)));
};
