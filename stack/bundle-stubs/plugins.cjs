const { readFileSync } = require('node:fs');
const { join } = require('node:path');

// Modules that the SDK imports by relative paths, which no alias matches, and their replacements.
const modules = {
  '@smithy/core/dist-es/submodules/config/node-config-provider/configLoader.js': 'configuration-files.ts',
  '@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js': 'instance-metadata.ts',
  '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js': 'sha256.ts',
};

const replacementOf = (path) => {
  const parts = path.split(/[\\/]node_modules[\\/]/);
  return modules[parts[parts.length - 1].replaceAll('\\', '/')];
};

/** The module of a client's errors, with the members that aws/sdk-errors.ts reads: `name` and `$retryable`. */
const shortErrors = (source) => {
  const [base] = source.match(/^import .*$/m);
  const classes = [...source.matchAll(/^export class (\w+) ([\s\S]*?)^}/gm)].map(
    ([, name, body]) => `export const ${name} = errorOf('${name}'${body.includes('$retryable') ? ', {}' : ''});`,
  );
  return `${base}
function errorOf(name, $retryable) {
  return class extends __BaseException {
    constructor(options) {
      super({ ...options, name });
      if ($retryable) this.$retryable = $retryable;
    }
  };
}
${classes.join('\n')}`;
};

module.exports = [
  {
    name: 'modules of the SDK that Lambda does not need',
    setup(build) {
      build.onLoad({ filter: /[\\/]@smithy[\\/]core[\\/].*\.js$/ }, ({ path }) => {
        const replacement = replacementOf(path);
        return replacement && { contents: readFileSync(join(__dirname, replacement), 'utf8'), loader: 'ts' };
      });
    },
  },
  {
    // Its modules only export, but its package.json does not say so: a function would have those that it imports and does not use.
    name: 'semver, where it is used',
    setup(build) {
      build.onResolve({ filter: /^semver[\\/]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
        if (pluginData === 'resolving') return undefined;
        const found = await build.resolve(path, { importer, kind, resolveDir, pluginData: 'resolving' });
        return { ...found, sideEffects: false };
      });
    },
  },
  {
    // A client registers every error of its service, by a class of ten lines: 31 KB for ECS, ECR and DynamoDB.
    name: 'errors of the SDK: the names only',
    setup(build) {
      build.onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]models[\\/]errors\.js$/ }, ({ path }) => ({
        contents: shortErrors(readFileSync(path, 'utf8')),
      }));
    },
  },
  {
    // A client of the SDK imports its whole package.json for its version.
    name: 'package.json of the SDK: the version only',
    setup(build) {
      build.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, ({ path }) => {
        const { version } = JSON.parse(readFileSync(path, 'utf8'));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
    },
  },
];
