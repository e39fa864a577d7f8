import { spawnSync } from 'node:child_process';
import { lambdaRuntime } from '../bench/lambda-runtime.js';

/** What runs as in Lambda: the imports of the packaged bundles, whole deployments with them, and the demo. */
const suites = ['test/stack/bundle-imports', 'test/scenarios/bundles', 'test/cli/demo'];

const runtime = lambdaRuntime();
if (runtime) {
  console.log(`on Node.js ${runtime.version}`);
  process.exitCode = spawnSync(runtime.path, ['node_modules/jest/bin/jest.js', ...suites], { stdio: 'inherit' }).status ?? 1;
} else console.log('SKIPPED: on this platform npm has no Node.js 24; install it and run this with it');
