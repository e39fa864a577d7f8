import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';

type Widget = Readonly<Record<string, unknown>> & { readonly properties?: Readonly<Record<string, unknown>> };

/** CloudWatch API, "Dashboard body structure and syntax". */
const widgetTypes = ['alarm', 'custom', 'explorer', 'log', 'metric', 'text'];
const columns = 24;
const metricsOfGraph = 500;

/** Dashboards of the account, by name. */
export class Dashboards {
  readonly #account: Account;
  readonly #bodies = new Map<string, string>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** A dashboard is global: its ARN has no Region. */
  arn(name: string): string {
    return `arn:${this.#account.partition}:cloudwatch::${this.#account.accountId}:dashboard/${name}`;
  }

  /** @throws AwsError InvalidParameterInput for a name or a body that is not one */
  put(name: string, body: string): void {
    if (!/^[\w-]{1,255}$/.test(name)) throw invalid(`DashboardName is "${name}"; expected 1 to 255 of A-Z a-z 0-9 - _`);
    for (const [index, widget] of widgetsOf(body).entries()) checkWidget(`/widgets/${index}`, widget);
    this.#bodies.set(name, body);
  }

  remove(name: string): void {
    this.#bodies.delete(name);
  }

  get(name: string): string {
    const body = this.#bodies.get(name);
    if (body === undefined) throw new AwsError('ResourceNotFound', `Dashboard ${name} does not exist`, { status: 404 });
    return body;
  }
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterInput', `The dashboard body is invalid: ${message}`);

const widgetsOf = (body: string): readonly Widget[] => {
  const { widgets } = parsed(body);
  if (!Array.isArray(widgets)) throw invalid('expected an array "widgets"');
  return widgets;
};

const parsed = (body: string): { readonly widgets?: unknown } => {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw invalid(String(error));
  }
};

const checkWidget = (path: string, { type, x = 0, width = 6, properties }: Widget): void => {
  if (!widgetTypes.includes(String(type)))
    throw invalid(`${path}/type is ${JSON.stringify(type)}; expected one of ${widgetTypes.join(', ')}`);
  if (!(Number(x) >= 0 && Number(width) >= 1 && Number(x) + Number(width) <= columns))
    throw invalid(`${path} is ${width} columns wide at ${x}; expected at most ${columns} columns`);
  if (properties === undefined) throw invalid(`${path}/properties is missing`);
  if (type === 'alarm' && !isListOf(properties.alarms, (one) => typeof one === 'string'))
    throw invalid(`${path}/properties/alarms: expected a list of ARNs`);
  if (type === 'metric') checkGraph(path, properties);
};

const checkGraph = (path: string, { metrics, annotations, region }: Readonly<Record<string, unknown>>): void => {
  if (typeof region !== 'string') throw invalid(`${path}/properties/region is missing`);
  if (annotations === undefined && !isListOf(metrics, Array.isArray)) throw invalid(`${path}/properties/metrics: expected a list of lists`);
  if (Array.isArray(metrics) && metrics.length > metricsOfGraph)
    throw invalid(`${path}/properties/metrics has ${metrics.length} members; expected at most ${metricsOfGraph}`);
};

const isListOf = (list: unknown, is: (member: unknown) => boolean): boolean => Array.isArray(list) && list.length > 0 && list.every(is);

export const putDashboard = (dashboards: Dashboards): Operation =>
  operation<{ DashboardName: string; DashboardBody: string }, unknown>({
    service: 'cloudwatch',
    name: 'PutDashboard',
    input: { DashboardName: 'string', DashboardBody: 'string' },
    required: ['DashboardName', 'DashboardBody'],
    permissions: ({ DashboardName }) => [{ action: 'cloudwatch:PutDashboard', resource: dashboards.arn(DashboardName) }],
    run: ({ DashboardName, DashboardBody }) => {
      dashboards.put(DashboardName, DashboardBody);
      return { DashboardValidationMessages: [] };
    },
  });

export const getDashboard = (dashboards: Dashboards): Operation =>
  operation<{ DashboardName: string }, unknown>({
    service: 'cloudwatch',
    name: 'GetDashboard',
    input: { DashboardName: 'string' },
    required: ['DashboardName'],
    permissions: ({ DashboardName }) => [{ action: 'cloudwatch:GetDashboard', resource: dashboards.arn(DashboardName) }],
    run: ({ DashboardName }) => ({
      DashboardName,
      DashboardArn: dashboards.arn(DashboardName),
      DashboardBody: dashboards.get(DashboardName),
    }),
  });
