import { rangeOf } from './minis.js';
import '../styles/minis.css';

const size = { width: 70, height: 16 };
const middle = size.height / 2;

/** p50 as a dot, p95 as a bar, on a scale that all rows of a table share. Seconds. */
export const Range = ({ p50, p95, largest, label }: { p50: number; p95: number; largest: number; label: string }) => {
  const { from, to } = rangeOf(p50, p95, largest, size);
  return (
    <svg class="mini" width={size.width} height={size.height} viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={label}>
      <path class="range-scale" d={`M0 ${middle}H${size.width}`} />
      <path class="range" d={`M${from} ${middle}H${to}`} />
      <circle class="bar-now" cx={from} cy={middle} r="4" />
      <path class="range-end" d={`M${to} ${middle - 4}v8`} />
    </svg>
  );
};
