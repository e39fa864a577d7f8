import type { ReadonlySignal } from '@preact/signals';
import type { ServiceRow } from '../../api.js';
import { lookOfKind, wordsOfState } from '../format/state.js';
import { imageName, shortDigest } from '../format/text.js';
import { nearTime } from '../format/time.js';
import { now } from '../now.js';
import { Digest } from '../parts/digest.js';
import { Icon } from '../parts/icons.js';
import { TaskDots } from '../parts/task-dots.js';
import { Age } from '../parts/time.js';
import { Link } from '../router.js';
import { deploymentHref, serviceHref } from '../routes.js';
import { RowMenu } from './row-menu.js';

const Images = ({ row }: { row: ServiceRow }) => {
  const [source, ...others] = row.sources;
  const digest = row.target?.digest ?? source?.digest;
  return (
    <>
      {source ? imageName(source) : <span class="quiet">{row.revision ?? 'not known'}</span>}
      {row.target && (
        <>
          {' '}
          <Icon name="arrow" size={12} label="to" class="quiet" />{' '}
          <strong class={`tone-${lookOfKind(row.state.kind).tone}`}>{imageName(row.target)}</strong>
        </>
      )}{' '}
      {digest && (row.target ?? source)?.tag && <Digest digest={digest} />}
      {others.length > 0 && (
        <span class="quiet" title={others.map((one) => `${one.repository} ${one.tag ?? shortDigest(one.digest)}`).join(', ')}>
          {' '}
          +{others.length}
        </span>
      )}
    </>
  );
};

const State = ({ row }: { row: ServiceRow }) => {
  const { icon, tone } = lookOfKind(row.state.kind);
  const { text, detail } = wordsOfState(row.state, (iso) => nearTime(iso, now.value));
  const words = <span class={tone === 'none' && row.state.kind === 'steady' ? 'quiet' : `tone-${tone}`}>{text}</span>;
  const isEnded = row.state.kind === 'failed' || row.state.kind === 'unknown';
  const execution = row.current ?? (isEnded ? row.last : undefined);
  return (
    <span class="state">
      <Icon name={icon} class={`tone-${tone}`} />
      <span>
        {execution ? <Link href={deploymentHref(row.id, execution)}>{words}</Link> : words}
        {detail && <span class="quiet"> · {detail}</span>}
      </span>
    </span>
  );
};

const isAlarm = ({ state }: ServiceRow): boolean => state.kind === 'failed' || state.kind === 'unknown';

/** One service. It is drawn again by its own signal alone. */
export const Row = ({ row: signal }: { row: ReadonlySignal<ServiceRow> }) => {
  const row = signal.value;
  const lacks = row.running !== undefined && row.desired !== undefined && row.running < row.desired;
  return (
    <tr data-row data-service={row.id} class={isAlarm(row) ? 'alert' : undefined}>
      <th scope="row">
        <Link href={serviceHref(row.id)} aria-label={row.id}>
          {row.name}
        </Link>
      </th>
      <td class="cell-image">
        <Images row={row} />
      </td>
      <td class="cell-revision">{row.revision ?? '–'}</td>
      <td class="cell-tasks">{row.tasks ? <TaskDots tasks={row.tasks} desired={row.desired} label={row.id} /> : '–'}</td>
      <td class={`number cell-running ${lacks && isAlarm(row) ? 'tone-red' : ''}`}>
        {row.running ?? '–'}
        <span class="quiet">/{row.desired ?? '–'}</span>
      </td>
      <td class="cell-state">
        <State row={row} />
      </td>
      <td class="number quiet cell-age">
        <Age at={row.state.since ?? row.since} />
      </td>
      <td class="cell-menu">
        <RowMenu row={row} />
      </td>
    </tr>
  );
};
