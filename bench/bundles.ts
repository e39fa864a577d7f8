import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import type { Configuration } from '../core/configuration/configuration.js';
import { bundleOptions } from '../stack/bundles.js';

export type Bundle = { readonly text: string; readonly inputs: Metafile['outputs'][string]['inputs'] };

/** A function as Slipway packages it. `file` is its source, such as `functions/notification/notify.ts`. */
export const packagedBundle = (file: string, configuration: Configuration): Promise<Bundle> => {
  const { bundle, format, platform, target, minify, legalComments, mainFields, supported, define, alias, plugins } =
    bundleOptions(configuration);
  const load = createRequire(join(process.cwd(), 'package.json'));
  return bundled(file, {
    ...{ bundle, target, minify, mainFields, supported, define, alias },
    format: format as 'cjs',
    platform: platform as 'node',
    legalComments: legalComments as 'none',
    plugins: load(`./${plugins}`) as Plugin[],
  });
};

/** The same function bundled with esbuild's defaults. */
export const defaultBundle = (file: string, configuration: Configuration): Promise<Bundle> => {
  const { define } = bundleOptions(configuration);
  return bundled(file, { bundle: true, minify: true, platform: 'node', format: 'cjs', define });
};

const bundled = async (file: string, options: BuildOptions): Promise<Bundle> => {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: [file],
    outfile: 'bundle.cjs',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const [output] = Object.values(metafile?.outputs ?? {});
  return { text: outputFiles?.[0]?.text ?? '', inputs: output?.inputs ?? {} };
};
