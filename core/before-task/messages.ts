import { duration, moment } from '../result/moment.js';
import { revisionName } from '../rollout/observation.js';
import { taskIdOf } from '../rollout/stopped-task.js';

// Messages of before tasks. Import them as a namespace: a bundle gets only what it uses.

/** Of the ARN of a task, as far as it is known. */
const nameOf = (task: string | undefined): string => (task === undefined ? '' : ` ${taskIdOf(task)}`);

export const completed = (container: string) => `the before task has succeeded: ${container} ended with exit code 0`;

export const failed = (failure: string) => `the before task failed: ${failure}`;

export const timedOut = (seconds: number) => `the before task did not end within its timeout of ${duration(seconds)} and was stopped`;

/** For people who look at the stopped task in ECS. */
export const stopReasons = {
  timeout: 'Slipway: the before task did not end within its timeout',
  cancelled: 'Slipway: the deployment was cancelled',
} as const;

export const stopped = () => 'the before task was stopped';

export const notSucceeded = () => 'its before task has not succeeded';

export const refused = (error: string) => `ECS refused to start the before task: ${error}`;

export const notPlaced = (refusal: string, seconds: number) => `ECS could not start the before task for ${duration(seconds)}: ${refusal}`;

/** A task that no execution watches: that of its deployment was aborted. */
export const otherRuns = (task: string, revision: string) =>
  `the before task${nameOf(task)} of an earlier deployment still runs ${revisionName(revision)}, and no second one runs beside it: stop it or wait for it, then start again`;

/** ECS forgets a stopped task after an hour, and a client token soon after it. */
export const endUnknown = (task: string | undefined, requestedAt: string) =>
  task === undefined
    ? `a before task was requested at ${moment(requestedAt)}, and whether ECS started it is unknown`
    : `how the before task${nameOf(task)} ended is unknown: ECS describes it no more`;

export const startUnknown = (requestedAt: string, error: string) =>
  `${endUnknown(undefined, requestedAt)}: its answer was lost, and ECS then refused the request: ${error}`;

/** Of a deployment that ended while its before task ran. */
export const mayRun = (task: string | undefined) =>
  `its before task${nameOf(task)} was requested and has not been seen to end: it may still run, and it is not stopped`;

/** For the operation that runs the before task of a stage. */
export const notConfigured = (stage: string, service: string) =>
  `slipway.yml has changed since the release was planned: it names no before task of ${stage} like ${service}, so none was run`;
