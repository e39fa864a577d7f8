import type { Ending } from './outcome.js';
import type { ServiceState } from './records.js';

type Cancel = Pick<NonNullable<ServiceState['cancel']>, 'by' | 'reason'>;

/** `ann cancelled it: wrong build` */
export const cancelledBy = ({ by, reason }: Cancel): string => `${by || 'somebody'} cancelled it${reason ? `: ${reason}` : ''}`;

/** The end of a deployment that was cancelled before it sent anything to ECS. */
export const cancelledUntouched = (cancel: Cancel): Ending => ({
  outcome: 'FAILED',
  cause: 'CANCELLED',
  sentence: `${cancelledBy(cancel)}; the service was not changed`,
});
