import { cancelDeployment, cancelRelease } from '../../core/commands/requests.js';
import { moment } from '../../core/result/moment.js';
import { invoke } from '../act.js';
import { CommandError } from '../command-error.js';
import { type Asked, confirming } from '../confirm.js';
import type { Verb } from '../context.js';
import { exitStatuses } from '../exit-status.js';
import { waitingBefore } from '../gate.js';
import { type OperatorOptions, operatorOf } from '../operator.js';
import { imageText, runsLines } from '../preview.js';
import type { StackClient } from '../stack-client.js';

type Options = OperatorOptions & { readonly stopTask?: boolean };

const ofRelease = async (client: StackClient, repository: string, stage: string): Promise<Asked> => {
  const { waiting } = await waitingBefore(client, repository, stage);
  const image = imageText(waiting.image);
  return {
    preview: [`${image} waits before ${stage} since ${moment(waiting.since)}`],
    question: `Cancel the release of ${image}, so that it does not reach ${stage}?`,
  };
};

const ofDeployment = async (client: StackClient, service: string): Promise<Asked> => {
  const { services } = await client.query('status', { service });
  if (services.some(({ current, unreadable }) => !current && unreadable === undefined))
    throw new CommandError(`no deployment of ${service} is in progress`, { status: exitStatuses.notDeployed });
  return {
    preview: services.flatMap(runsLines),
    question: `Cancel the deployment of ${service}, and roll back what it has updated?`,
  };
};

export const run: Verb<[name: string, stage?: string], Options> = async (context, [name, stage], options) => {
  const { stopTask } = options;
  if (stage !== undefined && stopTask)
    throw new CommandError('--stop-task is for the deployment of a service: a release that waits before a stage runs no task', {
      status: exitStatuses.usage,
    });
  const confirm = confirming(context, 'cancel');
  const client = await context.connect();
  await confirm(() => (stage === undefined ? ofDeployment(client, name) : ofRelease(client, name, stage)));
  const operator = operatorOf(context.environment, options);
  const request = stage === undefined ? cancelDeployment(name, stopTask, operator) : cancelRelease(name, stage, operator);
  return invoke(context, client, request);
};
