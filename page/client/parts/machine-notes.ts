import type { MachineNode } from '../../api.js';
import { duration } from '../format/time.js';

/** What stands under a state's name: how long it took, and how often it was woken or entered. */
export const notesOf = ({ state, entries, seconds, woken, type }: MachineNode): string => {
  if (state === 'skipped') return 'skipped';
  if (entries === 0 || type === 'Choice' || type === 'Succeed' || type === 'Fail' || type === 'Pass') return '';
  const often = woken ? `woken ${woken} ×` : entries > 1 ? `entered ${entries} ×` : '';
  return [seconds === undefined ? '' : duration(seconds), often].filter(Boolean).join(', ');
};
