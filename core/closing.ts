import type { Trouble } from './contracts.js';
import type { Ending } from './outcome.js';
import type { DeploymentRecord, ReleaseRecord, WayBack } from './records.js';

/** Seconds that history is kept: a year. */
export const historySeconds = 365 * 86_400;

/** What a Catch kept, in words. */
export const told = ({ state, error, cause }: Trouble): string =>
  `${state} ended in ${error}${cause ? `: ${messageOf(cause)}` : ''}`.slice(0, 600);

/** A Lambda's error arrives as JSON with a stack; people want the message. */
const messageOf = (cause: string): string => {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: string };
    return errorMessage ?? cause;
  } catch {
    // Cut off in the middle of its stack.
    const message = /"errorMessage":("(?:[^"\\]|\\.)*")/.exec(cause)?.[1];
    return message === undefined ? cause : JSON.parse(message);
  }
};

const unseen = 'the service was touched, and how it ended could not be seen: look at it in the ECS console';

/**
 * The ending to record: what a step has found, or what can be said when one failed instead. A way back that failed is
 * not an unknown end: the new image failed, and the service is not verified back.
 */
export const endingOf = (
  ending: Ending,
  trouble: Trouble,
  record: { readonly touched?: string | undefined; readonly back?: WayBack | undefined } | undefined,
): Ending => {
  if (ending.sentence !== '' && (ending.outcome !== 'UNKNOWN' || ending.sentence.endsWith(unseen))) return ending;
  const sentence = trouble.error === '' ? ending.sentence : told(trouble);
  // A release notes the stage that it begins with in its plan, before anything of it is begun.
  if (record?.touched === undefined || trouble.state === 'PlanRelease') return { outcome: 'FAILED', cause: 'AWS_ERROR', sentence };
  const { back } = record;
  if (trouble.state === 'RollBack' && (back || ending.sentence !== ''))
    return {
      outcome: 'ROLLBACK_FAILED',
      cause: back?.cause ?? (ending.cause || 'AWS_ERROR'),
      sentence: `${back?.sentence ?? ending.sentence}; the way back failed: ${sentence}`,
    };
  return {
    outcome: 'UNKNOWN',
    cause: 'AWS_ERROR',
    sentence: `${sentence}; ${unseen}`,
  };
};

/** The ending that a record has, if it is closed. */
export const endingIn = ({
  outcome,
  cause = '',
  sentence = '',
}: Pick<DeploymentRecord, 'outcome' | 'cause' | 'sentence'>): Ending | undefined => outcome && { outcome, cause, sentence };

/**
 * Does a deployment's release tell how it ended? While the release is open it will. One that ended before the deployment
 * did, because that one's execution died, could not: of a service that was never touched it has said enough all the same.
 */
export const isToldByRelease = (
  release: Pick<ReleaseRecord, 'endedAt' | 'told'>,
  { touched, endedAt = '' }: { readonly touched?: string | undefined; readonly endedAt?: string | undefined },
): boolean => {
  if (release.endedAt === undefined) return true;
  if (touched === undefined) return release.told !== undefined;
  return Date.parse(release.endedAt) >= Date.parse(endedAt);
};
