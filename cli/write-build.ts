import { buildCli } from './build.js';

await buildCli(process.argv[2] ?? 'cli/package/dist');
