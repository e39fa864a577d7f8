import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { createAccount } from '../../cli/account.js';
import type { LocalStack } from '../../cli/local-stack.js';
import { createEmulator } from '../../emulator/emulator.js';
import type { EmulatorState, LogLine } from '../../page/api.js';
import { createEmulatorControl } from '../../page/server/emulator/control.js';
import { isOwnRead } from '../../page/server/own-reads.js';
import { readConfiguration } from '../../stack/read-configuration.js';

/* Over an emulator with the services of a slipway.yml, without the stack. */

const configuration = readConfiguration('slipway.yml');
const [repository = ''] = Object.values(configuration.repositories).map(({ name }) => name);
const role = { kind: 'role', arn: 'arn:aws:iam::123456789012:role/slipway-dev-query' } as const;

const startAccount = async (): Promise<LocalStack> => {
  const emulator = createEmulator();
  await createAccount(emulator, configuration, 'http://127.0.0.1:9/');
  return {
    url: 'http://127.0.0.1:4566',
    configuration,
    emulator,
    realTime: (speed: number) => emulator.realTime(speed),
    listen: (listener: Parameters<LocalStack['listen']>[0]) => emulator.account.log.listen(listener),
    close: () => emulator.close(),
  } as LocalStack;
};

let stack: LocalStack;
let control: ReturnType<typeof createEmulatorControl>;
let restarts = 0;
beforeEach(async () => {
  stack = await startAccount();
  control = createEmulatorControl({ stack, speed: 0, restart: () => void restarts++ });
});
afterEach(async () => {
  await control.close();
  await stack.close();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('an image is pushed, the next tag follows, and the log has a line of it', async () => {
  const lines: LogLine[] = [];
  const states: EmulatorState[] = [];
  const end = control.listen((change) => void ('log' in change ? lines.push(...change.log) : states.push(change.state)));
  const { nextTag = '' } = control.state().repositories.find(({ name }) => name === repository) ?? {};
  const first = await control.push({ repository, tag: nextTag, behaviour: 'crashes-on-start' });
  const second = await control.push({ repository, tag: 'v9.9.9', behaviour: 'crashes-on-start' });
  expect(first.digest).not.toBe(second.digest);
  await pause(100);
  expect(lines).toContainEqual(expect.objectContaining({ source: 'ecr', type: 'image pushed', text: `${repository}:${nextTag}` }));
  expect(states.at(-1)?.repositories[0]?.nextTag).not.toBe(nextTag);
  const { log } = control.state();
  expect([log.length <= 200, log.slice(0, lines.length)]).toEqual([true, lines]);
  expect(states.at(-1)?.log).toEqual([]);
  end();
});

test('an unknown repository is refused with those that there are', async () => {
  const pushed = control.push({ repository: 'other', tag: 'v1', behaviour: 'healthy' });
  await expect(pushed).rejects.toMatchObject({ status: 422, error: { message: expect.stringContaining(repository) } });
});

test('the clock stands, takes a step, and gets another speed', async () => {
  const before = control.state();
  expect(before.clock.speed).toBe(0);
  await control.setClock({ step: true });
  const after = control.state();
  expect(Date.parse(after.clock.now)).toBeGreaterThan(Date.parse(before.clock.now));
  await control.setClock({ speed: 'max' });
  expect([control.state().clock.speed, control.state().day]).toEqual([3600, 1]);
});

test('a fault of ECS is of Slipway’s roles alone, counts down and can be ended', async () => {
  control.inject({ kind: 'throttleEcs', times: 2 });
  const caller = { arn: role.arn, kind: role.kind };
  expect(stack.emulator.account.faults.ofRequest('ecs', 'DescribeServices', caller)?.kind).toBe('throttled');
  const read = new DescribeServicesCommand({ cluster: 'production', services: ['web'] });
  await new ECSClient(stack.emulator.clientConfig()).send(read);
  expect(control.state().faults).toEqual([{ kind: 'throttleEcs', left: 1, of: 2 }]);
  control.inject({ kind: 'throttleEcs', times: 20 });
  expect(control.state().faults).toEqual([{ kind: 'throttleEcs', left: 20, of: 20 }]);
  control.removeFault('throttleEcs');
  expect(control.state().faults).toEqual([]);
  expect(stack.emulator.account.faults.ofRequest('ecs', 'DescribeServices', caller)).toBeUndefined();
});

test('the next event is lost, and a schedule is none', () => {
  const { faults } = stack.emulator.account;
  control.inject({ kind: 'loseNextEvent', times: 1 });
  expect(faults.ofDelivery('slipway-dev-sweep', 'Scheduled Event')).toBeUndefined();
  expect(faults.ofDelivery('slipway-dev-push', 'ECR Image Action')?.kind).toBe('lost');
  expect(control.state().faults).toEqual([]);
});

test('a reset begins once its request is answered', async () => {
  await control.reset();
  expect(restarts).toBe(0);
  await pause(150);
  expect(restarts).toBe(1);
});

test('what the page reads by `query` is not in the log', () => {
  const entry = { time: 0, source: 'lambda', type: 'invoked' };
  expect(isOwnRead({ ...entry, detail: { function: 'slipway-dev-query' } })).toBe(true);
  expect(isOwnRead({ ...entry, detail: { function: 'slipway-dev-control' } })).toBe(false);
});
