const { readFileSync } = require('node:fs');

// A client of the SDK imports its whole package.json, for the sake of its version.
module.exports = [
  {
    name: 'package.json of the SDK: the version only',
    setup(build) {
      build.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, ({ path }) => {
        const { version } = JSON.parse(readFileSync(path, 'utf8'));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
    },
  },
];
