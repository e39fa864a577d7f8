import { executionArn, machineOf } from '../../core/records/execution-name.js';
import { kindOfRecord } from '../../core/records/record-name.js';
import { CommandError } from '../command-error.js';
import type { Context, Verb } from '../context.js';
import { type ExitStatus, exitStatuses } from '../exit-status.js';
import { deploymentLines } from '../render/deployment.js';
import { sections } from '../render/layout.js';
import { printAnswer } from '../render/print-answer.js';
import { releaseLines } from '../render/release.js';
import type { StackClient } from '../stack-client.js';

export const run: Verb<[id: string]> = async (context, [id]) => {
  const client = await context.connect();
  const kind = executionArn.test(id) ? machineOf(id) : kindOfRecord(id);
  if (kind === 'deployment') return showDeployment(context, client, id);
  if (kind === 'release') return showRelease(context, client, id);
  return (
    (await unlessNotFound(showRelease(context, client, id))) ??
    (await unlessNotFound(showDeployment(context, client, id))) ??
    notFound(id, client)
  );
};

const unlessNotFound = async (shown: Promise<ExitStatus>): Promise<ExitStatus | undefined> => {
  try {
    return await shown;
  } catch (error) {
    if (error instanceof CommandError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
};

const notFound = (id: string, { stage, region }: StackClient): never => {
  throw new CommandError(`no release and no deployment of slipway-${stage} in ${region} is called ${JSON.stringify(id)}`, {
    status: exitStatuses.usage,
    code: 'NOT_FOUND',
  });
};

const showRelease = async (context: Context, client: StackClient, id: string): Promise<ExitStatus> => {
  const answer = await client.query('release', { release: id });
  const { release, other } = answer;
  if (!release) return notFound(id, client);
  return printAnswer(context, answer, (style) => sections(releaseLines(release, style), other ? releaseLines(other, style) : []));
};

const showDeployment = async (context: Context, client: StackClient, id: string): Promise<ExitStatus> => {
  const answer = await client.query('deployment', { deployment: id });
  return printAnswer(context, answer, (style) => deploymentLines(answer.deployment, style));
};
