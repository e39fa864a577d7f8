import { CloudWatchClient, GetDashboardCommand, PutDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { createEmulator } from '../../../emulator/emulator.js';

const client = new CloudWatchClient(createEmulator().clientConfig());
const put = (DashboardName: string, DashboardBody: string) => client.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
const bodyOf = (...widgets: object[]) => JSON.stringify({ widgets });
const graph = {
  type: 'metric',
  x: 12,
  y: 0,
  width: 12,
  height: 6,
  properties: { region: 'eu-west-1', metrics: [['Slipway', 'Duration']] },
};

test('a dashboard is kept as it was put', async () => {
  await put('slipway-dev-deployments', bodyOf(graph));

  expect(await client.send(new GetDashboardCommand({ DashboardName: 'slipway-dev-deployments' }))).toMatchObject({
    DashboardArn: 'arn:aws:cloudwatch::123456789012:dashboard/slipway-dev-deployments',
    DashboardBody: bodyOf(graph),
  });
  await expect(client.send(new GetDashboardCommand({ DashboardName: 'other' }))).rejects.toMatchObject({ name: 'ResourceNotFound' });
});

test.each([
  ['a body that is not JSON', '{', 'invalid'],
  ['a body without widgets', '{}', 'expected an array'],
  ['a type that no widget has', bodyOf({ ...graph, type: 'chart' }), '/widgets/0/type is "chart"'],
  ['a widget beyond the grid', bodyOf(graph, { ...graph, x: 13 }), '/widgets/1 is 12 columns wide at 13'],
  ['a graph without a Region', bodyOf({ ...graph, properties: { metrics: [['a', 'b']] } }), 'region is missing'],
  ['a graph without metrics', bodyOf({ ...graph, properties: { region: 'eu-west-1', metrics: [] } }), 'expected a list of lists'],
  ['alarms that are none', bodyOf({ ...graph, type: 'alarm', properties: {} }), 'expected a list of ARNs'],
])('PutDashboard refuses %s', async (_title, body, text) => {
  await expect(put('web', body)).rejects.toMatchObject({ name: 'DashboardInvalidInputError', message: expect.stringContaining(text) });
});
