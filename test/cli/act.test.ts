import { readFileSync } from 'node:fs';
import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { fromSource } from '../../cli/from-source.js';
import { type LocalStack, startLocalStack } from '../../cli/local-stack.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import { onTerminal, reaching, runCommand } from '../support/terminal.js';

/* The command line as a process beside the AWS CLI's way, by the SDK: each does what the other one does, and sees what it did. */

const configurationFile = 'test/cli/approved.yml';
const by = 'ada';
const [repository, service] = ['my-learn-app', 'production/web'];

let stack: LocalStack;
let stop: () => Promise<void>;
let env: Record<string, string>;
beforeAll(async () => {
  const functionCode = await fromSource(readConfiguration(configurationFile));
  stack = await startLocalStack({ port: 0, configurationFile, functionCode, progress: () => {} });
  stop = stack.emulator.runInRealTime(400);
  env = { ...reaching(stack.url, stack.region), GITLAB_USER_LOGIN: by, SLIPWAY_STAGE: 'dev' };
});
afterAll(async () => {
  await stop();
  await stack.close();
});

const client = () => stack.emulator.clientConfig();
const push = async (tag: string): Promise<void> => {
  const imageManifest = JSON.stringify({ ...JSON.parse(readFileSync('events/images/healthy.json', 'utf8')), annotations: { tag } });
  await new ECRClient(client()).send(new PutImageCommand({ repositoryName: repository, imageTag: tag, imageManifest }));
};
const invoke = async (name: string, input: object): Promise<unknown> => {
  const request = new InvokeCommand({ FunctionName: `slipway-dev-${name}`, Payload: JSON.stringify(input) });
  const { Payload } = await new LambdaClient(client()).send(request);
  return JSON.parse(Buffer.from(Payload ?? []).toString());
};
const inputsOf = (machine: 'release' | 'deployment') => stack.states.executions(stack.machine(machine)).map(({ input }) => input);
const answered = async (...args: string[]) => {
  const { status, stdout } = await runCommand([...args, '--json'], { env });
  return { status, answer: JSON.parse(stdout) };
};
/** Asks until an answer has the text. */
const until = async (text: string, query: object): Promise<void> => {
  while (!JSON.stringify(await invoke('query', query)).includes(text)) await new Promise((resolve) => setTimeout(resolve, 50));
};

test('a person approves and rolls back at a terminal, and a script does the same', async () => {
  await push('main-2');
  await until('"for":"approval"', { query: 'status', repository });

  const approving = await onTerminal(['approve', repository, 'production'], { env, columns: 100 });
  await approving.sees('Approve my-learn-app:main-2');
  approving.type('y');
  expect(await approving.status).toBe(0);
  expect((await approving.lines()).join('\n')).toContain('may be deployed to production');
  const refused = await answered('approve', repository, 'production', '--yes', '--digest', `sha256:${'0'.repeat(64)}`);
  expect(refused).toMatchObject({ status: 10, answer: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
  await until('"reason":"DEPLOYED"', { query: 'history', repository, limit: 1 });

  const rollingBack = await onTerminal(['rollback', service, '--reason', "it's slow"], { env, columns: 80 });
  await rollingBack.sees('Type production/web to go on');
  rollingBack.type('production\r');
  expect(await rollingBack.status).toBe(10);
  expect(await runCommand(['rollback', service], { env })).toMatchObject({ status: 64, stdout: '' });
  expect(inputsOf('deployment').filter((input) => 'rollback' in (input as object))).toEqual([]);

  const started = await answered('rollback', service, '--yes', '--reason', "it's slow");
  const documented = { service, rollback: true, by, reason: "it's slow" };
  const request = new StartExecutionCommand({ stateMachineArn: stack.machine('deployment'), input: JSON.stringify(documented) });
  await new SFNClient(client()).send(request);
  expect(started).toMatchObject({ status: 0, answer: { machine: 'deployment', input: documented } });
  expect(inputsOf('deployment').slice(-2)).toEqual([documented, documented]);
});

test('a hold of the command line is released by the function, and the other way round', async () => {
  const held = await answered('hold', '*', '--until', '2h', '--reason', 'the database is being moved');
  expect(held).toMatchObject({ status: 0, answer: { outcome: 'SUCCEEDED', reason: 'HELD' } });
  expect(await invoke('query', { query: 'status' })).toMatchObject({ holdOfAll: { by, reason: 'the database is being moved' } });
  expect(await invoke('control', { command: 'unhold', service: '*', by })).toMatchObject({ reason: 'UNHELD' });

  await invoke('control', { command: 'hold', service, by });
  expect(await answered('unhold', service, '--yes')).toMatchObject({ status: 0, answer: { reason: 'UNHELD' } });
  expect(JSON.stringify(await invoke('query', { query: 'status' }))).not.toContain('"hold');
});

test('--wait exits with the result: what runs already is a success', async () => {
  expect(await runCommand(['deploy', 'my-learn-app:main-9', '--yes'], { env })).toMatchObject({ status: 64, stdout: '' });
  const again = await runCommand(['deploy', 'my-learn-app:main-2', '--service', 'staging/web', '--yes', '--wait'], { env });

  expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('ALREADY_RUNNING') });
});
