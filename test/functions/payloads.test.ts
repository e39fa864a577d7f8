import type * as v from 'valibot';
import { unfinished } from '../../core/result/result.js';
import type { Environment } from '../../functions/runtime/environment.js';
import { loadSteps } from '../../stack/steps.js';
import { configuration, later } from '../core/given.js';
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
      const refused = {
        name: 'ValiError',
        issues: expect.arrayContaining([expect.objectContaining({ path: [expect.objectContaining({ key })] })]),
      };

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

test.each(['yesterday', '2026-11-23', '1764000000'])('the time "%s" is rejected', async (now) => {
  const step = await stepNamed('WatchRollout');

  await expect(step.in(environment)({ service: 'production/web', record: 'r', now })).rejects.toMatchObject({ name: 'ValiError' });
});

test.each(['succeeded', 'DONE', ''])('the outcome "%s" is rejected', async (outcome) => {
  const step = await stepNamed('CloseDeployment');
  const payload = { service: '', record: 'r', result: { ...unfinished, outcome }, caught: nothingCaught, now: later };

  await expect(step.in(environment)(payload)).rejects.toMatchObject({ name: 'ValiError' });
});

test.each([
  ['WatchRollout', 'TABLE_NAME'],
  ['Notify', 'TABLE_NAME'],
  ['SendToSlack', 'SLACK_SECRET'],
])('%s without its variable names the variable that is not set', async (step, name) => {
  const { in: run } = await stepNamed(step);

  expect(() => run({ ...environment, variables: {} })).toThrow(`the environment variable ${name} is not set; serverless.yml sets it`);
});
