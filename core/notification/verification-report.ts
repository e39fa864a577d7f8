import type { VerificationRun } from '../records/records.js';
import { redact } from './redact.js';

/** How a verification went: what was seen of each part that has an answer. */
export type VerificationReport = {
  /** ISO 8601. */
  readonly since: string;
  readonly url?: NonNullable<VerificationRun['url']>;
  readonly verifier?: NonNullable<VerificationRun['verifier']>;
};

type Seen = NonNullable<VerificationRun['url']>;

const redacted = ({ isPassed, seen }: Seen): Seen => ({ isPassed, seen: redact(seen) });

export const verificationOf = ({ since, url, verifier }: VerificationRun): VerificationReport => ({
  since,
  ...(url && { url: redacted(url) }),
  ...(verifier && { verifier: redacted(verifier) }),
});
