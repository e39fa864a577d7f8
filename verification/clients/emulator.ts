import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Runs a program to its end; `output` is what it writes to both streams. */
export const outputOf = (
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ exitCode: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, words, { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject).once('close', (exitCode) => resolve({ exitCode, output }));
  });

/**
 * `npm start`, with a minute in a second, and with more options.
 *
 * @throws Error if it ends before the stack is up
 */
export const startEmulator = async (...options: readonly string[]): Promise<{ url: string; stop: () => void }> => {
  const words = ['--import', 'tsx', 'cli/local.ts', 'start', '--json', '--port', '0', '--speed', '60', ...options];
  const emulator = spawn(process.execPath, words);
  const ended = new Promise<never>((_, reject) => {
    emulator.once('exit', (status) => reject(new Error(`npm start ended with ${status}`)));
  });
  const { value } = await Promise.race([createInterface(emulator.stdout)[Symbol.asyncIterator]().next(), ended]);
  ended.catch(() => {});
  emulator.stdout.resume();
  const { url } = (JSON.parse(value) as { ready: { url: string } }).ready;
  return { url, stop: () => emulator.kill() };
};
