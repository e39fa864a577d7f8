import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export type Finished = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

/** Starts the command line as a process whose outputs are pipes. CI is set: that alone must not switch colours on. */
export const startCli = (...args: string[]): { child: ChildProcessWithoutNullStreams; finished: Promise<Finished> } => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/local.ts', ...args], {
    env: { ...process.env, CI: 'true', SLIPWAY_CONFIG: '' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject).once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { child, finished };
};
