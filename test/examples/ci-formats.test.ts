import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { parse } from 'yaml';

const gitlabFile = 'examples/ci/.gitlab-ci.yml';
const githubFile = 'examples/ci/.github/workflows/deploy.yml';

/** gitlab-ci-local calls it, and Node.js 20 lacks it. */
const setUnion = `data:text/javascript,${encodeURIComponent('Set.prototype.union ??= function (other) { return new Set([...this, ...other]); }')}`;

/** The jobs of a pipeline of the default branch. @throws Error if the file is not what GitLab's schema permits, with what is wrong */
const gitlabJobs = (text: string): { name: string; stage: string; allow_failure: unknown; needs: unknown }[] => {
  const folder = mkdtempSync(join(tmpdir(), 'gitlab-'));
  writeFileSync(join(folder, '.gitlab-ci.yml'), text);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd: folder, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message=all');
  git('remote', 'add', 'origin', 'git@gitlab.com:my-group/my-project.git');
  const command = require.resolve('gitlab-ci-local/dist/index.js');
  const answer = execFileSync(process.execPath, ['--import', setUnion, command, '--list-json'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  return JSON.parse(answer.slice(answer.indexOf('[\n')));
};

test('.gitlab-ci.yml is what GitLab reads: test, push, deploy', () => {
  const text = readFileSync(gitlabFile, 'utf8');

  expect(gitlabJobs(text).map(({ name, allow_failure }) => [name, allow_failure])).toEqual([
    ['test', false],
    ['push', false],
    ['deploy', { exit_codes: [14, 15] }],
  ]);
  expect(() => gitlabJobs(text.replace('timeout: 55 minutes', 'timeout: [70]'))).toThrow(/timeout/);
});

type Parser = typeof import('@actions/workflow-parser');

/** Its package imports JSON without the attribute that Node.js wants: bundled, it needs none. */
const loadParser = (): Parser => {
  const { outputFiles } = buildSync({
    stdin: { contents: "export * from '@actions/workflow-parser';", resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(module, module.exports, require);
  return module.exports as Parser;
};

const parser = loadParser();

/** What GitHub's own parser says of a workflow. */
const githubErrors = async (text: string): Promise<string[]> => {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = parser;
  const { context, value } = parseWorkflow({ name: 'deploy.yml', content: text }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
};

test('deploy.yml is what GitHub reads', async () => {
  const text = readFileSync(githubFile, 'utf8');

  expect(await githubErrors(text)).toEqual([]);
  expect(await githubErrors(text.replace('id-token: write', 'id-tokens: write'))).toEqual([expect.stringContaining('id-tokens')]);
  expect(await githubErrors(text.replace('steps.push.outputs', 'step.push.outputs'))).toEqual([expect.stringContaining('step')]);
});

type Step = { readonly uses?: string; readonly run?: string };
const workflow = parse(readFileSync(githubFile, 'utf8')) as {
  permissions: object;
  jobs: Record<string, { steps: readonly Step[]; permissions: Record<string, string> }>;
};
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

test('deploy.yml runs the actions of one commit each, and no text of others as shell', () => {
  for (const { uses, run } of steps) {
    if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    expect(run ?? '').not.toContain('$' + '{{');
  }
});

test('jobs of deploy.yml have what they use, and nothing else', () => {
  expect(workflow.permissions).toEqual({});
  expect(Object.fromEntries(Object.entries(workflow.jobs).map(([name, { permissions }]) => [name, permissions]))).toEqual({
    test: { contents: 'read' },
    push: { contents: 'read', 'id-token': 'write' },
    deploy: { 'id-token': 'write', deployments: 'write', statuses: 'write' },
  });
});
