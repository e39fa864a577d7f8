import { useId } from 'preact/hooks';
import type { Sample } from '../../api.js';
import { clockTime } from '../format/time.js';
import { type ChartInput, chartOf, countedUp, type Chart as Picture } from './chart-layout.js';
import { Table } from './table.js';
import { useWidth } from './use-width.js';
import '../styles/chart.css';

/** Tasks over time: what runs stands on zero, failures hang below it down to the limit at which the rollout is rolled back. */
export const Chart = (input: Omit<ChartInput, 'width'>) => {
  const { element, width } = useWidth(640);
  const picture = chartOf({ ...input, width });
  return (
    <div class="chart" ref={element}>
      {picture ? <Drawing picture={picture} /> : <p class="quiet">Nothing was counted.</p>}
      <Numbers samples={input.samples} />
    </div>
  );
};

const Drawing = ({ picture }: { picture: Picture }) => {
  const label = `Tasks over time, at the end: ${picture.ends.map(({ text }) => text).join(', ')}`;
  const hatch = useId();
  const { width, height, left, right, zero, bottom } = picture;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="hatch-ground" width="6" height="6" />
        <rect class="hatch-line" width="3" height="6" />
      </pattern>
      {picture.ticks.map(({ y, text }) => (
        <g key={text}>
          <path class={text === '0' ? 'zero' : 'grid'} d={`M${left} ${y}H${right}`} />
          <text class="axis" x={left - 8} y={y + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      <path class="area-old" d={picture.old} />
      <path class="area-new" d={picture.new} />
      <path d={picture.failed} fill={`url(#${hatch})`} />
      {picture.desiredY !== undefined && <path class="desired" d={`M${left} ${picture.desiredY}H${right}`} />}
      {picture.limitY !== undefined && <path class="limit" d={`M${left} ${picture.limitY}H${right}`} />}
      {picture.marks.map(({ x, y, label: text, anchor, kind }) => (
        <g key={`${text} ${x}`} class={`mark mark-${kind}`}>
          <path d={`M${x} ${y + 4}V${bottom}`} />
          <text x={anchor === 'end' ? x - 3 : x + 3} y={y} text-anchor={anchor}>
            {text}
          </text>
        </g>
      ))}
      {picture.ends.map(({ y, text, tone }) => (
        <text key={tone} class={`end end-${tone}`} x={right + 8} y={y + 4}>
          {text}
        </text>
      ))}
      {picture.times.map(({ x, at }) => (
        <text key={at} class="axis" x={x} y={height - 6}>
          {clockTime(new Date(at).toISOString())}
        </text>
      ))}
      <path class="zero" d={`M${left} ${zero}H${right}`} />
    </svg>
  );
};

const columns = [
  { title: 'Time' },
  { title: 'Old', isNumber: true },
  { title: 'New', isNumber: true },
  { title: 'Starting', isNumber: true },
  { title: 'Failed', isNumber: true },
];

/** The same as a table, for a screen reader: only where a count changes. */
const Numbers = ({ samples }: { samples: readonly Sample[] }) => (
  <div class="visually-hidden">
    <Table caption="Tasks over time" columns={columns}>
      <tbody>
        {countedUp(samples)
          .filter(isChange)
          .map((sample) => (
            <tr key={sample.at}>
              <th scope="row">{clockTime(sample.at)}</th>
              <td>{sample.old}</td>
              <td>{sample.new}</td>
              <td>{sample.starting}</td>
              <td>{sample.failed}</td>
            </tr>
          ))}
      </tbody>
    </Table>
  </div>
);

const isChange = (sample: Sample, at: number, all: readonly Sample[]): boolean => {
  const before = all[at - 1];
  return (
    !before || (['old', 'new', 'starting', 'failed'] as const).some((count) => before[count] !== sample[count]) || at === all.length - 1
  );
};
