import type { Configuration } from '../core/configuration/configuration.js';

/**
 * What serverless-esbuild makes of each function: one small .cjs, with the configuration in it and only what Lambda needs of
 * the SDK. Most of a cold start is the time in which V8 parses it, and bench/ measures that.
 */
export const bundleOptions = (configuration: Configuration) => ({
  bundle: true,
  // An ES module would give every node: module that it imports a namespace of its own, by calling all its getters.
  format: 'cjs',
  outputFileExtension: '.cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  // V8 parses the arrow functions of a module's top level whole, and only skims its other functions.
  supported: { arrow: false },
  define: { SLIPWAY_BUNDLE: 'true', SLIPWAY_CONFIGURATION: JSON.stringify(configuration) },
  alias: {
    '@aws-sdk/credential-provider-node': './aws/environment-credentials.ts',
    '@aws-sdk/endpoint-cache': './stack/bundle-stubs/endpoint-cache.ts',
    '@smithy/core/event-streams': './stack/bundle-stubs/event-streams.ts',
    '@smithy/core/retry': './stack/bundle-stubs/retry.ts',
  },
  plugins: 'stack/bundle-stubs/plugins.cjs',
  exclude: [],
  // A folder a process, so that two packagings of one tree do not mix.
  outputWorkFolder: `.esbuild/${process.pid}`,
});
