import { buildCli } from './build.js';

await buildCli('cli/package/dist');
