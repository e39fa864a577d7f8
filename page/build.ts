import { build } from 'esbuild';
import manifest from '../cli/package/package.json' with { type: 'json' };

/** A file of the page, as the server sends it. */
export type Asset = { readonly name: string; readonly contents: Uint8Array };

/** Bundles the client: `page.js` and `page.css`. `inputs` are the paths of what is in it. */
export const buildPage = async (): Promise<{ readonly assets: readonly Asset[]; readonly inputs: readonly string[] }> => {
  const { outputFiles, metafile } = await build({
    entryPoints: { page: 'page/client/main.tsx' },
    outdir: 'page/dist',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    tsconfigRaw: {},
    define: { SLIPWAY_VERSION: JSON.stringify(manifest.version) },
    logLevel: 'warning',
  });
  return {
    assets: outputFiles.map(({ path, contents }) => ({ name: path.slice(path.lastIndexOf('/') + 1), contents })),
    inputs: Object.keys(metafile.inputs),
  };
};
