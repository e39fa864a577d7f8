import { type Finished, startCli } from './run-cli.js';

let demo: Finished;
beforeAll(async () => {
  demo = await startCli('demo').finished;
});

test('the demo exits with status 0 if every deployment ends as expected', () => {
  expect(demo.exitCode).toBe(0);
});

test('the demo first prints what it does, how long it takes, and that no account is needed', () => {
  const intro = demo.stdout.split('\n').slice(0, 8).join('\n');

  expect(intro).toMatch(/^Slipway demo: four deployments/);
  expect(intro).toContain('No AWS account needed');
  expect(intro).toContain('half a minute');
});

test('the demo prints at most 120 lines', () => {
  expect(demo.stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
});

test('no escape code and no spinner frame is written to a pipe', () => {
  const escapeCode = String.fromCharCode(27);

  expect(`${demo.stdout}${demo.stderr}`).not.toContain(escapeCode);
  expect(demo.stderr.trim().split('\n')).toEqual([
    'packaging the stack…',
    'creating repositories and services on the emulator…',
    'deploying the stack to the emulator…',
  ]);
});

test('the table at the end has a row for each execution', () => {
  const [, table = ''] = demo.stdout.split(/^(?=what {2})/m);

  expect(table.match(/^\S+.*?(?:SUCCEEDED|ROLLED_BACK|SKIPPED)/gm)?.map((row) => row.replace(/ {2,}/g, ' '))).toEqual([
    'release of main-2 SUCCEEDED',
    'staging/web SUCCEEDED',
    'production/web SUCCEEDED',
    'production/worker SUCCEEDED',
    'release of main-3 ROLLED_BACK',
    'staging/web ROLLED_BACK',
    'production/worker SUCCEEDED',
    'release of feature-x SKIPPED',
  ]);
  expect(table.split('\n')[0]).toMatch(/^what +outcome +reason +virtual time +transitions +why$/);
});

test('the message of a failure is printed once', () => {
  const why = /ROLLED_BACK +CRASHED +\d+ min +\d+ s +\d+ {2}(?!see )(.+)$/m.exec(demo.stdout)?.[1] ?? '';

  expect(why.length).toBeGreaterThan(20);
  expect(demo.stdout.split(why)).toHaveLength(2);
});
