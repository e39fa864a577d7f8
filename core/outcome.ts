/** How a deployment or a release ended. What each says of the world afterwards is in docs/architecture.md. */
export const outcomes = ['UNKNOWN', 'ROLLBACK_FAILED', 'ROLLED_BACK', 'FAILED', 'SUPERSEDED', 'SKIPPED', 'SUCCEEDED'] as const;
export type Outcome = (typeof outcomes)[number];

/** Why it did not end well. */
export const causes = [
  'CRASHED',
  'UNHEALTHY',
  'CANNOT_PULL',
  'CANNOT_START',
  'PLACEMENT',
  'ALARM',
  'CIRCUIT_BREAKER',
  'TIMED_OUT',
  'ABORTED',
  'CANCELLED',
  'DELETED',
  'INVALID_INPUT',
  'AWS_ERROR',
] as const;
export type Cause = (typeof causes)[number];

/** An end: one sentence for people beside the two words for programs. An empty cause is none. */
export type Ending = { readonly outcome: Outcome; readonly cause: Cause | ''; readonly sentence: string };

/** The worst of several outcomes, which is a release's; `outcomes` lists them worst first. Of none nothing is known. */
export const worstOf = (all: readonly Outcome[]): Outcome => outcomes.find((outcome) => all.includes(outcome)) ?? 'UNKNOWN';

/** Did the execution do what it was there for? Decides whether it ends as succeeded or failed in Step Functions. */
export const endsWell = (outcome: Outcome): boolean => outcome === 'SUCCEEDED' || outcome === 'SKIPPED' || outcome === 'SUPERSEDED';

/** Skipped, because the service runs the image: as good as a success for whoever waits for it. */
export const isAlreadyRunning = ({ outcome, sentence = '' }: { readonly outcome?: Outcome; readonly sentence?: string }): boolean =>
  outcome === 'SKIPPED' && sentence.startsWith('already running');
