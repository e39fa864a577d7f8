// Messages of the checks before a stage, and of the revision that a deployment copies. Import it as a namespace.

import { imageName } from '../image/image-name.js';
import { shortDigest } from '../image/image-reference.js';
import { duration } from '../result/moment.js';
import { revisionName } from '../rollout/observation.js';

type Named = { readonly repository: string; readonly tag?: string | undefined; readonly digest: string };

const nameOf = ({ repository, tag, digest }: Named): string => imageName(repository, tag, digest);

export const imageMissing = (image: Named) => `image ${nameOf(image)} is no longer in ECR: push it again`;

export const imageNotActive = (image: Named, status: string) =>
  `image ${nameOf(image)} is ${status} in ECR, and cannot be pulled until it is ACTIVE: restore it with UpdateImageStorageClass`;

export const imageNotFound = (name: string, registry: string) => `image ${name} is not in ${registry}; push it first, or check its name`;

export const notAnImage = (name: string, type: string) => `${name} is no container image: its media type is ${type}`;

export const manifestMissing = (platform: string, digest: string) =>
  `the manifest ${shortDigest(digest)} for ${platform} is not in ECR: push the image again`;

export const layersMissing = (platform: string, digest: string, count: number) =>
  `${count} ${count === 1 ? 'layer' : 'layers'} of ${shortDigest(digest)} for ${platform} ${count === 1 ? 'is' : 'are'} not in ECR: push the image again`;

export const platformMismatch = (service: string, host: string, platforms: readonly string[]) =>
  `${service}: its tasks run on ${host}, and the image is for ${platforms.join(', ') || 'no platform'}: build it for ${host}, or change runtimePlatform`;

export const revisionMissing = (service: string, revision: string) =>
  `${service}: ECS does not know ${revisionName(revision)}, which it is on`;

export const roleNotPassable = (service: string, kind: string, role: string, revision: string) =>
  `${service}: ${kind} of ${revisionName(revision)} is ${role}, which passRoles does not name: add it to slipway.yml and deploy the stack`;

export const revisionTooLarge = (service: string, bytes: number, limit: number, revision: string) =>
  `${service}: the copy of ${revisionName(revision)} has ${bytes} bytes, and ECS registers at most ${limit}: move environment variables to a file in S3`;

export const inAlarm = (service: string, alarms: readonly string[]) =>
  `${service}: alarm ${alarms.join(', ')} is in ALARM: ECS ignores the alarms of a service for a rollout that begins while one of them is`;

export const alarmMissing = (service: string, alarms: readonly string[]) =>
  `${service}: alarm ${alarms.join(', ')} of "verify" is not in CloudWatch: create it in this account and Region, or fix slipway.yml`;

export const inAlarmBeforeVerification = (service: string, alarms: readonly string[]) =>
  `${service}: alarm ${alarms.join(', ')} is in ALARM: it cannot verify a rollout that begins while it is`;

export const bakeTooShort = (service: string, alarms: readonly string[], bakeSeconds: number, evaluationSeconds: number) =>
  `${service}: the bake of ${duration(bakeSeconds)} is shorter than the ${duration(evaluationSeconds)} (period × evaluation periods) of alarm ${alarms.join(', ')}, which may fire too late: make the bake longer`;

export const beforeTaskContainerMissing = (service: string, container: string, revision: string, containers: readonly string[]) =>
  `${service}: the before task names the container ${container}, and ${revisionName(revision)} has ${containers.join(', ') || 'none'}: fix "container" of "before" in slipway.yml`;

export const beforeTaskNotEssential = (service: string, container: string, revision: string) =>
  `${service}: ${container} of ${revisionName(revision)} is not essential, so its exit would not end the before task: name an essential container in "before"`;

export const beforeTaskRestarts = (service: string, container: string, revision: string) =>
  `${service}: ${container} of ${revisionName(revision)} has a restart policy, so ECS could run the command of the before task again: name a container without one in "before"`;

export const beforeTaskVolume = (service: string, volumes: readonly string[], revision: string) =>
  `${service}: volume ${volumes.join(', ')} of ${revisionName(revision)} is configured at launch, which before tasks do not support`;

export const beforeTaskServiceConnect = (service: string) =>
  `${service}: names of Service Connect do not resolve in its before task, which is no task of the service: use other addresses there`;

export const newerRevision = (service: string, newest: string, current: string) =>
  `${service}: ${revisionName(newest)} is newer than ${revisionName(current)}, which runs and is copied: set "base: latest" to copy the newest (docs/terraform-and-cdk.md)`;

export const notConfigured = (service: string) => `${service}: slipway.yml no longer names it for this image, so it is skipped`;

export const notAllowed = (action: string) => `not checked: the role of the function may not call ${action}`;

export const throttled = () => 'not everything was checked, because AWS throttled it; it is checked again when the stage begins';

/** A line of a report, short enough for Slack: what a start of the family without a revision runs now. */
export const newestIsRolledBack = (revision: string) =>
  `${revisionName(revision)} was rolled back, and is the newest of its family: see docs/terraform-and-cdk.md`;
