// Bundles a TypeScript file in memory and answers its exports, so that `serverless deploy` needs no build step.
const { buildSync } = require('esbuild');
const Module = require('node:module');
const path = require('node:path');

module.exports = (file) => {
  const entry = path.join(__dirname, file);
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
  return bundle.exports;
};
