import { roleArn, steps } from '../../verification/operations/calls.js';
import { type Answers, prepare } from '../../verification/operations/run.js';
import { type Account, call, hasBoto3, openAccount } from './boto3/client.js';

/*
 * The models are stricter than botocore's own parsers, and so are these tests: an unknown member, a wrong type, a missing member, a
 * timestamp of another format, a value that an enum lacks, and an undeclared error are problems.
 */
(hasBoto3() ? describe : describe.skip)('AWS’s Python client', () => {
  const names = [...new Set(steps.flatMap((step) => ('minutes' in step ? [] : [`${step[0]}.${step[1]}`])))];
  const answers: Answers = new Map();
  let full: Awaited<ReturnType<typeof call>>;
  let empty: Awaited<ReturnType<typeof call>>;

  beforeAll(async () => {
    const account = await openAccount();
    await prepare(account.emulator);
    full = await call(account, steps, answers);
    await account.close();

    // The same requests, to an account that has nothing of what they name.
    const other = await openAccount();
    const later = steps.filter((step) => 'minutes' in step || !/^(Create|Register)/.test(step[1]));
    empty = await call(other, later, answers);
    await other.close();
  });

  test('is refused no request', () => {
    expect(full.refused).toEqual([]);
  });

  test.each(names)('gets answers of %s as its model has them', (name) => {
    expect(full.problems.get(name)).toEqual([]);
  });

  test.each(names)('gets errors of %s that its model declares', (name) => {
    expect(empty.problems.get(name) ?? []).toEqual([]);
  });

  test('is refused what does not exist', () => {
    expect(empty.refused.length).toBeGreaterThan(60);
  });
});

(hasBoto3() ? describe : describe.skip)('what the models do not have is reported', () => {
  let account: Account;
  beforeAll(async () => {
    account = await openAccount();
  });
  afterAll(() => account.close());

  test.each([
    ['an unknown member', { clusterArn: 'a', colour: 'red' }, 'colour is not in the model'],
    ['a number for a string', { clusterName: 1 }, 'clusterName: 1 is not a string'],
    ['a string for a number', { runningTasksCount: '1' }, "runningTasksCount: '1' is not a integer"],
    ['a structure for a list', { tags: {} }, 'tags: {} is not a list'],
    [
      'a value that an enum lacks',
      { statistics: [], settings: [{ name: 'size' }] },
      "settings[].name: 'size' is none of the model's values",
    ],
  ])('%s', async (_, cluster, problem) => {
    account.emulator.account.request = async () => ({ cluster }) as never;

    const { problems } = await account.boto3.request('call', 'ecs', 'CreateCluster', { clusterName: 'production' });

    expect(problems).toEqual([`CreateCluster.cluster.${problem}`]);
  });

  test.each([
    ['milliseconds', 1_795_000_000_000],
    ['a date as a string', '2026-11-23T09:00:00Z'],
  ])('%s for a timestamp', async (_, creationDate) => {
    account.emulator.account.request = async () => ({ creationDate }) as never;
    const input = { name: 'machine', definition: '{}', roleArn };

    const { problems } = await account.boto3.request('call', 'states', 'CreateStateMachine', input);

    expect(problems).toEqual([
      'CreateStateMachine.stateMachineArn is required',
      expect.stringMatching(/^CreateStateMachine\.creationDate: .* is not a timestamp$/),
    ]);
  });
});
