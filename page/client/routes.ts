/** What the page shows. Filters of the history are in the URL's query. */
export type Route =
  | { readonly view: 'overview' | 'insights' }
  | { readonly view: 'history'; readonly filters: URLSearchParams }
  | { readonly view: 'service'; readonly cluster: string; readonly name: string }
  | { readonly view: 'release'; readonly repository: string; readonly execution: string }
  | { readonly view: 'deployment'; readonly cluster: string; readonly name: string; readonly execution: string }
  | { readonly view: 'unknown'; readonly path: string };

/** The route of a path with its query. A repository may have slashes: `/releases/team/app/<execution>`. */
export const routeOf = (url: string): Route => {
  const { pathname, searchParams } = new URL(url, 'http://page');
  const unknown: Route = { view: 'unknown', path: pathname };
  const parts = partsOf(pathname);
  if (!parts) return unknown;
  const [view = 'overview', ...names] = parts;
  const last = names.at(-1);
  switch (view) {
    case 'overview':
    case 'insights':
      return names.length === 0 ? { view } : unknown;
    case 'history':
      return names.length === 0 ? { view, filters: searchParams } : unknown;
    case 'services': {
      const [cluster, name] = names;
      return cluster && name && names.length === 2 ? { view: 'service', cluster, name } : unknown;
    }
    case 'releases':
      return last && names.length >= 2 ? { view: 'release', repository: names.slice(0, -1).join('/'), execution: last } : unknown;
    case 'deployments': {
      const [cluster, name, execution] = names;
      return cluster && name && execution && names.length === 3 ? { view: 'deployment', cluster, name, execution } : unknown;
    }
    default:
      return unknown;
  }
};

/** Undefined for a path that is not encoded as a URL. */
const partsOf = (pathname: string): string[] | undefined => {
  try {
    return pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return undefined;
  }
};

const path = (...parts: readonly string[]): string =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .map(encodeURIComponent)
    .join('/')}`;

/** `id` is `cluster/service`. */
export const serviceHref = (id: string): string => path('services', id);
export const releaseHref = (repository: string, execution: string): string => path('releases', repository, execution);
export const deploymentHref = (id: string, execution: string): string => path('deployments', id, execution);
export const historyHref = (filters: Readonly<Record<string, string>> = {}): string => {
  const query = new URLSearchParams(filters).toString();
  return query ? `/history?${query}` : '/history';
};
