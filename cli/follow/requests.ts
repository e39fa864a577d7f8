import { executionName } from '../../core/records/execution-name.js';
import type { FollowState, Request } from './state.js';

/** What is asked of the stack next, or started in it. */
export const nextRequest = (state: FollowState, now: number): Request => {
  const { target, started } = state;
  if ('deployment' in target) return { kind: 'deployment', question: { deployment: target.deployment } };
  if ('release' in target) return { kind: 'release', question: { release: target.release } };
  if (started) return { kind: 'release', question: { release: started.execution } };
  return startOf(state, now) ?? ofImage(state);
};

const ofImage = ({ target, options, digest }: FollowState): Request => {
  const { since } = options;
  return { kind: 'release', question: { ...(target as { repository: string }), ...(digest && { digest }), ...(since && { since }) } };
};

/**
 * The start of a release whose push event was missed. Two jobs that follow one push start one release: the name is the same. A tag that
 * names another image by now would start that one's.
 */
const startOf = ({ target, options, digest, pushedAt, hasMoved, seen, begunAt }: FollowState, now: number): Request | undefined => {
  const { startAfterSeconds, since, by } = options;
  if (startAfterSeconds === undefined || now - begunAt < startAfterSeconds * 1000) return undefined;
  if (!('repository' in target) || target.tag === undefined || digest === undefined || pushedAt === undefined || hasMoved || seen)
    return undefined;
  const { repository, tag } = target;
  return {
    kind: 'start',
    name: executionName(['follow', repository, tag], [repository, digest, pushedAt, since ?? '']),
    input: { repository, tag, reconcile: true, pushedAt, ...(by !== undefined && { by }) },
  };
};
