import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The stack as it was packaged; `directory` is its .serverless. */
export type Packaged = { directory: string; output: string; exitCode: number | null; remove: () => void };

/**
 * Packages the stack of this repository with a configuration file, as `npx serverless package` does: in a folder of its own,
 * because packaging replaces the .serverless of the folder where it runs. With the command `print` it only says what it would package.
 */
export const packageStack = (configuration = 'slipway.yml', command = 'package'): Packaged => {
  const root = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'slipway-package-'));
  for (const entry of readdirSync(root)) {
    if (!NOT_LINKED.includes(entry)) symlinkSync(join(root, entry), join(folder, entry));
  }
  // The Framework does not take a link for its own file.
  copyFileSync(join(root, 'serverless.yml'), join(folder, 'serverless.yml'));

  const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, 'node_modules/serverless/bin/serverless.js'), command], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, SLIPWAY_CONFIG: configuration },
  });
  return {
    directory: join(folder, '.serverless'),
    output: `${stdout}${stderr}`,
    exitCode: status,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const NOT_LINKED = ['.git', '.serverless', '.esbuild', 'serverless.yml', 'coverage'];
