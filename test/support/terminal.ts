import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawn as spawnOnTerminal } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';

type Environment = Readonly<Record<string, string>>;

/** How the command is started. `env` adds to an environment without anything of this machine's AWS configuration. */
export type Started = { readonly env?: Environment; readonly cwd?: string };

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

const runDirectory = process.env.SLIPWAY_TEST_RUN ?? '';

let built: Promise<string> | undefined;

/** The folder of the package with its bundle, built once a run for all workers. */
export const builtPackage = (): Promise<string> => {
  built ??= (async () => {
    const target = join(runDirectory, 'cli');
    if (existsSync(target)) return target;
    const folder = mkdtempSync(join(runDirectory, 'cli-'));
    cpSync('cli/package', folder, { recursive: true, filter: (path) => !path.startsWith('cli/package/dist') && !path.endsWith('.tgz') });
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'cli/write-build.ts', join(folder, 'dist')]);
    try {
      renameSync(folder, target);
    } catch (error) {
      // Another worker was first.
      if (!existsSync(target)) throw error;
      rmSync(folder, { recursive: true });
    }
    return target;
  })();
  return built;
};

const environmentOf = (env: Environment = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: join(runDirectory, 'home'),
  AWS_EC2_METADATA_DISABLED: 'true',
  ...env,
});

/** The environment that reaches an emulator. */
export const reaching = (url: string, region = 'us-east-1'): Environment => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});

const entry = async (): Promise<string> => join(await builtPackage(), 'bin/slipway.cjs');

/**
 * Runs the command as a process whose outputs are pipes and whose input is empty, in the run's folder unless `cwd` is given. `closed`: its
 * standard output has no reader.
 */
export const runCommand = async (
  args: readonly string[],
  { env, cwd = runDirectory, closed = false }: Started & { readonly closed?: boolean } = {},
): Promise<Ended> => {
  const child = spawn(process.execPath, [await entry(), ...args], { env: environmentOf(env), cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  if (closed) child.stdout.destroy();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (status) => resolve({ status, stdout, stderr }));
  });
};

/** A command that runs on a terminal, or ran there. */
export type OnTerminal = {
  /** The lines of the screen and of what has scrolled away, without the empty ones at the end. */
  readonly lines: () => Promise<string[]>;
  /** What was written, with its escape codes. */
  readonly raw: () => string;
  readonly type: (keys: string) => void;
  /** Waits until a line has this text. @throws Error if the command ends without it */
  readonly sees: (text: string) => Promise<void>;
  readonly status: Promise<number>;
};

// Promise.withResolvers is not in Node.js 20.
const signal = (): { readonly promise: Promise<void>; readonly resolve: () => void } => {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
};

/** Runs the command on a pseudo-terminal of so many columns. Standard output and standard error are both on its screen. */
export const onTerminal = async (
  args: readonly string[],
  { columns = 80, rows = 50, env, cwd = runDirectory }: Started & { readonly columns?: number; readonly rows?: number } = {},
): Promise<OnTerminal> => {
  const screen = new Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
  const child = spawnOnTerminal(process.execPath, [await entry(), ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd,
    env: { TERM: 'xterm-256color', ...environmentOf(env) },
  });
  let raw = '';
  let changed = signal();
  child.onData((text) => {
    raw += text;
    screen.write(text, () => {
      changed.resolve();
      changed = signal();
    });
  });
  let isEnded = false;
  const status = new Promise<number>((resolve) => {
    child.onExit(({ exitCode }) => {
      isEnded = true;
      changed.resolve();
      resolve(exitCode);
    });
  });
  const lines = async (): Promise<string[]> => {
    await new Promise<void>((resolve) => screen.write('', resolve));
    const { buffer } = screen;
    const shown = Array.from({ length: buffer.active.length }, (_, row) => buffer.active.getLine(row)?.translateToString(true) ?? '');
    return shown.slice(0, shown.findLastIndex((line) => line !== '') + 1);
  };
  const sees = async (text: string): Promise<void> => {
    for (;;) {
      const next = changed.promise;
      const shown = await lines();
      if (shown.some((line) => line.includes(text))) return;
      if (isEnded) throw new Error(`the command ended, and ${JSON.stringify(text)} was not on its screen:\n${shown.join('\n')}`);
      await next;
    }
  };
  return { lines, raw: () => raw, type: (keys) => child.write(keys), sees, status };
};
