import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Ended, Machine } from './ci-machine.js';

type Variables = Readonly<Record<string, string>>;
type Step = { readonly name?: string; readonly run?: string; readonly env?: Variables };

const workflow = parse(readFileSync('examples/ci/.github/workflows/deploy.yml', 'utf8')) as {
  readonly env: Variables;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: { readonly deploy: { readonly env: Variables; readonly steps: readonly Step[] } };
};
const { deploy } = workflow.jobs;
const flags = workflow.defaults.run.shell.split(' ').slice(1, -1);

const given = () => {
  const machine = new Machine({ gh: 'echo "$*" >> gh.txt; case "$*" in *--jq*) echo 42 ;; esac' });
  machine.install('.slipway/bin/slipway', 'printf "%s\\n" "$@" > called.txt; exit "$STATUS_OF_COMMAND"');
  const outputs: Record<string, string> = {};

  /** A step, with its expressions replaced by what the steps before it put out. */
  const run = async (name: string, given: Variables = {}): Promise<Ended> => {
    const step = deploy.steps.find((one) => one.name === name) as Step;
    const known: Variables = {
      'needs.push.outputs.image': 'my-learn-app:main-1@sha256:12',
      'needs.push.outputs.started-at': '2026-01-05T09:00:00Z',
      ...outputs,
    };
    const filledIn = (text: string): string => text.replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => known[expression] ?? '');
    const variables = { ...workflow.env, ...deploy.env, ...step.env };
    const ended = await machine.run(
      [step.run ?? ''],
      {
        ...Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, filledIn(value)])),
        GITHUB_REPOSITORY: 'my-organization/my-repository',
        GITHUB_SHA: '8c1b2d3e',
        GITHUB_OUTPUT: 'output.txt',
        ...given,
      },
      flags,
    );
    const id = (step as { id?: string }).id;
    if (id !== undefined)
      for (const line of readFileSync(join(machine.folder, 'output.txt'), 'utf8').trim().split('\n'))
        outputs[`steps.${id}.outputs.${line.split('=')[0]}`] = line.split('=')[1] ?? '';
    return ended;
  };
  const lines = (file: string): string[] => readFileSync(join(machine.folder, file), 'utf8').trim().split('\n');
  return { run, lines };
};

const [open, follow, report] = ['Open the deployment', 'Follow the release', 'Report how it ended'];

test('the deployment and the commit status are open before the command waits', async () => {
  const { run, lines } = given();

  expect(await run(open as string)).toMatchObject({ status: 0 });
  expect(lines('gh.txt')).toEqual([
    expect.stringMatching(/my-repository\/deployments --jq .id -f ref=8c1b2d3e -f environment=production .*required_contexts\[\]$/),
    expect.stringMatching(/deployments\/42\/statuses -f state=in_progress/),
    expect.stringMatching(/statuses\/8c1b2d3e -f state=pending -f context=slipway\/production/),
  ]);
});

test.each<[number, number, string, string, string]>([
  [0, 0, 'success', 'success', 'deployed'],
  [10, 10, 'failure', 'failure', 'refused'],
  [11, 11, 'failure', 'failure', 'rolled back'],
  [12, 12, 'failure', 'failure', 'needs an operator'],
  [13, 13, 'error', 'error', 'goes on'],
  [14, 0, 'inactive', 'success', 'skipped'],
  [15, 0, 'inactive', 'success', 'superseded'],
  [16, 16, 'failure', 'failure', 'a part'],
  [77, 77, 'error', 'error', 'not known'],
])(
  'status %d of the command: the step ends with %d, the deployment is %s',
  async (STATUS_OF_COMMAND, status, state, ofCommit, description) => {
    const { run, lines } = given();
    await run(open as string);

    expect(await run(follow as string, { STATUS_OF_COMMAND: String(STATUS_OF_COMMAND) })).toMatchObject({ status });
    expect(await run(report as string)).toMatchObject({ status: 0 });
    expect(lines('called.txt').slice(0, 4)).toEqual(['follow', 'my-learn-app:main-1@sha256:12', '--since', '2026-01-05T09:00:00Z']);
    expect(lines('gh.txt').slice(3)).toEqual([
      expect.stringMatching(new RegExp(`deployments/42/statuses -f state=${state} -f description=.*${description}`)),
      expect.stringMatching(
        new RegExp(`statuses/8c1b2d3e -f state=${ofCommit} -f context=slipway/production -f description=.*${description}`),
      ),
    ]);
  },
);

test('a job that ended before the command reports that the result is not known', async () => {
  const { run, lines } = given();
  await run(open as string);

  await run(report as string);

  expect(lines('gh.txt')[3]).toMatch(/state=error -f description=.*not known/);
});
