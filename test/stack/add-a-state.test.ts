import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Statement } from '../../stack/cloudformation.js';

// CONTRIBUTING.md, "Add a Task state": these files and no others.

const state = `
  Announce:
    Type: Task
    Comment: Announces the revision that is being rolled out.
    Resource: !Sub 'arn:\${AWS::Partition}:states:::lambda:invoke'
    Arguments:
      FunctionName: !GetAtt announce.Arn
      Payload:
        record: '{% $record %}'
        now: '{% $states.context.State.EnteredTime %}'
    TimeoutSeconds: 30
    Retry: *transientErrors
    Catch:
      - ErrorEquals: [States.ALL]
        Next: WatchRollout
    Next: WatchRollout
`;

const step = `import * as v from 'valibot';
import { Ledger } from '../../aws/record-repository.js';
import { announcementOf } from '../../core/announcement.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';

type Deps = { readonly ledger: Pick<Ledger, 'deployment'> };

export const announce =
  ({ ledger }: Deps) =>
  async ({ record }: { readonly record: string }): Promise<{ announced: string }> => ({
    announced: announcementOf((await ledger.deployment(record)).revision),
  });

export const { step, handler } = defineStep({
  name: 'Announce',
  input: v.object({ record: v.string(), now: v.string() }),
  permissions: atPackaging([{ allow: ['dynamodb:GetItem'], on: 'table', for: 'the revision to announce' }]),
  onFailure: atPackaging('nothing is announced'),
  onRepeat: atPackaging('announces the same'),
  run: (environment) => announce({ ledger: new Ledger(tableIn(environment)) }),
});
`;

const decision = `export const announcementOf = (revision: string | undefined): string => revision ?? 'nothing new';
`;

const stepTest = `import { closePipelines, givenPipeline } from '../../support/pipeline.js';

afterEach(closePipelines);

test('a deployment announces what it deploys', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': {} } });
  await pipeline.push('other');
  const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:other';

  const { outcome } = await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }));

  const names = pipeline.world.log.of('lambda', 'invoked').map(({ detail }) => String(detail.function));
  expect(outcome).toBe('SUCCEEDED');
  expect(names.some((name) => name.endsWith('announce'))).toBe(true);
});
`;

const replaced = (text: string, from: string, to: string): string => {
  expect(text.split(from)).toHaveLength(2);
  return text.replace(from, () => to);
};

const line = /^ {4}closeDeployment: .*\n/m;

/** Each file that the state touches, with what becomes of its text. */
const changes: Readonly<Record<string, (text: string) => string>> = {
  'statemachine/deployment.asl.yml': (text) =>
    replaced(replaced(text, '    Next: WatchRollout\n', '    Next: Announce\n'), '\n  WatchRollout:', `${state}\n  WatchRollout:`),
  'functions/deployment/announce.ts': () => step,
  'core/announcement.ts': () => decision,
  'serverless.yml': (text) => {
    const [last = ''] = line.exec(text) ?? [];
    return replaced(text, last, `${last}    announce: { handler: functions/deployment/announce.handler, role: AnnounceRole }\n`);
  },
  'test/functions/deployment/announce.test.ts': () => stepTest,
};

let checkout: string;

/** Runs a tool in the checkout; answers what it printed, and fails with it. */
const run = (...command: readonly string[]): string => {
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { cwd: checkout, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')} failed:\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
};

beforeAll(() => {
  checkout = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-state-')));
  const left = ['node_modules', '.git', '.serverless', '.esbuild', 'coverage'];
  cpSync('.', checkout, { recursive: true, filter: (path) => !left.includes(basename(path)) });
  symlinkSync(realpathSync('node_modules'), join(checkout, 'node_modules'));
  for (const [file, change] of Object.entries(changes)) {
    const path = join(checkout, file);
    let text = '';
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      // A new file.
    }
    writeFileSync(path, change(text));
  }
  run('node_modules/tsx/dist/cli.mjs', 'stack/write-docs.ts');
  run('node_modules/serverless/bin/serverless.js', 'package');
}, 120_000);

afterAll(() => rmSync(checkout, { recursive: true, force: true }));

test('its role follows from its permissions, and its machine may invoke it', () => {
  const { Resources } = JSON.parse(readFileSync(join(checkout, '.serverless/cloudformation-template-update-stack.json'), 'utf8'));
  const statements = Resources.AnnounceRole.Properties.Policies[0].PolicyDocument.Statement as Statement[];

  expect(statements[0]).toEqual({ Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } });
  expect(JSON.stringify(Resources.DeploymentMachineRole)).toContain('function:slipway-dev-announce:*');
});

test('its rows in the docs follow from its state and its declaration', () => {
  const page = (name: string) => readFileSync(join(checkout, name), 'utf8');

  expect(page('docs/security.md')).toContain('| `announce` | `dynamodb:GetItem` | the table | the revision to announce |');
  expect(page('docs/architecture.md')).toContain('| Announce | Task | Announces the revision that is being rolled out. | WatchRollout |');
  expect(page('docs/architecture.md')).toContain('| Announce | nothing is announced | announces the same |');
});

test('the contract tests accept it, its types are right, and a deployment runs it from source', () => {
  run('node_modules/typescript/bin/tsc', '-p', '.');
  const tests = ['test/statemachine', 'test/docs/architecture', 'test/functions/payloads', 'test/functions/deployment/announce'];
  run('node_modules/jest/bin/jest.js', '--maxWorkers=1', ...tests);
}, 120_000);
