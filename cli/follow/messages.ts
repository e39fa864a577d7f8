import { imageName } from '../../core/image/image-name.js';
import { shortDigest } from '../../core/image/image-reference.js';
import type { Explanation } from '../../core/policy/explain.js';
import type { ReleaseWait } from '../../core/records/records.js';
import { duration, moment } from '../../core/result/moment.js';
import type { Result } from '../../core/result/result.js';
import type { FollowState, FollowTarget } from './state.js';

/** `my-learn-app:main-7 (a1b2c3d4a1b2)`, or the name of the execution. */
export const targetName = (target: FollowTarget, digest?: string): string => {
  if ('release' in target) return `release ${target.release}`;
  if ('deployment' in target) return `deployment ${target.deployment}`;
  return imageName(target.repository, target.tag, digest ?? target.digest);
};

const pushed = (pushedAt: string | undefined): string => (pushedAt === undefined ? '' : `, pushed ${moment(pushedAt)}`);

export const bound = (target: FollowTarget, digest: string, pushedAt: string | undefined): string =>
  `follows ${targetName(target, digest)}${pushed(pushedAt)}`;

export const notPushed = (target: FollowTarget): string => `${targetName(target)} is not in the registry yet: waits for its push`;

export const olderImage = (target: FollowTarget, digest: string, pushedAt: string | undefined, since: string): string =>
  `${targetName(target)} names ${shortDigest(digest)}${pushed(pushedAt)}, which is before --since ${moment(since)}: waits for a push since then`;

export const tagMoved = (target: FollowTarget, digest: string, now: string): string =>
  `the tag names ${shortDigest(now)} now; goes on with the release of ${targetName(target, digest)}`;

export const notBegun = (target: FollowTarget, digest: string | undefined): string => `no release of ${targetName(target, digest)} yet`;

export const standsFor = (id: string, other: string): string => `release ${id} left the image to release ${other}, which is followed now`;

export const started = (name: string, seconds: number): string => `no release began within ${duration(seconds)}: started ${name}`;

export const noAnswer = (reason: string): string => `no answer, tries again until --timeout: ${reason}`;
export const answersAgain = (): string => 'the stack answers again';

/** What is true whatever becomes of this command. */
const goesOn = ({ seen, target, digest, started }: FollowState): string => {
  if (seen) return seen.view.endedAt === undefined ? `the ${seen.kind} goes on` : `the ${seen.kind} has ended`;
  return started || 'release' in target || 'deployment' in target
    ? 'what was started goes on'
    : `no release of ${targetName(target, digest)} was seen`;
};

export const interrupted = (state: FollowState): string => `interrupted; ${goesOn(state)}`;

/** With what the command cannot go on, such as credentials that have expired. */
export const brokenOff = (reason: string, state: FollowState): string => `${reason}; ${goesOn(state)}`;

const waits: Record<ReleaseWait['for'], string> = {
  approval: 'waits for approval',
  window: 'waits for its window',
  scan: 'waits for the scan of its image',
};

const standing = (state: FollowState): string => {
  const { seen, target, digest } = state;
  if (!seen) return digest === undefined ? notPushed(target) : notBegun(target, digest);
  if (seen.kind === 'deployment') return `${seen.view.service} is not done`;
  const { waiting, stage } = seen.view;
  if (waiting) return `the release ${waits[waiting.for]} before ${waiting.stage}`;
  return stage === undefined ? 'the release has begun' : `the release deploys ${stage}`;
};

export const timedOut = (state: FollowState): string =>
  `timed out after ${duration(state.options.timeoutSeconds)}: ${standing(state)}; ${goesOn(state)}`;

export const waitsAtGate = ({ for: what, stage, until }: ReleaseWait, done: readonly string[]): string =>
  `${done.join(', ')} succeeded; the release ${waits[what]} before ${stage}, until ${moment(until)} at most`;

export const stageReached = (stage: string): string => `stage ${stage} has succeeded`;

export const stageMissed = (stage: string, reason: string | undefined): string =>
  `the release ended without stage ${stage}${reason === undefined ? '' : `: ${reason}`}`;

export const noSuchStage = (stage: string, stages: readonly string[]): string =>
  `--until ${stage} is no stage of the repository, which has ${stages.join(', ')}`;

export const notTaken = (target: FollowTarget, explain: readonly Explanation[]): string => {
  const reasons = [...new Set(explain.map(({ message }) => message))];
  return `nothing is deployed for ${targetName(target)}: ${reasons.join('; ')}`;
};

export const futureSince = (since: string, at: string): string =>
  `--since ${since} is in the future: the time of the stack is ${at}; check the clock of this machine`;

export const resultText = ({ outcome, reason, message }: Result): string =>
  `${outcome === 'SUCCEEDED' ? outcome : `${outcome} (${reason})`}: ${message}`;
