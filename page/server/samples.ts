import type { Sample, ServiceRow } from '../api.js';

/** Samples that are kept of one deployment, and deployments of which they are kept. */
const most = { samples: 300, deployments: 100 } as const;

/** How tasks of deployments changed while a page watched: the chart of a deployment has them. */
export class Samples {
  readonly #of = new Map<string, Sample[]>();

  /** `at` is ISO 8601. Two equal ones in a row say no more than the first and the last of them. */
  add(row: ServiceRow, at: string): void {
    if (row.current === undefined || row.tasks === undefined) return;
    const { tasks } = row;
    const sample = {
      at,
      old: tasks.old,
      // Those that are stopped leave within a minute: the chart shows how they become fewer.
      new: tasks.new + tasks.newLeaving,
      starting: tasks.oldStarting + tasks.newStarting,
      failed: tasks.failed,
    };
    const samples = this.#samplesOf(row.current);
    const [before, last] = samples.slice(-2);
    if (before && last && isEqual(before, sample) && isEqual(last, sample)) samples.pop();
    samples.push(sample);
    // The oldest ones become half as dense, so that the beginning stays.
    if (samples.length > most.samples) samples.splice(0, samples.length, ...samples.filter((_, index) => index % 2 === 0));
  }

  /** The oldest first. `execution` is the name of the deployment's execution. */
  of(execution: string): readonly Sample[] {
    return this.#of.get(execution) ?? [];
  }

  #samplesOf(execution: string): Sample[] {
    const samples = this.#of.get(execution) ?? [];
    this.#of.set(execution, samples);
    const [oldest] = this.#of.keys();
    if (this.#of.size > most.deployments && oldest !== undefined) this.#of.delete(oldest);
    return samples;
  }
}

const isEqual = (one: Sample, other: Sample): boolean =>
  one.old === other.old && one.new === other.new && one.starting === other.starting && one.failed === other.failed;
