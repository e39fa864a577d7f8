import { shortDigest } from '../image/image-reference.js';
import type { ServiceState, Undone } from '../records/records.js';
import { type Result, resultOf } from '../result/result.js';
import * as messages from './messages.js';
import { sourceOf } from './service-state.js';

/**
 * Is what a rollback undoes still what its source deployed last on the service, so that nothing newer is undone? A release asks for its
 * own deployment: another one of the same digest is newer, too. An operator asks for the digest, in whichever deployment. One of another
 * source has copied the revision, with the image. `current` is the revision that the service runs, once it is read: another deployer may
 * have changed it.
 */
export const isStillDeployed = (state: ServiceState, { repository, digest, revision, isByOperator }: Undone, current?: string): boolean => {
  const { expectedRevisions = [], knownGood = [] } = state;
  if (sourceOf(state, repository).lastDeployed?.digest !== digest) return false;
  const isLast =
    isByOperator === true ||
    expectedRevisions.includes(revision) ||
    knownGood.findLast((one) => one.repository === repository)?.revision === revision;
  return isLast && (current === undefined || current === revision || (expectedRevisions.length === 1 && expectedRevisions[0] === current));
};

/** The result of a rollback that finds something newer deployed, or about to be. */
export const notUndone = ({ digest }: Undone): Result =>
  resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.newerThanRelease(shortDigest(digest)));
