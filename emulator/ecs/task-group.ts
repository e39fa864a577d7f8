/** What the scheduler counts tasks by. Changed by `TaskGroup.change` alone, so that every change is counted. */
export type TaskState = {
  readonly lastStatus: 'PROVISIONING' | 'PENDING' | 'ACTIVATING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED';
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  /** Counts towards the minimum healthy percent. */
  readonly isHealthy: boolean;
  /** It should run, but a health check failed and the service's grace period is over. */
  readonly isUnhealthy: boolean;
  /** It exited, could not start, or was stopped because it was unhealthy. */
  readonly hasFailed: boolean;
};

const stateOf = ({ lastStatus, desiredStatus, isHealthy, isUnhealthy, hasFailed }: TaskState): TaskState => ({
  lastStatus,
  desiredStatus,
  isHealthy,
  isUnhealthy,
  hasFailed,
});

/**
 * Tasks in the order of their start, counted by state as they change: a service of thousands of tasks is reconciled after each step of
 * each of them, and a count must not visit them all.
 */
export class TaskGroup<Task extends TaskState> {
  readonly #tasks = new Set<Task>();
  readonly #tallies = new Map<string, { readonly state: TaskState; count: number }>();

  get size(): number {
    return this.#tasks.size;
  }

  [Symbol.iterator](): Iterator<Task> {
    return this.#tasks[Symbol.iterator]();
  }

  add(task: Task): void {
    this.#tasks.add(task);
    this.#tally(task, 1);
  }

  delete(task: Task): void {
    if (this.#tasks.delete(task)) this.#tally(task, -1);
  }

  change(task: Task, changes: Partial<TaskState>): void {
    const isMember = this.#tasks.has(task);
    if (isMember) this.#tally(task, -1);
    Object.assign(task, changes);
    if (isMember) this.#tally(task, 1);
  }

  count(holds: (state: TaskState) => boolean): number {
    let sum = 0;
    for (const { state, count } of this.#tallies.values()) if (count > 0 && holds(state)) sum += count;
    return sum;
  }

  #tally(task: Task, by: 1 | -1): void {
    const state = stateOf(task);
    const key = Object.values(state).join();
    const tally = this.#tallies.get(key) ?? { state, count: 0 };
    tally.count += by;
    this.#tallies.set(key, tally);
  }
}
