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
