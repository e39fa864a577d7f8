import { parseImage, resolveRepository, resolveService } from '../../cli/names.js';
import type { AnswerTo } from '../../cli/stack-client.js';
import { nameToType, type Target } from '../../core/commands/name-to-type.js';
import * as requests from '../../core/commands/requests.js';
import { nameOfImage } from '../../core/image/image-reference.js';
import { parseControlInput } from '../../core/input/control-input.js';
import { parseDecideInput } from '../../core/input/decide-input.js';
import { parseDeploymentInput } from '../../core/input/deployment-input.js';
import { parseReleaseInput } from '../../core/input/release-input.js';
import type { ParsedCommand } from './command-input.js';

export type Installation = AnswerTo<'installation'>;

/** What a command asks of the stack: as the command line would. @throws CommandError for an image that cannot be read */
export const requestOf = (
  command: ParsedCommand,
  { stack }: Installation,
  operator: requests.Operator,
): requests.Start | requests.Invocation => {
  switch (command.command) {
    case 'deploy': {
      const image = parseImage(command.image);
      const forced = { force: command.force, ...operator };
      if (command.service === undefined) return requests.deployRelease(image, forced);
      const what = nameOfImage({ tag: undefined, digest: undefined, ...image });
      return requests.deployService(command.service, what, { image: requests.imageUri(stack.machines.deployment, image) }, forced);
    }
    case 'redeploy':
      return requests.deployService(command.service, 'what it runs', { redeploy: true }, { force: command.force, ...operator });
    case 'rollback':
      return requests.rollBackService(command.service, command.repository, operator);
    case 'rollbackRelease':
      return requests.rollBackRelease(command.repository, command, operator);
    case 'hold':
      return requests.hold(command.service, command.until, operator);
    case 'unhold':
      return requests.unhold(command.service, operator);
    case 'cancel':
      if ('service' in command) return requests.cancelDeployment(command.service, undefined, operator);
      return requests.cancelRelease(command.repository, command.stage, operator);
    case 'approve':
    case 'reject':
      return requests.decide(command.command, command, operator);
  }
};

/** Checks the names of a command. @throws CommandError for one that slipway.yml has not, with what was probably meant */
export const checkNames = (command: ParsedCommand, installation: Installation): void => {
  if ('service' in command && command.service !== undefined && !isAll(command)) resolveService(command.service, installation);
  if ('repository' in command && command.repository !== undefined) resolveRepository(command.repository, installation);
  if (command.command === 'deploy') resolveRepository(parseImage(command.image).repository, installation);
};

const isAll = ({ command, ...given }: ParsedCommand): boolean =>
  (command === 'hold' || command === 'unhold') && 'service' in given && given.service === '*';

/** Checks the input by the stack's own parsers, before anything is started. @throws RejectedInput */
export const checkInput = (request: requests.Start | requests.Invocation, { stack, at }: Installation): void => {
  const { input } = request;
  if ('name' in request) {
    if (request.name === 'control') parseControlInput(input, at);
    else parseDecideInput(input);
    return;
  }
  const execution = `${stack.machines[request.machine].replace(':stateMachine:', ':execution:')}:page`;
  if (request.machine === 'release') parseReleaseInput(input, execution);
  else parseDeploymentInput(input, execution);
};

/** The name to type for a command: of production, what is rolled back or cancelled. */
export const nameToTypeFor = (command: ParsedCommand, installation: Installation): string | undefined => {
  const target = targetOf(command);
  return target && nameToType(installation, target);
};

const targetOf = (command: ParsedCommand): Target | undefined => {
  switch (command.command) {
    case 'rollback':
      return { service: command.service };
    case 'rollbackRelease':
      return { repository: command.repository, stage: command.stage };
    case 'cancel':
      return 'service' in command ? { service: command.service } : { repository: command.repository, stage: command.stage };
    default:
      return undefined;
  }
};
