import type { ServiceDetail } from '../api.js';
import { serviceHref } from '../client/routes.js';
import type { Stack } from './detail-stack.js';
import { rowsOf } from './history-row.js';
import { notFound } from './not-found.js';
import { Panels } from './panels.js';
import { queryRead } from './problems.js';
import { serviceDetail } from './service-detail.js';

/** Records that the view of a service shows. */
const shown = 20;

/** @throws PageError NOT_FOUND */
export const serviceAnswer = async ({ client, live, installation }: Stack, id: string): Promise<ServiceDetail> => {
  const { at, services } = await live.overview();
  const row = services.find((one) => one.id === id);
  const ids = services.map((one) => one.id);
  if (!row) throw notFound('service', id, ids, serviceHref);
  const panels = new Panels(at);
  const [status, configuration, history] = await Promise.all([
    panels.read(queryRead('stack'), () => client.query('status', { services: [id], last: false })),
    panels.read(queryRead('stack'), installation),
    panels.read(queryRead('history'), () => client.query('history', { service: id, limit: shown })),
  ]);
  const own = status?.services.find(({ service }) => service === id);
  return serviceDetail({
    at: status?.at ?? at,
    row,
    ...(own && { status: own }),
    ...(configuration && { installation: configuration }),
    history: history ? rowsOf(history).map((one) => one.row) : [],
    problems: panels.problems,
  });
};
