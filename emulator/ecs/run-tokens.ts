import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../errors.js';
import type { Cluster, RunFailure, StartedRun, Task } from './records.js';
import type { EcsState } from './state.js';
import { taskView } from './task-view.js';

const hourMs = 3_600_000;

export type RunAnswer = { readonly tasks: object[]; readonly failures: readonly RunFailure[] };

/** A token is valid for 24 hours, or until an hour after its last task has stopped. */
const isOver = ({ at, tasks, failures }: StartedRun, now: number): boolean =>
  now >= at + 24 * hourMs || (failures.length === 0 && tasks.every(({ stoppedAt }) => stoppedAt && now >= stoppedAt.getTime() + hourMs));

/** A task that has stopped is answered with little more than its ARN. */
const replayed = (task: Task): object => {
  const { arn: taskArn, lastStatus, desiredStatus } = task;
  return lastStatus === 'STOPPED' ? { taskArn, lastStatus, desiredStatus } : taskView(task);
};

/** A token belongs to the cluster of its request. */
export const runKey = (cluster: Cluster, token: string): string => `${cluster.name} ${token}`;

/**
 * The answer to a request that was answered before with the same client token, also that no task was started; undefined for a token
 * that is free. Source: "Ensuring idempotency" in the API reference (November 2026).
 * @throws AwsError InvalidParameterException, and ConflictException if the token belongs to another request.
 */
export const replayOf = (state: EcsState, cluster: Cluster, token: string | undefined, request: object): RunAnswer | undefined => {
  if (token === undefined) return undefined;
  if (!/^[!-~]{1,64}$/.test(token))
    throw new AwsError('InvalidParameterException', 'clientToken has up to 64 ASCII characters in the range of 33 to 126.');
  const before = state.runs.get(runKey(cluster, token));
  if (!before || isOver(before, state.now)) return undefined;
  if (!isDeepStrictEqual(before.request, request))
    throw new AwsError('ConflictException', 'The provided clientToken is already in use with a different RunTask request.', {
      resourceIds: before.tasks.map(({ arn }) => arn),
    });
  return { tasks: before.tasks.map(replayed), failures: before.failures };
};
