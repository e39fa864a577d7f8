import type { Configuration } from '../core/configuration/configuration.js';
import { kindOf, type PatternKind } from '../core/policy/pattern.js';

const output = {
  // An ES module would create a namespace for each node: module that it imports, and call all its getters.
  format: 'cjs',
  outputFileExtension: '.cjs',
  platform: 'node',
  target: 'node20',
  exclude: [],
  // One folder for each process: two packagings of one checkout may run at the same time.
  outputWorkFolder: `.esbuild/${process.pid}`,
};

/**
 * The options of serverless-esbuild: each function becomes one small .cjs that contains the configuration and only the parts
 * of the SDK that Lambda needs. Parsing it is most of a cold start, which bench/ measures.
 */
export const bundleOptions = (configuration: Configuration) => ({
  ...output,
  bundle: true,
  minify: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  // V8 parses top-level arrow functions completely, and pre-parses other functions only.
  supported: { arrow: false },
  define: { SLIPWAY_BUNDLE: 'true', SLIPWAY_CONFIGURATION: JSON.stringify(ofFunctions(configuration)) },
  alias: {
    '@aws-sdk/credential-provider-node': './aws/environment-credentials.ts',
    '@aws-sdk/endpoint-cache': './stack/bundle-stubs/endpoint-cache.ts',
    '@smithy/core/event-streams': './stack/bundle-stubs/event-streams.ts',
    '@smithy/core/retry': './stack/bundle-stubs/retry.ts',
    ...(!hasPattern(configuration, 'regex') && { re2js: './stack/bundle-stubs/re2js.ts' }),
    ...(!hasPattern(configuration, 'semver') && {
      'semver/classes/range.js': './stack/bundle-stubs/semver-range.cjs',
      'semver/functions/parse.js': './stack/bundle-stubs/semver-parse.cjs',
    }),
  },
  plugins: 'stack/bundle-stubs/plugins.cjs',
});

/** Without what only the stack needs: a tag of its resources is no new version of every function. */
const ofFunctions = ({ logGroups: _, stack: __, ...configuration }: Configuration): Configuration => configuration;

/** Does a repository or a stage have a pattern of this kind? */
const hasPattern = ({ repositories }: Configuration, kind: PatternKind): boolean =>
  Object.values(repositories)
    .flatMap(({ tags, stages }) => [tags, ...stages.map((stage) => stage.tags ?? [])])
    .flat()
    .some((written) => kindOf(written) === kind);

/** Of a packaging whose bundles are never run: each file is translated alone, in a tenth of the time. */
export const unbundledOptions = { ...output, bundle: false, plugins: [] };
