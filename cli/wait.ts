import { setTimeout } from 'node:timers/promises';
import type { Result } from '../core/result/result.js';
import type { Context } from './context.js';
import { type ExitStatus, exitStatusOf } from './exit-status.js';
import { clean } from './render/clean.js';
import { jsonText } from './render/json.js';
import type { StackClient } from './stack-client.js';

type Target = { readonly release?: string; readonly deployment?: string };

const resultOf = async (client: StackClient, { release, deployment = '' }: Target): Promise<Result | undefined> =>
  release === undefined
    ? (await client.query('deployment', { deployment })).deployment.result
    : (await client.query('release', { release })).release?.result;

/** Waits for the result of an execution. */
export const waitFor = async ({ terminal, options, signal }: Context, client: StackClient, target: Target): Promise<ExitStatus> => {
  for (;;) {
    const result = await resultOf(client, target);
    if (result) {
      terminal.print(options.json ? jsonText(result) : clean(`${result.outcome}, ${result.reason}: ${result.message}`));
      return exitStatusOf(result);
    }
    await setTimeout(2000, undefined, { signal });
  }
};
