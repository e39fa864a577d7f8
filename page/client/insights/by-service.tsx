import type { Insights } from '../../api.js';
import { duration } from '../format/time.js';
import { Icon } from '../parts/icons.js';
import { MiniBars } from '../parts/mini-bars.js';
import { Panel } from '../parts/panel.js';
import { Range } from '../parts/range.js';
import { Sparkline } from '../parts/sparkline.js';
import { Table } from '../parts/table.js';
import { Link } from '../router.js';
import { serviceHref } from '../routes.js';
import { alarmingFailureRate, labelOf, wordsOfRange, wordsOfRate } from './measures.js';

const size = { width: 64, height: 22 };
const columns = [
  { title: 'Service' },
  { title: 'Deployments' },
  { title: 'Lead time' },
  { title: 'Change failure' },
  { title: 'Restore', isNumber: true },
  { title: 'Duration p50 to p95' },
];

export const ByService = ({ services }: Pick<Insights, 'services'>) => {
  const largest = Math.max(0, ...services.map(({ p95 }) => p95 ?? 0));
  return (
    <Panel title="By service" aside="values of this month; ● p50, ❘ p95" isFlush class="by-service">
      <Table caption="The measures by service, a month a bar" columns={columns} class="insights-table">
        <tbody>
          {services.map((one) => (
            <Row key={one.service} one={one} largest={largest} />
          ))}
        </tbody>
      </Table>
    </Panel>
  );
};

const Row = ({ one: { service, months, p50, p95 }, largest }: { one: Insights['services'][number]; largest: number }) => {
  const present = months.at(-1);
  const deployments = months.map((month) => month.deployments);
  const lead = months.map((month) => month.leadSeconds);
  const failures = months.map((month) => month.failureRate);
  const rate = present?.failureRate;
  const isAlarming = rate !== undefined && rate > alarmingFailureRate;
  return (
    <tr>
      <th scope="row">
        <Link href={serviceHref(service)}>{service}</Link>
      </th>
      <td data-title="Deployments">
        <MiniBars values={deployments} size={size} label={labelOf(months, deployments, String)} />
        <b>{present?.deployments ?? 0}</b>
      </td>
      <td data-title="Lead time">
        <Sparkline values={lead} size={size} label={labelOf(months, lead, duration)} />
        <b>{present?.leadSeconds === undefined ? '–' : duration(present.leadSeconds)}</b>
      </td>
      <td data-title="Change failure">
        <MiniBars values={failures} size={size} isAlarming={isAlarming} label={labelOf(months, failures, wordsOfRate)} />
        <b class={isAlarming ? 'tone-red' : undefined}>
          {isAlarming && <Icon name="warning" label={`above ${alarmingFailureRate * 100} %`} />}{' '}
          {rate === undefined ? '–' : wordsOfRate(rate)}
        </b>
      </td>
      <td class="number" data-title="Restore">
        {present?.restoreSeconds === undefined ? '–' : duration(present.restoreSeconds)}
      </td>
      <td data-title="Duration">
        {p50 === undefined || p95 === undefined ? (
          '–'
        ) : (
          <>
            <Range p50={p50} p95={p95} largest={largest} label={`p50 ${duration(p50)}, p95 ${duration(p95)}`} />
            <span class="quiet">{wordsOfRange(p50, p95)}</span>
          </>
        )}
      </td>
    </tr>
  );
};
