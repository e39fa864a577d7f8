import type { DeploymentSummary } from '../../core/query/answers.js';
import type { Outcome, Reason } from '../../core/result/result.js';
import { definitions } from '../../page/definitions.js';
import { changesOf } from '../../page/server/changes.js';
import { rowsOf } from '../../page/server/history-row.js';
import { insightsOf, workingDays } from '../../page/server/insights.js';
import { median, percentile } from '../../page/server/percentile.js';
import { pageNamed } from '../docs/pages.js';
import { deploymentAt, minute } from './given-history.js';

const at = '2026-11-16T12:00:00Z';
const hours = 60;

const ended = (outcome: Outcome, reason: Reason): Partial<DeploymentSummary> => ({ result: { outcome, reason, message: 'x' } });
const failed = ended('ROLLED_BACK', 'CRASHED');
const rolledBackByHand: Partial<DeploymentSummary> = { operation: 'rollback', ...ended('SUCCEEDED', 'ROLLED_BACK_BY_OPERATOR') };

const insightsFor = (deployments: readonly DeploymentSummary[], months = 12) =>
  insightsOf({
    at,
    months,
    isComplete: true,
    changes: changesOf(
      rowsOf({ deployments }).map(({ row }) => row),
      () => 'production',
    ),
  });

const november = (deployments: readonly DeploymentSummary[]) => insightsFor(deployments).months.at(-1);

test('deployments are counted by working day, of the present month by the days so far', () => {
  expect(november([0, 1, 2].map((start) => deploymentAt(start)))).toMatchObject({
    month: '2026-11',
    deployments: 3,
    perWorkingDay: 3 / 11,
  });
  expect(workingDays('2026-11', at)).toBe(11);
  expect(workingDays('2026-10', at)).toBe(22);
  // The first two days of a month may be a weekend.
  expect(workingDays('2026-08', '2026-08-02T10:00:00Z')).toBe(1);
});

test('months without a deployment are there, the oldest first', () => {
  const { months } = insightsFor([deploymentAt(0)], 3);

  expect(months).toEqual([
    { month: '2026-09', deployments: 0, perWorkingDay: 0 },
    { month: '2026-10', deployments: 0, perWorkingDay: 0 },
    expect.objectContaining({ month: '2026-11', deployments: 1, failureRate: 0 }),
  ]);
});

test('lead time is from the label of the image to the end, and without a label or of a wrong clock it does not count', () => {
  const of = (start: number, created?: string) => {
    const { image } = deploymentAt(start);
    return deploymentAt(start, undefined, {
      image: { ...(image as NonNullable<typeof image>), ...(created !== undefined && { created }) },
    });
  };

  expect(november([of(10, minute(0)), of(20, minute(5)), of(30), of(40, minute(50))])).toMatchObject({ leadSeconds: (15 + 20) * 30 });
  expect(november([of(30)])).not.toHaveProperty('leadSeconds');
});

test('a failure is one that was rolled back, by ECS or by an operator within a day, among all that changed the service', () => {
  const others = [
    deploymentAt(0, undefined, ended('SKIPPED', 'ON_HOLD')),
    deploymentAt(1, undefined, ended('FAILED', 'PREFLIGHT')),
    deploymentAt(2, undefined, ended('SUPERSEDED', 'NEWER_DEPLOYMENT')),
    deploymentAt(3, undefined, { operation: 'redeploy', ...ended('SUCCEEDED', 'REDEPLOYED') }),
    deploymentAt(4, undefined, { stage: 'staging', ...failed }),
  ];

  expect(november([...others, deploymentAt(10), deploymentAt(20, undefined, failed)])).toMatchObject({ failureRate: 1 / 2 });
  expect(november([deploymentAt(0), deploymentAt(60, undefined, rolledBackByHand)])).toMatchObject({ deployments: 1, failureRate: 1 });
  expect(november([deploymentAt(0), deploymentAt(25 * hours, undefined, rolledBackByHand)])).toMatchObject({ failureRate: 0 });
  // It rolls back the newer one.
  expect(november([deploymentAt(0), deploymentAt(60), deploymentAt(120, undefined, rolledBackByHand)])).toMatchObject({
    failureRate: 1 / 2,
  });
  expect(november(others)).not.toHaveProperty('failureRate');
});

test.each(['ROLLED_BACK', 'ROLLBACK_FAILED', 'UNKNOWN'] as const)('%s is restored by the next success of its service', (outcome) => {
  const failure = deploymentAt(0, undefined, ended(outcome, 'AWS_ERROR'));

  expect(november([failure, deploymentAt(10, 'production/worker'), deploymentAt(20)])).toMatchObject({ restoreSeconds: 20 * 60 });
  expect(november([failure, deploymentAt(20, undefined, failed)])).not.toHaveProperty('restoreSeconds');
});

test('one that an operator rolled back is restored from the start of that rollback', () => {
  expect(november([deploymentAt(0), deploymentAt(60, undefined, rolledBackByHand)])).toMatchObject({ restoreSeconds: 5 * 60 });
});

test('services are compared, and reasons counted with the services that they hit most', () => {
  const { services, reasons } = insightsFor([
    deploymentAt(0, 'production/web', failed),
    deploymentAt(10, 'production/worker', failed),
    deploymentAt(20, 'production/worker', failed),
    deploymentAt(30, 'production/worker', ended('UNKNOWN', 'AWS_ERROR')),
    ...[1, 2, 3, 20].map((minutes, index) => deploymentAt(100 + index, 'production/web', { endedAt: minute(100 + index + minutes) })),
  ]);

  expect(services.map(({ service, p50, p95 }) => [service, p50, p95])).toEqual([
    ['production/web', 120, 1200],
    ['production/worker', undefined, undefined],
  ]);
  expect(reasons).toEqual([
    {
      reason: 'CRASHED',
      count: 3,
      services: [
        { service: 'production/worker', count: 2 },
        { service: 'production/web', count: 1 },
      ],
    },
    { reason: 'AWS_ERROR', count: 1, services: [{ service: 'production/worker', count: 1 }] },
  ]);
});

test('percentiles are values that were measured, the median may be between two', () => {
  expect([percentile([5, 1, 3], 0.5), percentile([1, 2], 0.95), percentile([], 0.5)]).toEqual([3, 2, undefined]);
  expect([median([3, 1, 2]), median([1, 2, 3, 4]), median([])]).toEqual([2, 2.5, undefined]);
});

test('docs/page.md has the definitions of the tooltips word for word', () => {
  const page = pageNamed('docs/page.md').replace(/\s+/g, ' ');

  for (const { title, text } of Object.values(definitions)) expect(page).toContain(`${title} | ${text}`);
});
