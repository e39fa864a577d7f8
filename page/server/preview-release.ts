import { parseImage } from '../../cli/names.js';
import { nameToType, stagesOf } from '../../core/commands/name-to-type.js';
import { shortName } from '../../core/image/image-name.js';
import type { ServiceStatus } from '../../core/query/answers.js';
import type { Preview } from '../api.js';
import { PageError } from './page-error.js';
import { type Client, desiredOfAll, type Given, line, needed, taskLine } from './preview-lines.js';

/** What the policy says of each service that a release reaches. */
export const release = async (client: Client, image: string): Promise<Preview> => {
  const { repository, tag, digest } = parseImage(image);
  const subject = tag === undefined ? { digest: digest ?? '' } : { tag };
  const answer = await client.query('explain', { repository, ...subject, byHand: true });
  const lines = answer.explain.map(({ service, stage, isDeployed, message }) =>
    line(isDeployed ? 'change' : 'gate', `${service ?? stage ?? repository}: ${message}`),
  );
  if (!answer.image) return { lines, refused: `no image ${image} is in the registry of the stack` };
  const isOther = digest !== undefined && answer.image.digest !== digest;
  return {
    lines,
    digest: answer.image.digest,
    ...(isOther && { refused: `${repository}:${tag} names ${answer.image.digest} now, not ${digest}` }),
  };
};

export const rollbackRelease = async ({ client, command, installation, desiredOf }: Given): Promise<Preview> => {
  const repository = needed(command.repository, 'repository');
  const target = { repository, stage: command.stage };
  const stages = stagesOf(installation, target);
  if (stages.length === 0)
    throw new PageError(422, { reason: 'INVALID_INPUT', message: `${repository} has no stage ${JSON.stringify(command.stage)}` });
  const { services } = await client.query('status', { repository });
  const names = stages.flatMap((stage) => stage.services.map(({ service }) => service));
  const reached = services.filter(({ service }) => names.includes(service));
  const tasks = desiredOfAll(
    reached.map(({ service }) => service),
    desiredOf,
  );
  const confirm = nameToType(installation, target);
  return {
    lines: [
      ...reached.map((one) =>
        line('change', `${one.service}: from ${runsOf(one, repository)} to what ran before the release, if it changed it.`),
      ),
      ...taskLine(tasks),
      line('hold', 'The next push deploys again, unless you hold the services too.'),
    ],
    ...(confirm !== undefined && { confirm }),
  };
};

const runsOf = ({ sources }: ServiceStatus, repository: string): string => {
  const deployed = sources.find((source) => source.repository === repository)?.lastDeployed;
  return deployed ? shortName(deployed) : 'what runs';
};

/** The release that waits before a stage, or why there is none. */
const waitingOf = async ({ client, command }: Given) => {
  const [repository, stage] = [needed(command.repository, 'repository'), needed(command.stage, 'stage')];
  const status = await client.query('status', { repository });
  const found = status.repositories.find((one) => one.repository === repository)?.stages.find(({ name }) => name === stage);
  if (!found) throw new PageError(422, { reason: 'INVALID_INPUT', message: `${repository} has no stage ${JSON.stringify(stage)}` });
  return { repository, stage, waiting: found.waiting, services: found.services };
};

export const cancelGate = async (given: Given): Promise<Preview> => {
  const { repository, stage, waiting } = await waitingOf(given);
  if (!waiting) return { lines: [], refused: `no release of ${repository} waits before ${stage}` };
  const confirm = nameToType(given.installation, { repository, stage });
  return {
    lines: [line('change', `The release of ${shortName(waiting.image)} ends: it does not reach ${stage}.`)],
    digest: waiting.image.digest,
    ...(confirm !== undefined && { confirm }),
  };
};

export const answer = async (given: Given): Promise<Preview> => {
  const { repository, stage, waiting, services } = await waitingOf(given);
  if (waiting?.for !== 'approval') return { lines: [], refused: `no release of ${repository} waits for approval before ${stage}` };
  const { command, desiredOf } = given;
  const { image } = waiting;
  const isOther = command.digest !== undefined && command.digest !== image.digest;
  const tasks = desiredOfAll(services, desiredOf);
  return {
    lines:
      command.command === 'approve'
        ? [line('change', `${shortName(image)} is deployed to ${stage}: ${services.join(', ')}.`), ...taskLine(tasks)]
        : [line('change', `The release of ${shortName(image)} ends: it does not reach ${stage}. What runs stays.`)],
    digest: image.digest,
    ...(isOther && { refused: `another image waits now: ${shortName(image)}` }),
  };
};
