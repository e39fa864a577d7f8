import { messageOf } from '../../../core/notification/message.js';
import { slackMessageOf } from '../../../core/notification/slack.js';
import { textOf } from '../../../core/notification/text.js';
import { meaningOf, meaningOfResult, startedBy, titleOf } from '../../../core/notification/wording.js';
import { duration } from '../../../core/result/moment.js';
import { type Outcome, outcomes } from '../../../core/result/result.js';
import {
  crashes,
  deploymentRecord,
  digest,
  execution,
  image,
  later,
  registry,
  releaseExecution,
  releaseRecord,
  resultWith,
  revisionArn,
  startedAt,
} from '../given.js';
import { messageOfOne, rolledBack, succeeded } from './given-messages.js';

test('the notification of a deployment has all its facts', () => {
  const message = messageOf({
    result: rolledBack,
    execution,
    startedAt,
    now: '2026-11-23T12:06:00.000Z',
    deployments: [
      deploymentRecord({
        trigger: { kind: 'hand', by: 'ann' },
        image: { ...image, commit: '4f2a', sourceUrl: 'https://example.com/app' },
        previousImage: `${registry}/my-learn-app@${digest}`,
        previousTag: 'main-6',
        revision: revisionArn(8),
        endedAt: later,
        evidence: {
          ...crashes,
          logs: { container: 'app', lines: ['boom'] },
          events: ['(service web) is unhappy'],
          alarms: ['web-5xx'],
          warnings: ['a note'],
        },
      }),
    ],
  });

  expect(message).toEqual({
    id: execution,
    result: rolledBack,
    account: '123456789012',
    region: 'eu-west-1',
    stage: 'production',
    repository: 'my-learn-app',
    to: 'my-learn-app:main-7 (a1b2c3d4a1b2)',
    trigger: { kind: 'hand', by: 'ann' },
    commit: '4f2a',
    sourceUrl: 'https://example.com/app',
    durationSeconds: 300,
    services: [
      {
        service: 'production/web',
        stage: 'production',
        result: rolledBack,
        from: 'my-learn-app:main-6 (a1b2c3d4a1b2)',
        revision: 'web:8',
        durationSeconds: 300,
        failures: [{ count: 3, description: 'exit 1 in app' }],
        logs: { container: 'app', lines: ['boom'] },
        events: ['(service web) is unhappy'],
        warnings: [
          'alarm web-5xx fired',
          'a note',
          'web:8 was rolled back, and is the newest of its family: see docs/terraform-and-cdk.md',
        ],
        consoleUrl: 'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/production/services/web?region=eu-west-1',
      },
    ],
    lines: [
      { to: 'see more', line: 'npx --no-install slipway show one --stage dev --region eu-west-1' },
      { to: 'see the log of production/web', line: 'npx --no-install slipway logs production/web --stage dev --region eu-west-1' },
    ],
    consoleUrl: `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${execution}`,
  });
});

test.each([
  [revisionArn(8), 'web:8, a copy of worker:1'],
  [undefined, 'a copy of worker:1'],
])('a revision that an operator names is in the notification, whether it was registered as %s', (revision, expected) => {
  const operation = { kind: 'taskDefinition', taskDefinition: revisionArn(1).replace('web', 'worker') } as const;

  expect(messageOfOne({ operation, ...(revision !== undefined && { revision }) }).services[0]?.revision).toBe(expected);
});

test.each([
  [undefined, 'web:8'],
  [revisionArn(9), 'web:8, a copy of web:9'],
])('the revision that was copied is in the notification, unless it is the one that ran: %s', (base, expected) => {
  expect(messageOfOne({ revision: revisionArn(8), ...(base !== undefined && { base }) }).services[0]?.revision).toBe(expected);
});

test('only after a rollback the revision that was registered is said to be the newest of its family', () => {
  const saidOf = (outcome: Outcome, revision?: string): number => {
    const record = deploymentRecord({ result: resultWith(outcome), ...(revision !== undefined && { revision }) });
    const { services } = messageOf({ result: resultWith(outcome), execution, startedAt, now: later, deployments: [record] });
    return services[0]?.warnings?.length ?? 0;
  };

  expect(outcomes.filter((outcome) => saidOf(outcome, revisionArn(8)) > 0)).toEqual(['ROLLED_BACK']);
  expect(saidOf('ROLLED_BACK')).toBe(0);
});

test.each<[Outcome, string[] | undefined]>([
  ['ROLLED_BACK', undefined],
  ['ROLLBACK_FAILED', ['no rollback was possible: web:7 had not finished']],
  ['SUCCEEDED', ['a rollback may not be possible: web:7 had not finished']],
])('a rollback that seemed impossible before the update is said of %s as it turned out', (outcome, warnings) => {
  const result = { outcome, reason: 'CRASHED', message: 'x' } as const;
  const record = deploymentRecord({ rollbackUnavailableReason: 'web:7 had not finished' });

  const { services } = messageOf({ result, execution, startedAt, now: later, deployments: [record] });

  expect(services[0]?.warnings).toEqual(warnings);
});

test('a deployment that was cancelled and rolled back is not called failed', () => {
  expect(meaningOfResult({ outcome: 'ROLLED_BACK', reason: 'CANCELLED', message: 'x' })).toBe('cancelled and rolled back');
});

test('the notification of a release has the result of each deployment, also of those that were aborted', () => {
  const message = messageOf({
    result: { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: 'x' },
    execution: releaseExecution,
    startedAt,
    now: later,
    release: releaseRecord(),
    deployments: [
      deploymentRecord({ service: 'staging/web', result: succeeded }),
      deploymentRecord({ service: 'production/worker', result: rolledBack }),
      deploymentRecord(),
      deploymentRecord({ service: 'production/api', updateRequestedAt: startedAt }),
    ],
  });

  expect(message.services.map(({ service, result }) => [service, result])).toEqual([
    ['staging/web', succeeded],
    ['production/worker', rolledBack],
    ['production/web', expect.objectContaining({ outcome: 'FAILED', reason: 'ABORTED' })],
    ['production/api', expect.objectContaining({ outcome: 'UNKNOWN', reason: 'ABORTED', runbook: 'RESULT_MISSING' })],
  ]);
  expect(titleOf(message)).toBe('my-learn-app:main-7 (a1b2c3d4a1b2) on staging');
  expect(message).toMatchObject({ stage: 'staging', trigger: { kind: 'push' }, repository: 'my-learn-app' });
});

test('the notification of a release without an image has the requested tag', () => {
  const { image: _, ...unresolved } = releaseRecord({ tag: 'main-7' });

  expect(messageOf({ result: succeeded, execution, startedAt, now: later, release: unresolved, deployments: [] }).to).toBe(
    'my-learn-app:main-7',
  );
});

test('a deployment that another execution resumed has one duration, from its first execution on', () => {
  const message = messageOf({
    result: succeeded,
    execution,
    startedAt: '2026-11-23T12:04:49.000Z',
    now: later,
    deployments: [deploymentRecord({ startedAt, endedAt: later })],
  });

  expect([message, ...message.services].map(({ durationSeconds }) => durationSeconds)).toEqual([300, 300]);
});

test.each([
  ['ROLLED_BACK_BY_OPERATOR', 'an operator rolled back to it'],
  ['REDEPLOYED', 'deployed again'],
  ['NOTHING_RUNNING', 'deployed; nothing is running'],
  ['DEPLOYED', 'deployed'],
] as const)('SUCCEEDED with the reason %s means "%s"', (reason, meaning) => {
  expect(meaningOf({ ...messageOfOne(), result: { outcome: 'SUCCEEDED', reason, message: '' } })).toBe(meaning);
});

test('an execution that was rejected before it had a record has a notification', () => {
  const message = messageOf({
    result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message: 'x' },
    execution,
    startedAt,
    now: startedAt,
    deployments: [],
  });

  expect(message).toMatchObject({ id: execution, repository: '', to: '', stage: '', trigger: undefined, durationSeconds: 0, services: [] });
  expect(titleOf(message)).toBe('a deployment');
});

test.each([
  ['aws', 'eu-west-1', 'https://eu-west-1.console.aws.amazon.com/'],
  ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
  ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ['aws-eusc', 'eusc-de-east-1', 'https://eusc-de-east-1.console.amazonaws-eusc.eu/'],
])('in the partition %s the console of %s is at %s', (partition, region, start) => {
  const message = messageOf({
    result: rolledBack,
    execution: `arn:${partition}:states:${region}:123456789012:execution:slipway-dev-deployment:one`,
    startedAt,
    now: later,
    deployments: [deploymentRecord()],
  });

  expect(message.consoleUrl.startsWith(start)).toBe(true);
  expect(message.services[0]?.consoleUrl.startsWith(start)).toBe(true);
});

test('in a partition whose console has no known address there are no links', () => {
  const message = messageOf({
    result: rolledBack,
    execution: 'arn:aws-iso:states:us-iso-east-1:123456789012:execution:slipway-dev-deployment:one',
    startedAt,
    now: later,
    deployments: [deploymentRecord()],
  });

  expect([message, ...message.services].map(({ consoleUrl }) => consoleUrl)).toEqual(['', '']);
  expect(`${textOf(message)}${JSON.stringify(slackMessageOf(message))}`).not.toMatch(/https:|<\|/);
});

test.each([
  [{}, ''],
  [{ previousImage: `${registry}/acme/payments:v1.0.0` }, 'acme/payments:v1.0.0'],
  [{ previousImage: `${registry}/acme/payments:v1@${digest}`, previousTag: 'v0' }, 'acme/payments:v1 (a1b2c3d4a1b2)'],
  [{ previousImage: `${registry}/acme/payments@${digest}` }, 'acme/payments (a1b2c3d4a1b2)'],
  [{ previousImage: `${registry}/acme/payments@${digest}`, previousTag: '' }, 'acme/payments (a1b2c3d4a1b2)'],
  [{ previousImage: `${registry}/acme/payments@${digest}`, previousTag: 'v6' }, 'acme/payments:v6 (a1b2c3d4a1b2)'],
  [{ previousImage: 'ghcr.io/acme/payments:v6', previousTag: 'v5' }, 'ghcr.io/acme/payments:v6'],
  [{ previousImage: `localhost:5000/payments@${digest}` }, 'localhost:5000/payments (a1b2c3d4a1b2)'],
  [{ previousImage: 'nginx', previousTag: 'v5' }, 'nginx'],
])('the report of a deployment with %j says that "%s" ran before', (changes, from) => {
  expect(messageOfOne(changes).services[0]?.from).toBe(from);
});

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [185, '3 min 5 s'],
  [3600, '1 h'],
  [90_061, '25 h 1 min'],
  [172_799, '47 h 59 min'],
  [172_800, '2 d'],
  [750_900, '8 d 16 h'],
])('%i s are %s', (total, text) => {
  expect(duration(total)).toBe(text);
});

test.each([
  [undefined, ''],
  [{ kind: 'push' }, 'a push'],
  [{ kind: 'replication' }, 'a replication'],
  [{ kind: 'pullThroughCache' }, 'a pull-through cache'],
  [{ kind: 'reconcile' }, 'the reconciler, for a missed push event'],
  [{ kind: 'reconcile', by: 'ada' }, 'ada, for a missed push event'],
  [{ kind: 'hand' }, 'hand'],
  [{ kind: 'hand', by: 'ann', reason: 'hotfix' }, 'hand, ann: hotfix'],
  [{ kind: 'hand', reason: 'hotfix' }, 'hand: hotfix'],
  [
    { kind: 'releasedHold', hold: { by: 'ada', at: startedAt }, until: '2026-11-23T14:05:00.000Z' },
    'held back by ada until 2026-11-23 14:05 UTC',
  ],
  [
    { kind: 'releasedHold', hold: { at: startedAt }, until: '2026-11-23T14:05:00Z', by: 'bob', reason: 'done' },
    'held back by an operator until 2026-11-23 14:05 UTC; bob released the hold: done',
  ],
] as const)('a start by %j is described as "%s"', (trigger, text) => {
  expect(startedBy(trigger)).toBe(text);
});

describe('the title', () => {
  test('names the service if there is one, else the stage', () => {
    expect(titleOf(messageOfOne())).toBe('my-learn-app:main-7 (a1b2c3d4a1b2) on production/web');
    expect(titleOf({ ...messageOfOne(), services: [] })).toBe('my-learn-app:main-7 (a1b2c3d4a1b2) on production');
  });
});

test.each([
  ['FAILED', ['FAILED'], 'failed, nothing changed'],
  ['FAILED', ['SUCCEEDED', 'FAILED'], 'failed; some services run it'],
  ['SKIPPED', ['SKIPPED'], 'skipped, nothing changed'],
  ['PARTIAL', ['SUCCEEDED', 'SKIPPED'], 'deployed in part; the rest was skipped'],
  ['SUCCEEDED', ['SUCCEEDED'], 'deployed'],
  ['ROLLED_BACK', ['SUCCEEDED', 'ROLLED_BACK'], 'failed and rolled back'],
] as const)('%s of %j means: %s', (outcome, each, meaning) => {
  const [report] = messageOfOne().services;
  const services = each.map((one) => ({ ...report!, result: { ...rolledBack, outcome: one } }));

  expect(meaningOf({ ...messageOfOne(), result: { ...rolledBack, outcome }, services })).toBe(meaning);
});
