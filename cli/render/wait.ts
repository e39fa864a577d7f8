import type { ReleaseWait } from '../../core/records/records.js';
import { relative } from './times.js';

const waitsFor: Record<ReleaseWait['for'], string> = {
  approval: 'waits for approval',
  window: 'waits for its window',
  scan: 'waits for the scan of its image',
};

/** `waits for approval, times out in 23 h`, where the stage is named beside it. */
export const waitOfStageText = ({ for: what, until }: ReleaseWait, now: Date): string =>
  `${waitsFor[what]}, times out ${relative(until, now)}`;

/** `waits for approval before production, times out in 23 h` */
export const waitText = ({ for: what, stage, until }: ReleaseWait, now: Date): string =>
  `${waitsFor[what]} before ${stage}, times out ${relative(until, now)}`;
