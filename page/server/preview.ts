import type { Command, Preview } from '../api.js';
import { commandError } from './command-errors.js';
import { checkNames, type Installation } from './command-request.js';
import type { Client, DesiredOf, Given } from './preview-lines.js';
import { answer, rollbackRelease } from './preview-release.js';
import { cancel, deploy, hold, redeploy, rollback, unhold } from './preview-service.js';

/** What a command would change, for its dialog; a deploy may still lack its image. @throws PageError */
export const previewOf = async (client: Client, command: Command, desiredOf: DesiredOf = () => undefined): Promise<Preview> => {
  try {
    const installation = await client.query('installation', {});
    checkNamesOf(command, installation);
    return await previews[command.command]({ client, command, installation, desiredOf });
  } catch (error) {
    throw commandError(error);
  }
};

/** A deploy without its image has one to choose: only the names that it has are checked. */
const checkNamesOf = (command: Command, installation: Installation): void => {
  const { service, repository, command: name } = command;
  if (name === 'deploy' && command.image !== undefined)
    checkNames({ command: name, image: command.image, ...named(service) }, installation);
  else if (service !== undefined && service !== '*') checkNames({ command: 'redeploy', service }, installation);
  if (repository !== undefined) checkNames({ command: 'rollbackRelease', repository }, installation);
};

const named = (service: string | undefined) => (service === undefined ? {} : { service });

const previews: Readonly<Record<Command['command'], (given: Given) => Promise<Preview>>> = {
  deploy,
  redeploy,
  rollback,
  rollbackRelease,
  hold,
  unhold,
  cancel,
  approve: answer,
  reject: answer,
};
