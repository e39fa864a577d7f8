import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A packaged stack; `directory` is its .serverless. */
export type Packaged = { directory: string; output: string; exitCode: number | null; remove: () => void };

/**
 * Packages the stack with a configuration file, as `serverless package` does, in a temporary folder: packaging replaces the
 * .serverless of the folder where it runs. The command `print` resolves serverless.yml and prints it instead.
 */
export const packageStack = (configuration = 'slipway.yml', command = 'package', args: readonly string[] = []): Packaged => {
  const { folder, options, packaged } = prepare(configuration);
  const { stdout, stderr, status } = spawnSync(process.execPath, [FRAMEWORK, command, ...args], {
    ...options,
    cwd: folder,
    encoding: 'utf8',
  });
  return packaged(`${stdout}${stderr}`, status);
};

/** The same, without blocking the process. `bundles: false` saves most of the time where functions run from source, or not at all. */
export const packageStackAsync = async (configuration: string, { bundles = true } = {}): Promise<Packaged> => {
  const { folder, options, packaged } = prepare(configuration, bundles);
  const child = spawn(process.execPath, [FRAMEWORK, 'package'], { ...options, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exitCode = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return packaged(Buffer.concat(chunks).toString(), exitCode);
};

const prepare = (configuration: string, bundles = true) => {
  const root = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'slipway-package-'));
  for (const entry of readdirSync(root)) {
    if (!NOT_LINKED.includes(entry)) symlinkSync(join(root, entry), join(folder, entry));
  }
  // The Framework does not accept a link for this file.
  copyFileSync(join(root, 'serverless.yml'), join(folder, 'serverless.yml'));
  return {
    folder,
    options: { env: { ...process.env, SLIPWAY_CONFIG: configuration, ...(!bundles && { SLIPWAY_BUNDLES: 'none' }) } },
    packaged: (output: string, exitCode: number | null): Packaged => ({
      directory: join(folder, '.serverless'),
      output,
      exitCode,
      remove: () => rmSync(folder, { recursive: true, force: true }),
    }),
  };
};

const FRAMEWORK = join(process.cwd(), 'node_modules/serverless/bin/serverless.js');
const NOT_LINKED = ['.git', '.serverless', '.esbuild', 'serverless.yml', 'coverage'];
