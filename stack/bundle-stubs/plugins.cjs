const { readFileSync } = require('node:fs');
const { join } = require('node:path');

// Modules that the SDK imports by relative paths, where no alias reaches, and what takes their place.
const modules = {
  '@smithy/core/dist-es/submodules/config/node-config-provider/configLoader.js': 'configuration-files.ts',
  '@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js': 'instance-metadata.ts',
  '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js': 'sha256.ts',
};

const placeOf = (path) => {
  const parts = path.split(/[\\/]node_modules[\\/]/);
  return modules[parts[parts.length - 1].replaceAll('\\', '/')];
};

module.exports = [
  {
    name: 'modules of the SDK that Lambda has no use for',
    setup(build) {
      build.onLoad({ filter: /[\\/]@smithy[\\/]core[\\/].*\.js$/ }, ({ path }) => {
        const place = placeOf(path);
        return place && { contents: readFileSync(join(__dirname, place), 'utf8'), loader: 'ts' };
      });
    },
  },
  {
    // A client of the SDK imports its whole package.json, for the sake of its version.
    name: 'package.json of the SDK: the version only',
    setup(build) {
      build.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, ({ path }) => {
        const { version } = JSON.parse(readFileSync(path, 'utf8'));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
    },
  },
];
