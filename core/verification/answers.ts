import type { Verification } from '../configuration/configuration.js';
import type { VerificationRun } from '../records/records.js';
import type { Probe } from '../step/contracts.js';
import type { VerificationFailure } from './decision.js';
import * as messages from './messages.js';
import { type Invocation, readInvocation } from './verifier.js';

/** What VerifyUrl and InvokeVerifier have answered since Verify looked last. */
type Answers = { readonly probe: Probe; readonly invocation: Invocation };

type Answered = { readonly run: VerificationRun; readonly refusal: VerificationFailure | undefined };

/**
 * The verification with the answers that have come; each counts once. A URL that has to be requested further has none yet. `refusal`: why
 * the revision is not verified.
 */
export const answersOf = (settings: Verification, run: VerificationRun, { probe, invocation }: Answers): Answered => {
  const url = settings.url && !run.url ? urlIn(probe) : undefined;
  if (url && !url.isPassed) return refused({ ...run, url: { isPassed: false, seen: url.seen } }, url);
  const withUrl = url ? { ...run, url: { isPassed: true, seen: url.seen } } : run;
  const isAsked = settings.function !== undefined && !run.verifier && invocation.status !== '';
  if (settings.function === undefined || !isAsked) return { run: withUrl, refusal: undefined };
  const { isPassed, seen, speaksOfImage } = readInvocation(settings.function, invocation);
  const answered = { ...withUrl, verifier: { isPassed, seen } };
  return isPassed ? { run: answered, refusal: undefined } : refused(answered, { seen, speaksOfImage });
};

const refused = (run: VerificationRun, { seen, speaksOfImage }: { readonly seen: string; readonly speaksOfImage: boolean }): Answered => ({
  run,
  refusal: { reason: 'VERIFICATION', message: seen, speaksOfImage },
});

/** Only an answer of the image speaks of it, or that it gives none. */
const urlIn = ({
  outcome,
  seen,
}: Probe): { readonly isPassed: boolean; readonly seen: string; readonly speaksOfImage: boolean } | undefined => {
  if (outcome === '' || outcome === 'continues') return undefined;
  if (outcome === 'error') return { isPassed: false, seen: messages.urlNotRequested(seen), speaksOfImage: false };
  return { isPassed: outcome === 'passed', seen, speaksOfImage: outcome === 'failed' };
};
