import { barsOf, type Size, type Values } from './minis.js';
import '../styles/minis.css';

/** A bar a month; the last one, the present month, stands out. `isAlarming`: it is red. */
export const MiniBars = ({ values, label, isAlarming, size }: { values: Values; label: string; isAlarming?: boolean; size: Size }) => (
  <svg class="mini" width={size.width} height={size.height} viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={label}>
    {barsOf(values, size).map(
      (bar, index) =>
        bar && (
          <rect key={index} class={index < values.length - 1 ? 'bar' : `bar-now ${isAlarming ? 'bar-alarming' : ''}`} rx="1" {...bar} />
        ),
    )}
  </svg>
);
