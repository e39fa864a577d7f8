import { CommandError } from '../command-error.js';
import type { Context, Verb } from '../context.js';
import { parseSeconds } from '../duration.js';
import { exitStatuses } from '../exit-status.js';
import { follow } from '../follow/follow.js';
import type { FollowOptions } from '../follow/state.js';
import { parseImage } from '../names.js';
import { operatorOf } from '../operator.js';

type Options = {
  readonly since?: string;
  readonly until?: string;
  readonly timeout: string;
  readonly startAfter?: string;
  readonly waitForGates?: boolean;
};

const usage = (message: string): CommandError => new CommandError(message, { status: exitStatuses.usage });

/** GitLab's CI_JOB_STARTED_AT and GitHub's run_started_at are such times. @throws CommandError for anything else */
const parseTime = (text: string, flag: string): string => {
  const isTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
  if (isTime) return new Date(text).toISOString();
  throw usage(`${flag} is ${JSON.stringify(text)}; expected a time with its zone, such as 2026-11-27T14:05:00Z`);
};

/** Most CI systems set CI; an operator's shell that sets it to `false` is none. */
export const isCi = ({ CI }: Context['environment']): boolean => CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0';

const optionsOf = ({ environment }: Context, { since, until, timeout, startAfter, waitForGates }: Options): FollowOptions => ({
  timeoutSeconds: parseSeconds(timeout, '--timeout'),
  endsAtGates: isCi(environment) && !waitForGates,
  ...(since !== undefined && { since: parseTime(since, '--since') }),
  ...(until !== undefined && { until }),
  ...(startAfter !== undefined && { startAfterSeconds: parseSeconds(startAfter, '--start-after'), ...operatorOf(environment, {}) }),
});

export const run: Verb<[image: string], Options> = async (context, [image], options) => {
  const target = parseImage(image);
  if (options.startAfter !== undefined && target.tag === undefined)
    throw usage('--start-after needs the tag: a release that is started in place of a missed event takes a tag, as in my-learn-app:v1.4.2');
  return follow(context, target, optionsOf(context, options));
};
