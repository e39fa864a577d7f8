// Run by cold-start.ts, in a process of its own for each import: prints how many milliseconds the import of a bundle takes.
// As Lambda's runtime does, it requires what is CommonJS and imports an ES module, from a module that is itself an ES module.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const file = process.argv[2];

const start = performance.now();
if (file.endsWith('.mjs')) await import(pathToFileURL(file).href);
else require(file);
process.stdout.write(String(performance.now() - start));
