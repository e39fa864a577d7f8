import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeploymentRecord } from '../../core/records/records.js';
import { outcomes } from '../../core/result/result.js';
import { eventMetricsOf, metricsOf, safetyLookMetricsOf } from '../../functions/runtime/metrics.js';
import { dashboard } from '../../stack/dashboard.js';
import { parseConfiguration, readConfiguration } from '../../stack/read-configuration.js';
import { givenPackagedStack } from '../support/packaged-stack.js';

type Widget = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly type: string;
  readonly properties: { readonly title: string; readonly alarms?: readonly string[]; readonly metrics?: readonly (readonly unknown[])[] };
};

const widgetsOf = (...given: Parameters<typeof dashboard>): Widget[] => {
  const body = dashboard(...given).Dashboard?.Properties.DashboardBody as { readonly 'Fn::Sub': string };
  return JSON.parse(body['Fn::Sub']).widgets;
};

const withServices = (count: number) =>
  parseConfiguration(
    JSON.stringify({
      notifications: { slack: { secret: 'slipway/slack' } },
      repositories: {
        app: { tags: ['v1'], stages: [{ name: 'only', services: Array.from({ length: count }, (_, index) => `production/web-${index}`) }] },
      },
      stack: { dashboard: true },
    }),
    'slipway.yml',
  );

test('a stack has a dashboard if slipway.yml asks for one', () => {
  expect(
    dashboard(
      'dev',
      parseConfiguration(
        '{notifications: {email: [a@b.ch]}, repositories: {app: {tags: [v1], stages: [{name: s, services: [c/s]}]}}}',
        'f',
      ),
    ),
  ).toEqual({});
  expect(dashboard('dev', withServices(1)).Dashboard?.Properties.DashboardName).toBe('slipway-dev-deployments');
});

test('it shows every alarm of the packaged stack, and no other', async () => {
  const { directory } = await givenPackagedStack('test/support/hardened.yml');
  const template = JSON.parse(readFileSync(join(directory, 'cloudformation-template-update-stack.json'), 'utf8'));
  const packaged = Object.values(template.Resources as Record<string, { Type: string; Properties: { AlarmName?: string } }>)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties.AlarmName);

  const [alarms] = widgetsOf('dev', readConfiguration('test/support/hardened.yml'));

  expect(alarms?.properties.alarms?.map((arn) => arn.split(':alarm:')[1]).sort()).toEqual(packaged.sort());
});

test('every metric of the namespace Slipway is one that the functions write, with its dimensions', () => {
  const at = '2026-11-23T09:00:00Z';
  const rolledBack = {
    service: 'production/web-0',
    startedAt: at,
    updateAttempt: 1,
    evidence: { failedAt: at },
    rollback: { since: at },
  } as unknown as DeploymentRecord;
  const lines = [
    metricsOf(rolledBack, { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: '' }, at, 'dev'),
    eventMetricsOf({ did: 'woken', service: 'production/web-0', time: at }, at, 'dev'),
    safetyLookMetricsOf('production/web-0', true, at, 'dev'),
  ];
  const written = lines.flatMap(({ _aws }) =>
    (_aws as { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] }).CloudWatchMetrics.flatMap(
      ({ Dimensions, Metrics }) => Dimensions.flatMap((dimensions) => Metrics.map(({ Name }) => [Name, ...dimensions].join(' '))),
    ),
  );

  const shown = widgetsOf('dev', withServices(1))
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter(([namespace]) => namespace === 'Slipway')
    .map((metric) => metric.filter((part): part is string => typeof part === 'string'))
    .map(([, name, ...pairs]) => ({
      name: [name, ...pairs.filter((_, index) => index % 2 === 0)].join(' '),
      values: pairs.filter((_, index) => index % 2),
    }));

  expect(shown.filter(({ name }) => !written.includes(name))).toEqual([]);
  expect(shown.filter(({ name }) => name === 'Deployments stage outcome').map(({ values }) => values.at(-1))).toEqual([
    ...outcomes,
    ...outcomes,
  ]);
});

test.each([1, 50, 200])('with %s services its widgets do not overlap, and a graph is legible', (count) => {
  const widgets = widgetsOf('dev', withServices(count));
  const cells = widgets.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, index) => `${x + (index % width)},${y + Math.floor(index / width)}`),
  );

  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...widgets.map(({ properties }) => properties.metrics?.length ?? 0))).toBeLessThanOrEqual(50);
  expect(widgets.some(({ properties }) => properties.title.includes('the first 50 of 200 services'))).toBe(count === 200);
});
