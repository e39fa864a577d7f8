import { Abandoned, StateFailure } from './failure.js';
import type { Thread } from './frame.js';

/** A branch or an iteration: `run` is its work, the other three are what the history says of it. */
export type Strand<T> = {
  readonly thread: Thread;
  readonly run: () => Promise<T>;
  /** Returns the event's id. */
  readonly succeeded?: () => number;
  readonly failed?: () => void;
  readonly aborted?: (because: number) => void;
};

/**
 * Runs `count` strands, at most `limit` at a time, each begun in a timer of its own; resolves with their results in order.
 * The first failure abandons the others. `begin` gets the event that the strand follows: the last of the one it took the place of.
 */
export const runStrands = <T>(
  thread: Thread,
  { count, limit }: { count: number; limit: number },
  begin: (index: number, previousEventId: number) => Strand<T>,
): Promise<T[]> => {
  const { clock } = thread.execution.account;
  return thread.suspend<T[]>(({ resolve, reject }) => {
    const results: T[] = [];
    const active = new Set<Strand<T>>();
    let started = 0;
    let finished = 0;

    const abandonOthers = (because?: number): void => {
      for (const strand of active) {
        strand.thread.abandon(because);
        if (because !== undefined) strand.aborted?.(because);
      }
      active.clear();
    };
    const fail = (strand: Strand<T>, error: unknown): void => {
      if (error instanceof Abandoned) return;
      active.delete(strand);
      try {
        if (error instanceof StateFailure) {
          thread.lastEventId = strand.thread.lastEventId;
          strand.failed?.();
          strand.thread.recordAborted(thread.lastEventId);
          abandonOthers(thread.lastEventId);
        }
        reject(error);
      } catch (full) {
        // The history had no room for what was to be said about it.
        abandonOthers();
        reject(full);
      }
    };
    const succeed = (strand: Strand<T>, index: number, result: T): void => {
      active.delete(strand);
      results[index] = result;
      finished++;
      try {
        const eventId = strand.succeeded?.() ?? strand.thread.lastEventId;
        if (started < count) launch(strand.thread.lastEventId);
        if (finished < count) return;
        thread.lastEventId = eventId;
        resolve(results);
      } catch (full) {
        fail(strand, full);
      }
    };
    const launch = (previousEventId: number): void => {
      const index = started++;
      const strand = begin(index, previousEventId);
      active.add(strand);
      clock.after(0, async () => {
        if (!active.has(strand)) return;
        await strand.run().then(
          (result) => succeed(strand, index, result),
          (error: unknown) => fail(strand, error),
        );
      });
    };

    const { lastEventId } = thread;
    try {
      while (started < Math.min(count, limit)) launch(lastEventId);
    } catch (full) {
      abandonOthers();
      throw full;
    }
    return abandonOthers;
  });
};
