import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCli } from '../cli/build.js';
import { startLocalStack } from '../cli/local-stack.js';
import { median } from './median.js';

/** What a process of the command line takes, and how often what `node -e 0` takes in the same run. */
export type CommandUsage = { readonly command: string; readonly milliseconds: number; readonly ratio: number; readonly mayBe: number };

const REPETITIONS = 31;

const commands = [
  { command: 'node -e 0', mayBe: 1, args: () => ['-e', '0'] },
  { command: 'slipway --help', mayBe: 1.5, args: (bin: string) => [bin, '--help'] },
  { command: 'slipway status', mayBe: 5, args: (bin: string) => [bin, 'status', '--stage', 'dev'] },
];

const millisecondsOf = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject).once('exit', (status) => {
      if (status === 0) resolve(performance.now() - start);
      else reject(new Error(`node ${args.join(' ')} ended with ${status}`));
    });
  });

/** Medians of whole processes of the bundled command, in turn; `status` asks the packaged stack on the emulator. */
export const commandUsage = async (): Promise<CommandUsage[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-cli-'));
  const local = await startLocalStack({ port: 0, configurationFile: 'slipway.yml', progress: () => undefined });
  const stop = local.runInRealTime(1);
  try {
    cpSync('cli/package', folder, { recursive: true });
    await buildCli(join(folder, 'dist'));
    const bin = join(folder, 'bin/slipway.cjs');
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      AWS_ENDPOINT_URL: local.url,
      AWS_REGION: local.region,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
    };
    const times: number[][] = commands.map(() => []);
    for (let repetition = 0; repetition < REPETITIONS; repetition++)
      for (const [index, { args }] of commands.entries()) times[index]?.push(await millisecondsOf(args(bin), env));
    const medians = times.map(median);
    return commands.map(({ command, mayBe }, index) => {
      const milliseconds = medians[index] ?? 0;
      return { command, milliseconds, ratio: milliseconds / (medians[0] ?? 1), mayBe };
    });
  } finally {
    await stop();
    await local.close();
    rmSync(folder, { recursive: true });
  }
};
