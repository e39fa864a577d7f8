import { type Configuration, configuredServices } from '../core/configuration/configuration.js';
import { outcomes } from '../core/result/result.js';
import { named, type Resources } from './cloudformation.js';

// The body of a dashboard (CloudWatch API, "Dashboard body structure and syntax"): a grid of 24 columns.
const columns = 24;
const graphHeight = 6;
const hour = 3600;
const day = 24 * hour;

/** Lines that a graph shows legibly; CloudWatch's own limit is 500 metrics. */
const shownServices = 50;

/** As a graph lists it: namespace, name, names and values of dimensions in turns, then how it is drawn. */
type Metric = readonly (string | Readonly<Record<string, string>>)[];

type Widget = { readonly type: 'metric' | 'alarm'; readonly height: number; readonly properties: Readonly<Record<string, unknown>> };

const pseudo = (name: string): string => `\${AWS::${name}}`;

const graph = (title: string, metrics: readonly Metric[], properties: Readonly<Record<string, unknown>>): Widget => ({
  type: 'metric',
  height: graphHeight,
  properties: { title, metrics, region: pseudo('Region'), view: 'timeSeries', ...properties },
});

const colors: Partial<Record<string, string>> = {
  SUCCEEDED: '#2ca02c',
  ROLLED_BACK: '#ff9900',
  ROLLBACK_FAILED: '#d62728',
  UNKNOWN: '#9467bd',
};

/** The dashboard of the stack's metrics and alarms, if slipway.yml asks for it. */
export const dashboard = (stage: string, configuration: Configuration): Resources => {
  if (!configuration.stack?.dashboard) return {};
  const widgets = [alarmWidget(stage, configuration), ...deploymentGraphs(stage, configuration), ...stackGraphs(stage)];
  return {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: named(stage, 'deployments'),
        DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets: placed(widgets) }) },
      },
    },
  };
};

/** The alarms first, in the full width, then two graphs a row. */
const placed = ([alarms, ...graphs]: readonly Widget[]): readonly object[] => [
  { ...alarms, x: 0, y: 0, width: columns },
  ...graphs.map((one, index) => ({
    ...one,
    x: (index % 2) * (columns / 2),
    y: (alarms?.height ?? 0) + Math.floor(index / 2) * graphHeight,
    width: columns / 2,
  })),
];

const alarmWidget = (stage: string, { notifications: { slack }, reconcileSeconds }: Configuration): Widget => {
  const names = [
    ...['rollback-failed', 'outcome-unknown', 'events-lost', 'unhandled-events', 'undelivered-pushes', 'sweep-stopped'],
    ...(reconcileSeconds === undefined ? [] : ['reconcile-stopped']),
    ...(slack ? ['undelivered-messages', 'messages-refused', 'messages-waiting'] : []),
  ];
  const arnOf = (name: string): string =>
    `arn:${pseudo('Partition')}:cloudwatch:${pseudo('Region')}:${pseudo('AccountId')}:alarm:${named(stage, name)}`;
  return { type: 'alarm', height: 3, properties: { title: 'Alarms', alarms: names.map(arnOf) } };
};

const deploymentGraphs = (stage: string, configuration: Configuration): Widget[] => {
  const services = [...new Set(configuredServices(configuration).map(({ service }) => service.service))];
  const shown = services.slice(0, shownServices);
  const ofServices = services.length > shown.length ? `, the first ${shown.length} of ${services.length} services` : ', by service';
  const each = (metric: string): Metric[] => shown.map((service) => ['Slipway', metric, 'service', service, { label: service }]);
  const ended = outcomes.map((outcome): Metric => {
    const color = colors[outcome];
    return ['Slipway', 'Deployments', 'stage', stage, 'outcome', outcome, { label: outcome, ...(color !== undefined && { color }) }];
  });
  return [
    graph('Deployments a day, by outcome', ended, { view: 'bar', stacked: true, stat: 'Sum', period: day }),
    graph('Deployments an hour, by outcome', ended, { stacked: true, stat: 'Sum', period: hour }),
    graph(`Duration${ofServices}, 95th percentile in seconds`, each('Duration'), { stat: 'p95', period: day }),
    graph(`From a task's failure to the decision to roll back${ofServices}, at most, in seconds`, each('DetectionTime'), {
      stat: 'Maximum',
      period: day,
    }),
  ];
};

const stackGraphs = (stage: string): Widget[] => {
  const ofStage = (metric: string, label: string): Metric => ['Slipway', metric, 'stage', stage, { label }];
  const machines = ['release', 'deployment'].flatMap((machine) => {
    const arn = `arn:${pseudo('Partition')}:states:${pseudo('Region')}:${pseudo('AccountId')}:stateMachine:${named(stage, machine)}`;
    return ['ExecutionsStarted', 'ExecutionsFailed', 'ExecutionsAborted', 'ExecutionsTimedOut'].map(
      (metric): Metric => ['AWS/States', metric, 'StateMachineArn', arn, { label: `${machine}: ${metric}` }],
    );
  });
  const functions = (metric: string): Metric => [
    {
      expression: `SEARCH('{AWS/Lambda,FunctionName} FunctionName="${named(stage, '')}" MetricName="${metric}"', 'Sum', ${hour})`,
      label: metric,
    },
  ];
  const counts = { stat: 'Sum', period: hour };
  return [
    graph('From an event of ECS to the action, in seconds', [ofStage('TimeToAction', '95th percentile')], { stat: 'p95', period: hour }),
    graph(
      'Events of ECS, and looks without one',
      [
        ofStage('EventsReceived', 'events received'),
        ofStage('EventsDropped', 'events that woke nothing'),
        ofStage('SafetyLooks', 'safety looks'),
        ofStage('SafetyLooksThatFound', 'safety looks that found something'),
      ],
      counts,
    ),
    graph('Executions', machines, counts),
    graph('Errors and throttled invocations of functions', [functions('Errors'), functions('Throttles')], counts),
  ];
};
