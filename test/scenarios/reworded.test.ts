import { createHash } from 'node:crypto';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { web } from '../support/failing.js';
import { closePipeline, closePipelines, givenPipeline, type Pipeline, type PipelineOptions } from '../support/pipeline.js';
import { itemsOf } from '../support/table.js';

let mockIsReworded = false;
const mockReword = (text: string): string => createHash('sha256').update(text).digest('hex');

jest.mock('../../core/result/messages.js', () => {
  const messages = jest.requireActual<Record<string, (...facts: unknown[]) => string>>('../../core/result/messages.js');
  const reworded = Object.entries(messages).map(([name, render]) => [
    name,
    (...facts: unknown[]) => (mockIsReworded ? mockReword(render(...facts)) : render(...facts)),
  ]);
  return { __esModule: true, ...Object.fromEntries(reworded) };
});

afterEach(closePipelines);

const minutes = 60_000;
const always = Number.POSITIVE_INFINITY;
const one: PipelineOptions = { services: { [web]: { tasks: 2 } } };

const operate = (pipeline: Pipeline, input: object) => pipeline.start('deployment', { service: web, ...input });

/** An operator deploys an image; it is left when the execution enters a state. */
const deployUntil = async (pipeline: Pipeline, behaviour: 'healthy' | 'crashes-on-start' | 'slow-to-start', state: string) => {
  const { clock, log } = pipeline.account;
  await pipeline.push('other', behaviour);
  const execution = await operate(pipeline, { image: pipeline.imageUri('other') });
  await clock.run({
    until: () => log.of('states', 'state-entered').some(({ detail }) => detail.execution === execution && detail.state === state),
  });
  return execution;
};

const abort = ({ executionsClient }: Pipeline, executionArn: string) => executionsClient.send(new StopExecutionCommand({ executionArn }));

type Story = {
  readonly options?: PipelineOptions;
  readonly act: (pipeline: Pipeline) => Promise<unknown>;
  /** Outcome and reason of each notification, and the runbook entry if there is one. */
  readonly reports: readonly string[];
};

const stories: Readonly<Record<string, Story>> = {
  'a healthy image that is pushed under two tags': {
    act: async (pipeline) => {
      for (const tag of ['main-2', 'v1.0.0']) await pipeline.push(tag, 'healthy', 'one build');
      await pipeline.runUntilIdle();
    },
    reports: ['SKIPPED DUPLICATE_RELEASE', 'SUCCEEDED DEPLOYED'],
  },
  'an image that crashes': {
    act: (pipeline) => pipeline.release('main-2', 'crashes-on-start'),
    reports: ['ROLLED_BACK CRASHED'],
  },
  'an image that ECS rolls back': {
    options: { services: { 'staging/web': { tasks: 3, breaker: true }, 'production/web': {}, 'production/worker': {} } },
    act: (pipeline) => pipeline.release('main-2', 'cannot-pull'),
    reports: ['ROLLED_BACK CANNOT_PULL'],
  },
  'a rollback that is denied': {
    options: one,
    act: async (pipeline) => {
      pipeline.account.faults.inject({ on: 'ecs.StopServiceDeployment', kind: 'accessDenied', times: always });
      const execution = await deployUntil(pipeline, 'crashes-on-start', 'WatchRollout');
      pipeline.account.faults.inject({ on: 'ecs.UpdateService', kind: 'accessDenied', times: always });
      await pipeline.ended(execution);
      await pipeline.runUntilIdle();
    },
    reports: ['ROLLBACK_FAILED CRASHED ROLLBACK_CALL_FAILED'],
  },
  'a hold and its release': {
    act: async (pipeline) => {
      await pipeline.account.clock.advance(61 * minutes);
      await pipeline.control('hold', 'production/web');
      await pipeline.release('main-2');
      await pipeline.control('unhold', 'production/web');
      await pipeline.runUntilIdle();
    },
    reports: ['SUCCEEDED HELD', 'PARTIAL ON_HOLD', 'SUCCEEDED UNHELD', 'SUCCEEDED DEPLOYED'],
  },
  'a rollback by an operator during a deployment': {
    options: one,
    act: async (pipeline) => {
      const execution = await deployUntil(pipeline, 'slow-to-start', 'WatchRollout');
      await operate(pipeline, { rollback: true, by: 'ada' });
      await pipeline.ended(execution);
      await pipeline.runUntilIdle();
    },
    reports: ['ROLLED_BACK CANCELLED', 'SKIPPED ROLLBACK_DELEGATED'],
  },
  'an aborted execution that the sweep finalizes': {
    options: one,
    act: async (pipeline) => {
      await abort(pipeline, await deployUntil(pipeline, 'healthy', 'UpdateService'));
      await pipeline.account.clock.advance(20 * minutes);
    },
    reports: ['FAILED ABORTED'],
  },
  'an aborted execution that the sweep resumes': {
    options: one,
    act: async (pipeline) => {
      await abort(pipeline, await deployUntil(pipeline, 'healthy', 'WatchRollout'));
      await pipeline.account.clock.advance(60 * minutes);
    },
    reports: ['SUCCEEDED DEPLOYED'],
  },
  'an aborted execution that cannot be resumed': {
    options: one,
    act: async (pipeline) => {
      await abort(pipeline, await deployUntil(pipeline, 'healthy', 'WatchRollout'));
      pipeline.account.faults.injectInvocation({ function: 'openDeployment', kind: 'throws', times: always });
      await pipeline.account.clock.advance(120 * minutes);
    },
    reports: ['UNKNOWN ABORTED NOT_RESUMABLE'],
  },
  'a push whose event arrives after that of a newer one': {
    act: async (pipeline) => {
      pipeline.account.faults.injectDelivery({ kind: 'delayed', delayMs: 30 * minutes });
      await pipeline.push('main-2');
      await pipeline.account.clock.advance(minutes);
      await pipeline.push('main-3');
      await pipeline.runUntilIdle();
    },
    reports: ['SUCCEEDED DEPLOYED', 'SKIPPED OLDER_PUSH'],
  },
  'a deployment that is refused because another operator’s waits, and a quarantined image': {
    options: one,
    act: async (pipeline) => {
      for (const tag of ['other-2', 'other-3']) await pipeline.push(tag);
      await deployUntil(pipeline, 'crashes-on-start', 'WatchRollout');
      for (const tag of ['other-2', 'other-3']) {
        await operate(pipeline, { image: pipeline.imageUri(tag) });
        await pipeline.account.clock.advance(5_000);
      }
      await pipeline.runUntilIdle();
      await operate(pipeline, { image: pipeline.imageUri('other') });
      await pipeline.runUntilIdle();
    },
    reports: ['SKIPPED OPERATOR_WAITING', 'ROLLED_BACK CRASHED', 'SUCCEEDED DEPLOYED', 'SKIPPED QUARANTINED'],
  },
};

/** Members that hold a message: of a result, a notification, and a Fail state. */
const messageKeys = ['message', 'text', 'cause'];
const withoutMessages = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, member) => (messageKeys.includes(key) ? undefined : member)));

/** All that a story leaves behind: executions with their states, items, notifications, and what happened in ECS. */
const outcomeOf = async ({ options, act }: Story, isReworded: boolean) => {
  mockIsReworded = isReworded;
  const pipeline = await givenPipeline(options);
  await act(pipeline);
  const { log } = pipeline.account;
  const notifications = pipeline.messages();
  const executions = [...(await pipeline.executions('release')), ...(await pipeline.executions('deployment'))];
  const codes = {
    executions,
    notifications,
    items: await itemsOf(pipeline),
    states: log.of('states', 'state-entered'),
    ecs: log.entries.filter(({ source }) => source === 'ecs'),
    slack: pipeline.slack.received.length,
  };
  await closePipeline(pipeline);
  return { codes: withoutMessages(codes), notifications, messages: notifications.map(({ result }) => result.message) };
};

test.each(Object.entries(stories))('rewording every message changes nothing else: %s', async (_, story) => {
  const original = await outcomeOf(story, false);
  const reworded = await outcomeOf(story, true);

  const reports = original.notifications.map(({ result: { outcome, reason, runbook } }) => [outcome, reason, runbook].join(' ').trim());
  expect(reports).toEqual(story.reports);
  expect(reworded.messages).not.toEqual(original.messages);
  expect(reworded.codes).toEqual(original.codes);
});
