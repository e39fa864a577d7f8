import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

// CONTRIBUTING.md, "Add a Task state": these files and no others.

const state = `
  Announce:
    Type: Task
    Comment: Announces the revision that the service is updated to.
    Resource: !Sub 'arn:\${AWS::Partition}:states:::lambda:invoke'
    Arguments:
      FunctionName: !GetAtt announce.Arn
      Payload:
        record: '{% $record %}'
        visit: *visit
        now: '{% $states.context.State.EnteredTime %}'
    Assign:
      visit: *nextVisit
    TimeoutSeconds: 30
    Retry: *transientErrors
    Catch:
      - ErrorEquals: [States.ALL]
        Assign:
          visit: *nextVisit
        Next: UpdateService
    Next: UpdateService
`;

const step = `import * as v from 'valibot';
import { RecordRepository } from '../../aws/record-repository.js';
import { announcementOf } from '../../core/rollout/announcement.js';
import { Visit } from '../../core/step/visit.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';

type Deps = { readonly records: Pick<RecordRepository, 'deployment'> };

export const announce =
  ({ records }: Deps) =>
  async ({ record }: { readonly record: string }): Promise<{ announced: string }> => ({
    announced: announcementOf((await records.deployment(record)).revision),
  });

export const { step, handler } = defineStep({
  name: 'Announce',
  input: v.object({ record: v.string(), visit: Visit, now: v.string() }),
  permissions: atPackaging([{ allow: ['dynamodb:GetItem'], on: 'table', for: 'the revision to announce' }]),
  onFailure: atPackaging('nothing is announced'),
  onRepeat: atPackaging('announces the same revision'),
  run: (environment) => announce({ records: new RecordRepository(tableIn(environment)) }),
});
`;

const decision = `export const announcementOf = (revision: string | undefined): string => revision ?? 'no new revision';
`;

const stepTest = `import { announce } from '../../../functions/deployment/announce.js';
import { deploymentRecord } from '../../core/given.js';

test('announces the revision of the deployment', async () => {
  const records = { deployment: async () => deploymentRecord({ revision: 'production-web:2' }) };

  expect(await announce({ records })({ record: 'service#production/web deployment#1' })).toEqual({ announced: 'production-web:2' });
});
`;

const replaced = (text: string, from: string, to: string): string => {
  if (text.split(from).length !== 2) throw new Error(`expected exactly one ${JSON.stringify(from)}`);
  return text.replace(from, () => to);
};

/** Where a registered revision goes on. */
const updated = `= 'proceed' %}"\n        Next: UpdateService\n`;

const functionEntry = /^ {4}closeDeployment: .*\n/m;
const stepTestFile = 'test/functions/deployment/announce.test.ts';

/** The files that the state touches, each with the change of its text. */
const changes: Readonly<Record<string, (text: string) => string>> = {
  'statemachine/deployment.asl.yml': (text) =>
    replaced(replaced(text, updated, updated.replace('UpdateService', 'Announce')), '\n  UpdateService:', `${state}\n  UpdateService:`),
  'functions/deployment/announce.ts': () => step,
  'core/rollout/announcement.ts': () => decision,
  'serverless.yml': (text) => {
    const [entry = ''] = functionEntry.exec(text) ?? [];
    return replaced(text, entry, `${entry}    announce: { handler: functions/deployment/announce.handler, role: AnnounceRole }\n`);
  },
  [stepTestFile]: () => stepTest,
};

/** A copy of the checkout with the state. */
const copyWithState = (): string => {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-state-')));
  const excluded = ['node_modules', '.git', '.serverless', '.esbuild', 'coverage'];
  cpSync('.', copy, { recursive: true, filter: (path) => !excluded.includes(basename(path)) });
  symlinkSync(realpathSync('node_modules'), join(copy, 'node_modules'));
  for (const [file, change] of Object.entries(changes)) {
    const path = join(copy, file);
    writeFileSync(path, change(existsSync(path) ? readFileSync(path, 'utf8') : ''));
  }
  return copy;
};

const root = process.cwd();
const checkout = copyWithState();
/** A module of the copy. */
const load = (file: string) => require(join(checkout, file));

// The project's code and tests read its files relative to the working directory.
process.chdir(checkout);
afterAll(() => {
  process.chdir(root);
  rmSync(checkout, { recursive: true, force: true });
});

test('its role follows from its permissions, and the machine may invoke it', async () => {
  const { derivedResources } = load('stack/serverless.ts') as typeof import('../../stack/serverless.js');
  const { Resources } = await derivedResources({ resolveVariable: async () => 'dev' });

  expect(Resources.AnnounceRole?.Properties.Policies).toMatchObject([
    {
      PolicyDocument: {
        Statement: expect.arrayContaining([
          { Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } },
        ]),
      },
    },
  ]);
  expect(JSON.stringify(Resources.DeploymentMachineRole)).toContain('function:slipway-dev-announce:*');
});

test('its rows in the docs follow from its state and its declaration', async () => {
  const { withTables } = load('stack/documentation.ts') as typeof import('../../stack/documentation.js');
  const { loadSteps } = load('stack/steps.ts') as typeof import('../../stack/steps.js');
  const steps = await loadSteps();
  const page = (name: string) => withTables(readFileSync(name, 'utf8'), steps);

  expect(page('docs/security.md')).toContain('| `announce` | `dynamodb:GetItem` | the table | the revision to announce |');
  expect(page('docs/architecture.md')).toContain(
    '| Announce | Task | Announces the revision that the service is updated to. | UpdateService |',
  );
  expect(page('docs/architecture.md')).toContain('| Announce | nothing is announced | announces the same revision |');
});

test('it runs from source', async () => {
  const { fromSource } = load('cli/from-source.ts') as typeof import('../../cli/from-source.js');
  const codeOf = await fromSource({ notifications: { sns: true }, repositories: {} });
  const requestHandler = { updateHttpClientConfig: () => {} };
  const where = { environment: { TABLE_NAME: 'slipway-dev', AWS_REGION: 'eu-west-1' }, requestHandler } as never;

  const code = codeOf({ handler: 'functions/deployment/announce.handler' } as never, where);

  await expect(code({ record: 7 })).rejects.toMatchObject({ name: 'ValiError' });
});

test('its types are right', async () => {
  const sources = Object.keys(changes).filter((file) => file.endsWith('.ts'));
  writeFileSync('tsconfig.state.json', JSON.stringify({ extends: './tsconfig.json', include: [], files: sources }));
  const compiler = spawn(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.state.json']);
  const chunks: Buffer[] = [];
  for (const stream of [compiler.stdout, compiler.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => compiler.once('close', resolve));

  expect(Buffer.concat(chunks).toString()).toBe('');
});

/** The contract tests of every state, and the test of this one, run in the copy. */
describe.each([
  'test/statemachine/choices.test.ts',
  'test/statemachine/expressions.test.ts',
  'test/statemachine/paths.test.ts',
  'test/statemachine/tasks.test.ts',
  'test/statemachine/validator.test.ts',
  'test/statemachine/waiting.test.ts',
  'test/functions/payloads.test.ts',
  stepTestFile,
])('%s', (file) => {
  load(file);
});
