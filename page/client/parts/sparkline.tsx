import { lineOf, type Size, type Values } from './minis.js';
import '../styles/minis.css';

/** A line over the months, with a dot at the present one. */
export const Sparkline = ({ values, label, size }: { values: Values; label: string; size: Size }) => {
  const { path, end } = lineOf(values, size);
  return (
    <svg class="mini" width={size.width} height={size.height} viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={label}>
      <path class="line" d={path} />
      {end && <circle class="bar-now" cx={end.x} cy={end.y} r="2.5" />}
    </svg>
  );
};
