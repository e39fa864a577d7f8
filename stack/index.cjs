// The Serverless Framework reads values from this file: ${file(./stack/index.cjs):name}. They come from serverless.ts, which
// is bundled here in memory, so that `serverless deploy` needs no build step.
const { buildSync } = require('esbuild');
const Module = require('node:module');
const path = require('node:path');

const entry = path.join(__dirname, 'serverless.ts');
const { outputFiles } = buildSync({
  entryPoints: [entry],
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  packages: 'external',
});

const bundle = new Module(entry, module);
bundle.filename = entry;
bundle.paths = module.paths;
bundle._compile(outputFiles[0].text, entry);
module.exports = bundle.exports;
