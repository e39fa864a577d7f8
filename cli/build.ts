import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { buildPage } from '../page/build.js';
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

/** Leaves what is imported when it is needed to the second part. */
const withoutLazyImports: Plugin = {
  name: 'lazy-imports-are-files',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};

/** Files that the first part imports when it needs them, by the same paths. */
const lazyFiles = ['cli/process-context.ts', 'cli/completion.ts', ...readdirSync('cli/verbs').map((file) => `cli/verbs/${file}`)];

/**
 * Bundles the command line with everything that it imports, in two parts: what `--help` needs is one file, CommonJS, because Node.js
 * loads one sooner than an ES module; verbs, the SDK and its ways to credentials are ES modules, loaded when they are imported. What
 * `open` sends to a browser is in the folder `page`.
 */
export const buildCli = async (directory: string): Promise<void> => {
  rmSync(directory, { recursive: true, force: true });
  const options = {
    metafile: true,
    outdir: directory,
    outbase: 'cli',
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    mainFields: ['module', 'main'],
    define: { SLIPWAY_VERSION: JSON.stringify(manifest.version) },
    logLevel: 'warning',
  } satisfies BuildOptions;
  const first = await build({
    ...options,
    entryPoints: ['cli/main.ts'],
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    // V8 parses top-level arrow functions completely, and pre-parses other functions only.
    supported: { arrow: false },
    plugins: [withoutChildProcess, withoutLazyImports],
  });
  const later = await build({
    ...options,
    entryPoints: lazyFiles,
    splitting: true,
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    chunkNames: 'chunks/[name]-[hash]',
  });
  const page = await buildPage();
  mkdirSync(join(directory, 'page'));
  for (const { name, contents } of page.assets) writeFileSync(join(directory, 'page', name), contents);
  const bundled = [...[first, later].flatMap(({ metafile }) => Object.keys(metafile.inputs)), ...page.inputs];
  writeFileSync(join(directory, 'notices.txt'), noticesOf(bundled));
};
