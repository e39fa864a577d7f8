import { locationOf } from '../notification/console-link.js';
import { stackOf } from '../records/execution-name.js';
import { commandLine } from './shell-word.js';

/**
 * What to paste into a shell. `npx --no-install` runs the command line that the project has installed, never a package of another owner
 * that is called slipway. `execution` is the ARN of an execution of the stack, from which its stage and Region follow.
 */
export const slipwayCommand = (words: readonly string[], execution: string): string => {
  const stage = stackOf(execution).slice('slipway-'.length);
  return commandLine(['npx', '--no-install', 'slipway', ...words, '--stage', stage, '--region', locationOf(execution).region]);
};
