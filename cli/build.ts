import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { noticesOf } from './notices.js';
import manifest from './package/package.json' with { type: 'json' };

/** Commander loads it for subcommands that are programs of their own, which this command has not. */
const withoutChildProcess: Plugin = {
  name: 'commander-without-child-process',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('/commander/') ? { path: 'child_process', namespace: 'absent' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * Bundles the command line with everything that it imports. One small file is loaded at first; what a verb, the SDK and its ways to
 * credentials need lies in files of their own, which are loaded when they are imported.
 */
export const buildCli = async (directory: string): Promise<void> => {
  rmSync(directory, { recursive: true, force: true });
  const { metafile } = await build({
    metafile: true,
    entryPoints: ['cli/main.ts'],
    outdir: directory,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    mainFields: ['module', 'main'],
    define: { SLIPWAY_VERSION: JSON.stringify(manifest.version) },
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [withoutChildProcess],
    logLevel: 'warning',
  });
  writeFileSync(join(directory, 'notices.txt'), noticesOf(Object.keys(metafile.inputs)));
};
