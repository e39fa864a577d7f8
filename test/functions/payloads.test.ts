import * as v from 'valibot';
import { unfinished } from '../../core/result/result.js';
import type { Environment } from '../../functions/runtime/environment.js';
import { loadSteps } from '../../stack/steps.js';
import { configuration, execution, later } from '../core/given.js';
import { nothingCaught } from './given-failure.js';

const environment: Environment = {
  configuration,
  variables: {
    TABLE_NAME: 'slipway',
    TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:slipway',
    RELEASE_MACHINE_ARN: 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-release',
    SLACK_SECRET: 'slipway/slack',
    SLACK_QUEUE_URL: 'https://sqs.example/queue',
  },
  clients: { region: 'eu-west-1', maxAttempts: 1 },
  now: () => new Date(later),
};

const stepNamed = async (name: string) => (await loadSteps()).find((step) => step.name === name)!;

test('every step rejects a payload with an absent member or one of another type before it reads anything', async () => {
  for (const step of await loadSteps()) {
    // What an operator may type is parsed by the step itself, which answers with an example.
    const { entries = {} } = step.input as unknown as v.ObjectSchema<v.ObjectEntries, undefined>;
    for (const [key, { type }] of Object.entries(entries).filter(([, entry]) => entry.type !== 'unknown')) {
      const refused = { name: 'ValiError', message: expect.stringMatching(`(^|; )${key}: `) };

      await expect({
        step: step.name,
        error: await step
          .in(environment)({})
          .catch((error: unknown) => error),
      }).toMatchObject({ step: step.name, error: refused });
      if (type !== 'number') await expect(step.in(environment)({ [key]: 7 })).rejects.toMatchObject(refused);
    }
  }
});

/** The members of the payload that the step rejects. */
const rejected = async (name: string, payload: object): Promise<readonly unknown[]> => {
  const { issues = [] } = v.safeParse((await stepNamed(name)).input, payload);
  return issues.map((issue) => v.getDotPath(issue as v.BaseIssue<unknown>));
};

const waiting = {
  service: 'production/web',
  record: 'r',
  execution,
  visit: { number: 1, retry: 0 },
  now: later,
  token: 'AQCk',
  because: 'entered',
  seconds: 120,
  deadline: '',
};

test('a Task that waits is entered for three reasons', async () => {
  for (const because of ['entered', 'woken', 'timedOut']) expect(await rejected('WatchRollout', { ...waiting, because })).toEqual([]);
  expect(await rejected('WatchRollout', { ...waiting, because: 'polled' })).toEqual(['because']);
});

test.each(['yesterday', '2026-11-23', '1764000000'])('the time "%s" is rejected', async (now) => {
  expect(await rejected('WatchRollout', { ...waiting, now })).toEqual(['now']);
});

test.each(['2026-11-23T12:00:00.000Z', { number: 0.5, retry: 0 }, { number: 1, retry: -1 }, { number: '1', retry: 0 }, { number: 1 }])(
  'the visit %j is rejected by every step that has one',
  async (visit) => {
    for (const name of ['AcquireLease', 'RegisterRevision', 'UpdateService', 'WatchRollout', 'RollBack'])
      expect(
        (await rejected(name, { ...waiting, result: unfinished, caught: nothingCaught, visit })).map((path) => String(path).split('.')[0]),
      ).toEqual(['visit']);
  },
);

test.each(['succeeded', 'DONE', ''])('the outcome "%s" is rejected', async (outcome) => {
  expect(await rejected('RollBack', { ...waiting, caught: nothingCaught, result: { ...unfinished, outcome } })).toEqual(['result.outcome']);
});

test.each([
  ['WatchRollout', 'TABLE_NAME'],
  ['Notify', 'TABLE_NAME'],
  ['SendToSlack', 'SLACK_SECRET'],
])('%s without its variable names the variable that is not set', async (step, name) => {
  const { in: run } = await stepNamed(step);

  expect(() => run({ ...environment, variables: {} })).toThrow(`the environment variable ${name} is not set; serverless.yml sets it`);
});
