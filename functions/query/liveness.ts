import { executionEnded } from '../../core/query/messages.js';
import type { Asked } from './reads.js';

/** What is remarkable about a record in progress: its execution may have ended, and left it open until the sweep comes. */
export const noticedOf = async (
  { executions }: Asked,
  { execution, endedAt }: { readonly execution: string; readonly endedAt?: string },
): Promise<string[]> => {
  if (endedAt !== undefined) return [];
  const { isRunning, status } = await executions.describe(execution);
  return isRunning ? [] : [executionEnded(status)];
};
