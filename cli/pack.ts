import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { buildCli } from './build.js';

await buildCli('cli/package/dist');
// Scripts of the root package are none of this package's.
const { stdout } = await promisify(execFile)('npm', ['pack', '--ignore-scripts', '--json'], { cwd: 'cli/package' });
const [packed] = JSON.parse(stdout) as { readonly filename: string; readonly integrity: string }[];
if (packed) console.log(`cli/package/${packed.filename}\n${packed.integrity}`);
