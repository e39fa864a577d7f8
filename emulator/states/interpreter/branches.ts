import { StateFailure } from './failure.js';
import type { Frame, RunningBranch } from './frame.js';

/** A branch or an iteration: its work, and the events that say how it ended. */
export type Branch<T> = RunningBranch & {
  readonly run: () => Promise<T>;
  /** Returns the event's ID. */
  readonly recordSucceeded?: () => number;
  readonly recordFailed?: () => void;
};

/**
 * Runs `count` branches inside the frame's current state, at most `limit` at a time, each begun in a timer of its own.
 * Resolves with their results in order; the first failure aborts the other branches. `begin` gets the ID of the event that
 * the branch follows: the last event of the branch whose slot it takes.
 */
export const runBranches = <T>(
  frame: Frame,
  { count, limit }: { count: number; limit: number },
  begin: (index: number, previousEventId: number) => Branch<T>,
): Promise<T[]> =>
  frame.suspend<T[]>(({ resolve, reject }, signal) => {
    const results: T[] = [];
    const running = new Set<Branch<T>>();
    frame.branches = running;
    let started = 0;
    let finished = 0;
    signal.addEventListener('abort', () => {
      for (const branch of running) branch.frame.abort();
      running.clear();
    });

    const fail = (branch: Branch<T>, error: unknown): void => {
      if (signal.aborted) return;
      running.delete(branch);
      try {
        if (error instanceof StateFailure) {
          frame.lastEventId = branch.frame.lastEventId;
          branch.recordFailed?.();
          branch.frame.recordAborted(frame.lastEventId);
          frame.recordBranchesAborted(frame.lastEventId);
        }
        reject(error);
      } catch (historyIsFull) {
        reject(historyIsFull);
      }
    };
    const succeed = (branch: Branch<T>, index: number, result: T): void => {
      if (signal.aborted) return;
      running.delete(branch);
      results[index] = result;
      finished++;
      try {
        const eventId = branch.recordSucceeded?.() ?? branch.frame.lastEventId;
        if (started < count) launch(branch.frame.lastEventId);
        if (finished < count) return;
        frame.lastEventId = eventId;
        resolve(results);
      } catch (historyIsFull) {
        fail(branch, historyIsFull);
      }
    };
    const launch = (previousEventId: number): void => {
      const index = started++;
      const branch = begin(index, previousEventId);
      running.add(branch);
      const run = () =>
        branch.run().then(
          (result) => succeed(branch, index, result),
          (error: unknown) => fail(branch, error),
        );
      frame.execution.account.clock.after(0, run, { signal: branch.frame.signal });
    };

    const { lastEventId } = frame;
    while (started < Math.min(count, limit)) launch(lastEventId);
  });
