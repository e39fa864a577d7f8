import { useComputed, useSignal } from '@preact/signals';
import type { ServiceRow } from '../../api.js';
import { isMoving } from '../format/state.js';
import { count } from '../format/text.js';
import { Button, Segments } from '../parts/button.js';
import { Icon } from '../parts/icons.js';
import { type Column, Table } from '../parts/table.js';
import { TaskDot } from '../parts/task-dots.js';
import { serviceIds, serviceRow } from '../state.js';
import { byCluster, countOf, filtered, nearest, type Shown } from './filter.js';
import { Row } from './service-row.js';
import '../styles/services.css';

const columns: readonly Column[] = [
  { title: 'Service' },
  { title: 'Image', class: 'cell-image' },
  { title: 'Revision', class: 'cell-revision' },
  { title: 'Tasks', class: 'cell-tasks' },
  { title: 'Running', isNumber: true, class: 'cell-running' },
  { title: 'State', class: 'cell-state' },
  { title: 'Age', isNumber: true, class: 'cell-age' },
  { title: 'Menu', isHidden: true, class: 'cell-menu' },
];

const legend = [
  { mark: 'old', text: 'running' },
  { mark: 'new', text: 'new revision' },
  { mark: 'newStarting', text: 'starting' },
  { mark: 'oldDraining', text: 'draining' },
  { mark: 'failed', text: 'failed' },
  { mark: 'missing', text: 'missing' },
] as const;

const Legend = () => (
  <ul class="legend" aria-label="Marks of tasks">
    {legend.map(({ mark, text }) => (
      <li key={mark}>
        <TaskDot mark={mark} /> {text}
      </li>
    ))}
  </ul>
);

const Cluster = ({ name, rows }: { name: string; rows: readonly ServiceRow[] }) => {
  const tasks = rows.reduce((sum, { running }) => sum + (running ?? 0), 0);
  const moving = rows.filter(({ state }) => isMoving(state.kind)).length;
  const alarms = rows.filter(({ state }) => state.kind === 'failed' || state.kind === 'unknown').length;
  return (
    <tr class="cluster">
      <th scope="rowgroup" colSpan={columns.length}>
        <strong>{name}</strong>{' '}
        <span class="quiet">
          {count(rows.length, 'service')}, {count(tasks, 'task')}
          {moving > 0 && ` · ${moving} moving`}
        </span>
        {alarms > 0 && (
          <span class="tone-red cluster-alarms">
            <Icon name="failed" size={14} /> {count(alarms, 'needs you', 'need you')}
          </span>
        )}
      </th>
    </tr>
  );
};

/** Services by cluster and name: a row never changes its place by itself. */
export const Services = () => {
  const shown = useSignal<Shown>('all');
  const text = useSignal('');
  const rows = useComputed(() => serviceIds.value.flatMap((id) => serviceRow(id)?.value ?? []));
  const visible = filtered(rows.value, shown.value, text.value);
  const clear = () => {
    shown.value = 'all';
    text.value = '';
  };
  return (
    <section class="moving-part" aria-labelledby="services">
      <div class="section-title">
        <h2 id="services">Services</h2>
        <Segments
          label="Which services"
          value={shown.value}
          onChange={(key) => {
            shown.value = key;
          }}
          options={[
            { key: 'all', text: `All ${rows.value.length}` },
            { key: 'moving', text: `Moving ${countOf(rows.value, 'moving')}` },
            { key: 'notSteady', text: `Not steady ${countOf(rows.value, 'notSteady')}` },
          ]}
        />
        <input
          class="field"
          type="search"
          data-filter
          aria-label="Filter services"
          placeholder="Filter services   /"
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        <Legend />
      </div>
      <div class="panel table-panel">
        {visible.length > 0 ? <Groups rows={visible} /> : <Nothing rows={rows.value} shown={shown.value} text={text.value} clear={clear} />}
      </div>
    </section>
  );
};

/** Rows that are drawn at once: a browser lays out no more than these within a frame. */
const drawnAtOnce = 300;

const Groups = ({ rows }: { rows: readonly ServiceRow[] }) => {
  const drawn = useSignal(drawnAtOnce);
  const left = rows.length - drawn.value;
  return (
    <>
      <ServiceTable rows={rows} atMost={drawn.value} />
      {left > 0 && (
        <p class="nothing">
          <Button
            onClick={() => {
              drawn.value += drawnAtOnce;
            }}
          >
            Show {Math.min(left, drawnAtOnce)} of {left} more
          </Button>
        </p>
      )}
    </>
  );
};

const ServiceTable = ({ rows, atMost }: { rows: readonly ServiceRow[]; atMost: number }) => (
  <Table caption="Services by cluster" columns={columns} class="services">
    {byCluster(rows, atMost).map(({ name, all, drawn }) => (
      <tbody key={name}>
        <Cluster name={name} rows={all} />
        {drawn.map(({ id }) => {
          const row = serviceRow(id);
          return row && <Row key={id} row={row} />;
        })}
      </tbody>
    ))}
  </Table>
);

const Nothing = (props: { rows: readonly ServiceRow[]; shown: Shown; text: string; clear: () => void }) => {
  const near = props.text ? nearest(props.rows, props.text) : undefined;
  return (
    <div class="nothing">
      <p>
        <strong>Nothing matches.</strong> {props.text && `No service has “${props.text}” in its name or image.`}
        {!props.text && (props.shown === 'moving' ? 'No service moves now.' : 'Every service is steady.')}{' '}
        {near && `The nearest name is ${near}.`}
      </p>
      <Button onClick={props.clear}>Show all</Button>
    </div>
  );
};
