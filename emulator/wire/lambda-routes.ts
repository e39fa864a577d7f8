import type { HttpRequest } from './protocol.js';

type LambdaRoute = {
  readonly operation: string;
  readonly method: string;
  /** The function's name is its group, if the path has one. */
  readonly path: RegExp;
  /** Members in the query, by their names there. */
  readonly query?: readonly string[];
  /** Members of a JSON body; Invoke's body is its payload. */
  readonly hasJsonBody?: true;
  readonly status?: number;
};

/** Method and path of Lambda's operations (service model of 2015-03-31). */
const routes: readonly LambdaRoute[] = [
  { operation: 'Invoke', method: 'POST', path: /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/ },
  { operation: 'ListFunctions', method: 'GET', path: /^\/2015-03-31\/functions\/?$/, query: ['Marker', 'MaxItems', 'FunctionVersion'] },
  {
    operation: 'GetFunctionConfiguration',
    method: 'GET',
    path: /^\/2015-03-31\/functions\/([^/]+)\/configuration\/?$/,
    query: ['Qualifier'],
  },
  { operation: 'GetFunctionConcurrency', method: 'GET', path: /^\/2019-09-30\/functions\/([^/]+)\/concurrency\/?$/ },
  { operation: 'PutFunctionConcurrency', method: 'PUT', path: /^\/2017-10-31\/functions\/([^/]+)\/concurrency\/?$/, hasJsonBody: true },
  { operation: 'DeleteFunctionConcurrency', method: 'DELETE', path: /^\/2017-10-31\/functions\/([^/]+)\/concurrency\/?$/, status: 204 },
  {
    operation: 'ListEventSourceMappings',
    method: 'GET',
    path: /^\/2015-03-31\/event-source-mappings\/?$/,
    query: ['EventSourceArn', 'FunctionName', 'Marker', 'MaxItems'],
  },
];

export const lambdaRouteOf = ({ method, path }: Pick<HttpRequest, 'method' | 'path'>): LambdaRoute | undefined =>
  routes.find((route) => route.method === method && route.path.test(path));

export const statusOf = (operation: string): number => routes.find((route) => route.operation === operation)?.status ?? 200;
