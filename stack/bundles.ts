import type { Configuration } from '../core/configuration.js';

/** What serverless-esbuild makes of each function: one small .mjs, with the configuration in it and only what Lambda needs of the SDK. */
export const bundleOptions = (configuration: Configuration) => ({
  bundle: true,
  format: 'esm',
  outputFileExtension: '.mjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  // Part of the SDK is CommonJS, whose `require` an ES module does not have.
  banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
  define: { SLIPWAY_CONFIGURATION: JSON.stringify(configuration) },
  alias: {
    '@aws-sdk/credential-provider-node': './aws/environment-credentials.ts',
    '@aws-sdk/endpoint-cache': './stack/left-out/endpoint-cache.ts',
    '@smithy/core/event-streams': './stack/left-out/event-streams.ts',
  },
  plugins: 'stack/left-out/plugins.cjs',
  exclude: [],
  // A folder a process, so that two packagings of one tree do not mix.
  outputWorkFolder: `.esbuild/${process.pid}`,
});
