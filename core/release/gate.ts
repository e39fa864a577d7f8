import * as v from 'valibot';
import { isBefore } from '../lease/priority.js';
import type { RecordName } from '../records/record-name.js';
import { schema } from '../records/records.js';
import type { ScannedPart } from '../scan/image-scan.js';

/** The release that waits at the gate of a stage, or was the last to pass it. One item a stage, so that one release waits. */
export type Gate = {
  readonly release: RecordName;
  /** ARN. */
  readonly execution: string;
  readonly digest: string;
  readonly tag?: string;
  /** ISO 8601, as all times here. */
  readonly pushedAt: string;
  /** A semver pattern of the stage matched its tag. */
  readonly isVersioned?: boolean;
  readonly takenAt: string;
  /** The newest visit of PassGates, by `orderOf`. */
  readonly visit: number;
  readonly token?: string;
  readonly approval?: 'AWAITING' | 'APPROVED' | 'REJECTED' | 'TIMED_OUT';
  /** When no answer becomes a no. */
  readonly deadline?: string;
  /** When the request was published, and the reminder. */
  readonly requestedAt?: string;
  readonly remindedAt?: string;
  readonly decidedAt?: string;
  readonly decidedBy?: string;
  readonly decisionReason?: string;
  readonly cancelledAt?: string;
  readonly cancelledBy?: string;
  readonly cancelReason?: string;
  /** When it was published that the release waits for this time. */
  readonly announced?: string;
  /** The manifests whose scans are waited for, and since when. */
  readonly scans?: { readonly since: string; readonly parts: readonly ScannedPart[] };
  /** The last event of a scan of one of them. */
  readonly scanEvent?: { readonly digest: string; readonly at: string };
  /** From here on the stage begins: nothing takes the release back. */
  readonly passedAt?: string;
};

const text = v.pipe(v.string(), v.nonEmpty());

/** Loose: members that this version does not know stay in the item. */
const Item = v.looseObject({
  schema: v.literal(schema),
  release: text,
  execution: text,
  digest: text,
  tag: v.optional(text),
  pushedAt: text,
  isVersioned: v.optional(v.boolean()),
  takenAt: text,
  visit: v.number(),
  token: v.optional(text),
  approval: v.optional(v.picklist(['AWAITING', 'APPROVED', 'REJECTED', 'TIMED_OUT'])),
});

/** The gate of an item. @throws Error `UnreadableGate` for an item of another version */
export const readGate = (item: object): Gate => {
  const result = v.safeParse(Item, item);
  if (result.success) return result.output as unknown as Gate;
  const [issue] = result.issues;
  const { pk, sk } = item as { pk?: string; sk?: string };
  const message = `item ${pk} ${sk} of the table: ${v.getDotPath(issue)} is ${issue.received}; expected ${issue.expected}: remove the item; a release that waits there looks again within an hour`;
  throw Object.assign(new Error(message), { name: 'UnreadableGate' });
};

/** A release that reaches the gate of a stage. */
export type Arrival = Pick<Gate, 'release' | 'digest' | 'tag' | 'pushedAt' | 'isVersioned'>;

type Rules = {
  /** Does the stage take the tag? A release that an operator forced past the policy is displaced by no push. */
  readonly takes: (tag: string) => boolean;
  /** Is the version of one tag higher (> 0) or lower (< 0) than that of another? Undefined if one of them is none. */
  readonly compareVersions: (one: string, other: string) => number | undefined;
};

/** What a release finds at the gate of a stage. `take`: it is free, or `over` an older release, which is superseded. */
export type ArrivalDecision = { readonly action: 'take'; readonly supersedes: boolean } | { readonly action: 'superseded' | 'refused' };

/**
 * Decides between a release that reaches a gate and the one that waits there. The newer one gets it if the policy of the stage takes the
 * tags of both; otherwise the one that is there keeps it.
 */
export const decideArrival = (waiting: Gate | undefined, arrival: Arrival, rules: Rules): ArrivalDecision => {
  if (!waiting) return { action: 'take', supersedes: false };
  const isTaken = ({ tag }: Arrival): boolean => tag !== undefined && rules.takes(tag);
  if (!isTaken(waiting) || !isTaken(arrival)) return { action: 'refused' };
  return isNewerRelease(arrival, waiting, rules) ? { action: 'take', supersedes: true } : { action: 'superseded' };
};

/** By the version where a semver pattern took both tags, then by the push, then by the digest. */
const isNewerRelease = (one: Arrival, other: Arrival, { compareVersions }: Rules): boolean => {
  const versions =
    one.isVersioned && other.isVersioned && one.tag !== undefined && other.tag !== undefined
      ? compareVersions(one.tag, other.tag)
      : undefined;
  if (versions !== undefined && versions !== 0) return versions > 0;
  if (isBefore(other.pushedAt, one.pushedAt)) return true;
  return !isBefore(one.pushedAt, other.pushedAt) && one.digest > other.digest;
};
