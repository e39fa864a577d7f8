import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { LAMBDA_FLAGS } from '../../bench/lambda-runtime.js';

// Loads a function as Lambda's runtime does, from an ES module, and prints what it exports.
const program = `
  import { createRequire } from 'node:module';
  const { handler, ...rest } = createRequire(import.meta.url)(process.argv[1]);
  process.stdout.write(JSON.stringify({ handler: typeof handler, parameters: handler?.length, rest: Object.keys(rest) }));
`;
const folder = mkdtempSync(join(tmpdir(), 'slipway-imports-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** The packaged functions, unzipped. */
const bundles = readdirSync('.serverless')
  .filter((name) => name.endsWith('.zip'))
  .flatMap((zip) => Object.entries(unzipSync(readFileSync(join('.serverless', zip)))))
  .map(([path, content]) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return { path, file };
  });

test.each(bundles)('$path is loaded with the flags of the runtime, without a warning', ({ file }) => {
  const run = spawnSync(process.execPath, [...LAMBDA_FLAGS, '--input-type=module', '--eval', program, file], {
    encoding: 'utf8',
    env: { AWS_REGION: 'eu-west-1' },
  });

  expect(run.stderr).toBe('');
  // Node.js 24 in Lambda has no handlers with a callback, which would be the third parameter.
  expect(JSON.parse(run.stdout)).toMatchObject({ handler: 'function', parameters: 2 });
});
