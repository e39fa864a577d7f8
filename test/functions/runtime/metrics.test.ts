import type { DeploymentRecord } from '../../../core/records/records.js';
import { eventMetricsOf, metricsOf, publishMetrics, safetyLookMetricsOf } from '../../../functions/runtime/metrics.js';
import { deploymentRecord } from '../../core/given.js';

const startedAt = '2026-11-23T12:00:00.000Z';
const endedAt = '2026-11-23T12:05:00.000Z';
const result = (outcome: 'SUCCEEDED' | 'SKIPPED' | 'ROLLED_BACK') => ({ outcome, reason: 'DEPLOYED', message: '' }) as const;
const lastDeployed = (changes: Partial<DeploymentRecord> = {}) => deploymentRecord({ startedAt, ...changes });

test('a deployment counts by service or stage and by outcome, and its duration by service', () => {
  expect(metricsOf(lastDeployed({ updateAttempt: 4 }), result('SUCCEEDED'), endedAt, 'dev')).toEqual({
    _aws: {
      Timestamp: Date.parse(endedAt),
      CloudWatchMetrics: [
        {
          Namespace: 'Slipway',
          Dimensions: [
            ['service', 'outcome'],
            ['stage', 'outcome'],
          ],
          Metrics: [{ Name: 'Deployments', Unit: 'Count' }],
        },
        { Namespace: 'Slipway', Dimensions: [['service']], Metrics: [{ Name: 'Duration', Unit: 'Seconds' }] },
      ],
    },
    stage: 'dev',
    service: 'production/web',
    outcome: 'SUCCEEDED',
    Deployments: 1,
    Duration: 300,
  });
});

test('a rollback has the time from the newest failure to its decision', () => {
  const evidence = { failedTasks: 3, reason: 'CRASHED', groups: [], failedAt: '2026-11-23T12:01:00.000Z' } as const;
  const rollback = { since: '2026-11-23T12:01:08.000Z', sentAt: endedAt, method: 'stop', reason: 'CRASHED', message: '' } as const;

  expect(metricsOf(lastDeployed({ updateAttempt: 4, evidence, rollback }), result('ROLLED_BACK'), endedAt, 'dev')).toMatchObject({
    DetectionTime: 8,
  });
});

test('a deployment that never sent an update has no duration', () => {
  const metrics = metricsOf(lastDeployed(), result('SKIPPED'), endedAt, 'dev');

  expect(metrics).toMatchObject({ outcome: 'SKIPPED', Deployments: 1, _aws: { CloudWatchMetrics: { length: 1 } } });
  expect(metrics).not.toHaveProperty('Duration');
});

test.each([
  metricsOf(lastDeployed({ updateAttempt: 4 }), result('SUCCEEDED'), endedAt, 'dev'),
  eventMetricsOf({ did: 'woken', service: 'production/web', time: startedAt }, endedAt, 'dev'),
  eventMetricsOf({ did: 'unknown' }, endedAt, 'dev'),
  safetyLookMetricsOf('production/web', true, endedAt, 'dev'),
])('every metric and dimension that a line announces is a member of it', (metrics) => {
  const { CloudWatchMetrics } = metrics._aws as {
    CloudWatchMetrics: readonly { readonly Dimensions: readonly string[][]; readonly Metrics: readonly { readonly Name: string }[] }[];
  };

  for (const { Dimensions, Metrics } of CloudWatchMetrics) {
    for (const name of Dimensions.flat()) expect(metrics[name]).toEqual(expect.any(String));
    for (const { Name } of Metrics) expect(metrics[Name]).toEqual(expect.any(Number));
  }
});

test('metrics are one line of JSON, in Lambda only', () => {
  const lines: unknown[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(text) > 0);

  publishMetrics(lastDeployed(), result('SKIPPED'), endedAt);
  Object.assign(process.env, { AWS_LAMBDA_FUNCTION_NAME: 'slipway-dev-closeDeployment', STAGE: 'dev' });
  publishMetrics(lastDeployed(), result('SKIPPED'), endedAt);
  for (const name of ['AWS_LAMBDA_FUNCTION_NAME', 'STAGE']) delete process.env[name];
  write.mockRestore();

  expect(lines).toEqual([`${JSON.stringify(metricsOf(lastDeployed(), result('SKIPPED'), endedAt, 'dev'))}\n`]);
});

describe('an event of ECS', () => {
  const event = { service: 'production/web', time: '2026-11-23T12:04:58.000Z' };

  test.each(['woken', 'rollBack'])('that has %s the deployment counts, with the time from it to that', (did) => {
    expect(eventMetricsOf({ did, ...event }, endedAt, 'dev')).toEqual({
      _aws: {
        Timestamp: Date.parse(endedAt),
        CloudWatchMetrics: [
          {
            Namespace: 'Slipway',
            Dimensions: [['stage']],
            Metrics: [
              { Name: 'EventsReceived', Unit: 'Count' },
              { Name: 'EventsDropped', Unit: 'Count' },
            ],
          },
          { Namespace: 'Slipway', Dimensions: [['service'], ['stage']], Metrics: [{ Name: 'TimeToAction', Unit: 'Seconds' }] },
        ],
      },
      stage: 'dev',
      service: 'production/web',
      EventsReceived: 1,
      EventsDropped: 0,
      TimeToAction: 2,
    });
  });

  test.each([{ did: 'none', ...event }, { did: 'unwatched', ...event }, { did: 'unknown' }])(
    'that answered nothing is dropped: $did',
    (handled) => {
      const metrics = eventMetricsOf(handled, endedAt, 'dev');

      expect(metrics).toMatchObject({ EventsReceived: 1, EventsDropped: 1 });
      expect(metrics).not.toHaveProperty('TimeToAction');
    },
  );
});

test.each([true, false])('a safety look counts, and whether it found something: %s', (hasFound) => {
  expect(safetyLookMetricsOf('production/web', hasFound, endedAt, 'dev')).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Dimensions: [['service'], ['stage']] }] },
    stage: 'dev',
    service: 'production/web',
    SafetyLooks: 1,
    SafetyLooksThatFound: Number(hasFound),
  });
});
