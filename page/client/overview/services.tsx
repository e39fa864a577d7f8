import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { count } from '../format/text.js';
import { Button, Segments } from '../parts/button.js';
import { Icon } from '../parts/icons.js';
import { type Column, Table } from '../parts/table.js';
import { TaskDot } from '../parts/task-dots.js';
import { serviceIds, serviceRow } from '../state.js';
import { byCluster, nearest, type Shown } from './filter.js';
import { Row } from './service-row.js';
import { allRows, idsIn, listOf, movingCount, notSteadyCount, sumsOf } from './shown.js';
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

const Cluster = ({ name, ids }: { name: string; ids: readonly string[] }) => {
  const sums = useMemo(() => sumsOf(ids), [ids]);
  const [tasks, moving, alarms] = [sums.tasks.value, sums.moving.value, sums.alarms.value];
  return (
    <tr class="cluster">
      <th scope="rowgroup" colSpan={columns.length}>
        <strong>{name}</strong>{' '}
        <span class="quiet">
          {count(ids.length, 'service')}, {count(tasks, 'task')}
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
  const list = useMemo(() => listOf(shown, text), [shown, text]);
  const ids = useMemo(() => idsIn(list.value), [list.value]);
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
            { key: 'all', text: `All ${serviceIds.value.length}` },
            { key: 'moving', text: `Moving ${movingCount.value}` },
            { key: 'notSteady', text: `Not steady ${notSteadyCount.value}` },
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
        {ids.length > 0 ? <Groups ids={ids} /> : <Nothing shown={shown.value} text={text.value} clear={clear} />}
      </div>
    </section>
  );
};

/** Rows that are drawn at once: a browser lays out no more than these within a frame. */
const drawnAtOnce = 300;

const Groups = ({ ids }: { ids: readonly string[] }) => {
  const drawn = useSignal(drawnAtOnce);
  const left = ids.length - drawn.value;
  return (
    <>
      <ServiceTable ids={ids} atMost={drawn.value} />
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

const ServiceTable = ({ ids, atMost }: { ids: readonly string[]; atMost: number }) => (
  <Table caption="Services by cluster" columns={columns} class="services">
    {byCluster(ids, atMost).map(({ name, all, drawn }) => (
      <tbody key={name}>
        <Cluster name={name} ids={all} />
        {drawn.map((id) => {
          const row = serviceRow(id);
          return row && <Row key={id} row={row} />;
        })}
      </tbody>
    ))}
  </Table>
);

const Nothing = (props: { shown: Shown; text: string; clear: () => void }) => {
  const near = props.text ? nearest(allRows.value, props.text) : undefined;
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
