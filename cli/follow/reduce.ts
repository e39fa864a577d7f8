import type { ReleaseView } from '../../core/query/answers.js';
import { nameOf } from '../../core/records/execution-name.js';
import type { CommandError } from '../command-error.js';
import { exitStatuses } from '../exit-status.js';
import type { AnswerTo } from '../stack-client.js';
import { endOfDeployment, endOfRelease } from './end-of.js';
import * as messages from './messages.js';
import type { Effect, End, FollowOptions, FollowState, FollowTarget, Happening, NoteCode } from './state.js';

type Step = { readonly state: FollowState; readonly effects: readonly Effect[] };

export const initialState = (target: FollowTarget, options: FollowOptions, now: number): FollowState => ({
  target,
  options,
  begunAt: now,
  failures: 0,
  said: [],
  ...('digest' in target && target.digest !== undefined && { digest: target.digest }),
});

/** What follows from an answer or a failure. `now` in milliseconds. */
export const reduce = (state: FollowState, happening: Happening, now: number): Step => {
  if (happening.kind === 'failed') return afterFailure(state, happening.error, now);
  const [answered, effects] = hasAnswered(state);
  const step = afterAnswer(answered, happening, now);
  return { ...step, effects: [...effects, ...step.effects] };
};

const afterAnswer = (state: FollowState, happening: Exclude<Happening, { kind: 'failed' }>, now: number): Step => {
  if (happening.kind === 'started') {
    const { execution } = happening;
    const seconds = Math.round((now - state.begunAt) / 1000);
    return note({ ...state, started: { execution, at: now } }, 'STARTED', messages.started(nameOf(execution), seconds));
  }
  const { answer } = happening;
  const placed = { ...state, stack: answer.stack };
  if (happening.kind === 'release') return afterRelease(placed, happening.answer);
  const { deployment: view } = happening.answer;
  const seen = { kind: 'deployment', view } as const;
  return { state: { ...placed, seen }, effects: [{ kind: 'show', seen, at: answer.at }, ...ended(endOfDeployment(view))] };
};

const ended = (end: End | undefined): readonly Effect[] => (end ? [end] : []);

/** A note is said once. */
const note = (state: FollowState, code: NoteCode, message: string): Step =>
  state.said.includes(code)
    ? { state, effects: [] }
    : { state: { ...state, said: [...state.said, code] }, effects: [{ kind: 'note', code, message }] };

const hasAnswered = (state: FollowState): readonly [FollowState, readonly Effect[]] => {
  if (!state.said.includes('NO_ANSWER')) return [{ ...state, failures: 0 }, []];
  const said = state.said.filter((code) => code !== 'NO_ANSWER');
  return [{ ...state, failures: 0, said }, [{ kind: 'note', code: 'ANSWERS_AGAIN', message: messages.answersAgain() }]];
};

/** Codes of failures that another request does not change. */
const lasting: ReadonlySet<string | undefined> = new Set(['NO_STACK', 'API_TOO_OLD', 'API_TOO_NEW', 'UNREADABLE']);
const attemptsBeforeFirstAnswer = 3;
/** What was started is in the table seconds later. */
const secondsToBegin = 120;

const afterFailure = (state: FollowState, error: CommandError, now: number): Step => {
  const { status, code, message } = error;
  if (code === 'NOT_FOUND' && isYetToBegin(state, now)) return { state: { ...state, failures: 0 }, effects: [] };
  const failures = state.failures + 1;
  const passes = status === exitStatuses.unreachable && !lasting.has(code);
  const isReached = state.stack !== undefined || code === 'THROTTLED';
  if (passes && isReached) return note({ ...state, failures }, 'NO_ANSWER', messages.noAnswer(message));
  if (passes && failures < attemptsBeforeFirstAnswer) return { state: { ...state, failures }, effects: [] };
  // An answer has been there: what it was about goes on without this command.
  const explained = state.stack === undefined && !state.started ? message : messages.brokenOff(message, state);
  return { state, effects: [{ kind: 'throw', status, ...(code !== undefined && { code }), message: explained }] };
};

const isYetToBegin = ({ target, started, seen, begunAt }: FollowState, now: number): boolean => {
  const isByName = started !== undefined || !('repository' in target);
  return isByName && !seen && now - (started?.at ?? begunAt) < secondsToBegin * 1000;
};

const afterRelease = (state: FollowState, answer: AnswerTo<'release'>): Step => {
  const wrong = usageError(state, answer);
  if (wrong) return { state, effects: [wrong] };
  const bound = bind(state, answer);
  const step = afterBinding(bound.state, answer);
  return { ...step, effects: [...bound.effects, ...step.effects] };
};

const afterBinding = (state: FollowState, answer: AnswerTo<'release'>): Step => {
  const { started, ...others } = state;
  const { release } = answer;
  if (release && isFollowed(state, release)) return afterView(state, release, answer);
  // The start of a tag that was moved meanwhile has resolved another image: it is not the one to follow.
  return started && release ? { state: { ...others, hasMoved: true }, effects: [] } : withoutRelease(state, answer);
};

const usageError = ({ options: { since, until }, seen, target }: FollowState, { at, explain = [] }: AnswerTo<'release'>) => {
  const clockSkewSeconds = 300;
  const usage = (message: string): Effect => ({ kind: 'throw', status: exitStatuses.usage, code: 'INVALID_INPUT', message });
  if (since !== undefined && Date.parse(since) - Date.parse(at) > clockSkewSeconds * 1000) return usage(messages.futureSince(since, at));
  const stages = [...new Set(explain.flatMap(({ stage }) => stage ?? []))];
  if (until === undefined || seen || !('repository' in target) || stages.length === 0 || stages.includes(until)) return undefined;
  return usage(messages.noSuchStage(until, stages));
};

/** Binds the digest that the tag names, once it is one that was pushed since then. */
const bind = (state: FollowState, { image, release }: AnswerTo<'release'>): Step => {
  const { target, options, digest } = state;
  if (!('repository' in target) || !image) return { state, effects: [] };
  const { pushedAt } = image;
  if (digest === image.digest) return { state: { ...state, ...(pushedAt && { pushedAt }) }, effects: [] };
  if (digest !== undefined)
    return target.tag === undefined
      ? { state, effects: [] }
      : note({ ...state, hasMoved: true }, 'TAG_MOVED', messages.tagMoved(target, digest, image.digest));
  if (options.since !== undefined && !isSince(pushedAt, options.since) && !isArrivalOf(image.digest, release))
    return note(state, 'OLDER_IMAGE', messages.olderImage(target, image.digest, pushedAt, options.since));
  return note({ ...state, digest: image.digest, ...(pushedAt && { pushedAt }) }, 'BOUND', messages.bound(target, image.digest, pushedAt));
};

/**
 * Has the push of a tag started it? A retag keeps the time at which ECR received the image (containers-roadmap#2746). A start by hand says
 * nothing: what the tag named before may have been deployed once more.
 */
const isArrivalOf = (digest: string, release: ReleaseView | undefined): boolean =>
  release?.image?.digest === digest && release.trigger.kind !== 'hand';

/** ECR's time of a push has whole seconds in its event. */
const isSince = (time: string | undefined, since: string): boolean =>
  time !== undefined && Date.parse(time) >= Math.floor(Date.parse(since) / 1000) * 1000;

/** Of an image, never a release of another digest. Which are since --since the stack decides: a push may add stages to an older release. */
const isFollowed = ({ target, digest, started }: FollowState, { image }: ReleaseView): boolean => {
  if (!('repository' in target)) return true;
  // One that was started may end without an image: its tag was removed.
  if (started) return image === undefined || image.digest === digest;
  return digest !== undefined && image?.digest === digest;
};

const afterView = (state: FollowState, release: ReleaseView, { at, other }: AnswerTo<'release'>): Step => {
  const digest = release.image?.digest ?? state.digest;
  const isSame = other !== undefined && (digest === undefined || other.image?.digest === digest);
  const view = isSame ? other : release;
  const seen = { kind: 'release', view } as const;
  const said = isSame ? note(state, 'STANDS_FOR', messages.standsFor(release.id, other.id)) : { state, effects: [] };
  return {
    state: { ...said.state, seen },
    effects: [...said.effects, { kind: 'show', seen, at }, ...ended(endOfRelease(view, state.options))],
  };
};

const withoutRelease = (state: FollowState, { explain = [], image }: AnswerTo<'release'>): Step => {
  const { target, digest, seen } = state;
  // What was seen once is not unseen by an answer that is behind.
  if (!('repository' in target) || seen) return { state, effects: [] };
  const end = (status: End['status'], code: string, message: string): Step => ({
    state,
    effects: [{ kind: 'end', status, code, message }],
  });
  if (explain.length > 0 && explain.every(({ code }) => code === 'TAG_NOT_MATCHED'))
    return end(exitStatuses.skipped, 'TAG_NOT_MATCHED', messages.notTaken(target, explain));
  if (digest === undefined) return image ? { state, effects: [] } : note(state, 'NOT_PUSHED', messages.notPushed(target));
  return state.said.includes('BOUND') ? { state, effects: [] } : note(state, 'NOT_BEGUN', messages.notBegun(target, digest));
};
