// Messages of the checks before a stage, and of the revision that a deployment copies. Import it as a namespace.

import { imageName } from '../image/image-name.js';
import { shortDigest } from '../image/image-reference.js';
import { revisionName } from '../rollout/observation.js';

type Named = { readonly repository: string; readonly tag?: string | undefined; readonly digest: string };

const nameOf = ({ repository, tag, digest }: Named): string => imageName(repository, tag, digest);

export const imageMissing = (image: Named) => `image ${nameOf(image)} is no longer in ECR: push it again`;

export const imageNotActive = (image: Named, status: string) =>
  `image ${nameOf(image)} is ${status} in ECR, and cannot be pulled: restore it with UpdateImageStorageClass`;

export const notAnImage = (image: Named, type: string) => `${nameOf(image)} is no container image: its media type is ${type}`;

export const manifestMissing = (platform: string, digest: string) =>
  `the manifest ${shortDigest(digest)} for ${platform} is not in ECR: push the image again`;

export const layersMissing = (platform: string, digest: string, count: number) =>
  `${count} ${count === 1 ? 'layer' : 'layers'} of ${shortDigest(digest)} for ${platform} ${count === 1 ? 'is' : 'are'} not in ECR: push the image again`;

export const platformMismatch = (host: string, platforms: readonly string[]) =>
  `its tasks run on ${host}, and the image is for ${platforms.join(', ') || 'no platform'}: build it for ${host}, or change runtimePlatform`;

export const revisionMissing = (revision: string) => `ECS does not know ${revisionName(revision)}, which the service is on`;

export const roleNotPassable = (kind: string, role: string, revision: string) =>
  `${kind} of ${revisionName(revision)} is ${role}, which passRoles does not name: add it to slipway.yml and deploy the stack`;

export const revisionTooLarge = (bytes: number, limit: number, revision: string) =>
  `the copy of ${revisionName(revision)} has ${bytes} bytes, and ECS registers at most ${limit}: move environment variables to a file in S3`;

export const inAlarm = (alarms: readonly string[]) =>
  `alarm ${alarms.join(', ')} is in ALARM: ECS ignores the alarms of a service for a rollout that begins while one of them is`;

export const newerRevision = (newest: string, current: string) =>
  `${revisionName(newest)} is newer than ${revisionName(current)}, which runs and is copied: set "base: latest" to copy the newest (docs/terraform-and-cdk.md)`;

export const notConfigured = (service: string) => `slipway.yml no longer names ${service} for this image: it is skipped`;

export const notAllowed = (action: string) => `not checked: the role of the function may not call ${action}`;

export const throttled = () => 'not everything was checked, because AWS throttled it; it is checked again when the stage begins';

/** A line of a report: the revision that was copied instead of the one that ran. */
export const copiedLatest = (base: string, current: string) =>
  `copied from ${revisionName(base)}, which is newer than ${revisionName(current)}, which ran: base is latest`;

export const latestNotFound = (current: string, count: number) =>
  `copied from ${revisionName(current)}, which ran: Slipway itself registered the ${count} newest revisions of the family`;

/** A line of a report: what a start by family would run now. */
export const newestIsBroken = (revision: string, current: string) =>
  `${revisionName(revision)} is the newest revision of its family, and failed; what starts the family without a revision runs it, not ${revisionName(current)} (docs/terraform-and-cdk.md)`;
