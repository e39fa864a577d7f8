// Messages of the scan gate. Import them as a namespace.

import { duration } from '../result/moment.js';
import type { ImageScan, ScanFinding } from './image-scan.js';

/** Findings that a message names; the others are counted. */
const named = 10;

const severalOf = (count: number): string => `${count} ${count === 1 ? 'vulnerability' : 'vulnerabilities'}`;

const on = (platforms: readonly string[]): string => (platforms.length === 0 ? '' : ` for ${[...new Set(platforms)].join(' and ')}`);

/** `CVE-2026-1234 CRITICAL in openssl 3.0.7 (fixed in 3.0.9)`, as far as it is known. */
const findingText = ({ name, severity, package: of, version, fixedIn }: ScanFinding): string =>
  [`${name} ${severity}`, of && `in ${of}`, of && version, fixedIn && `(fixed in ${fixedIn})`].filter(Boolean).join(' ');

/** `findings` are the worst first; `unlisted` is how many more the scan counts; `platforms` those of an index that have them. */
export const findings = (
  image: string,
  block: string,
  found: readonly ScanFinding[],
  unlisted: number,
  platforms: readonly string[],
): string => {
  const total = found.length + unlisted;
  const more = total - Math.min(found.length, named);
  const listed = [...found.slice(0, named).map(findingText), ...(more > 0 ? [`${more} more`] : [])];
  const severity = `${block}${block === 'CRITICAL' ? '' : ' or higher'}`;
  return `the scan of ${image}${on(platforms)} found ${severalOf(total)} of severity ${severity}${found.length > 0 ? `: ${listed.join('; ')}` : ', and ECR lists none of them'}. ${allTheSame}`;
};

const allTheSame =
  'To deploy it all the same, add what may be ignored to "scan.ignore" in slipway.yml, or start it by hand with "ignoreScan": true';

const whyUnscanned = ({ status, description }: ImageScan): string => {
  switch (status) {
    case 'NOT_FOUND':
      return 'ECR has none: turn on scanning for the repository, or start a scan';
    case 'IMAGE_NOT_FOUND':
      return 'the image is no longer in ECR';
    case 'COMPLETE':
      return 'it is COMPLETE, and ECR does not list its findings';
    default:
      return `its status is ${status}${description ? `: ${description.replace(/\.$/, '')}` : ''}`;
  }
};

/** Why a manifest has no scan result. */
export const unscanned = (image: string, platform: string | undefined, scan: ImageScan): string =>
  `${image}${on(platform === undefined ? [] : [platform])} has no scan result: ${whyUnscanned(scan)}`;

export const notScanned = (why: readonly string[]): string =>
  `${why.join('; ')}. An image without one is not deployed, unless slipway.yml has "onUnscanned: warn"`;

/** What `plan` says of a gate that a release would pass or wait at. */
export const scanPasses = (block: string): string =>
  `the scan has no finding of severity ${block}${block === 'CRITICAL' ? '' : ' or higher'} that counts`;

export const scanPending = (pending: number, waitSeconds: number): string =>
  `${pending} ${pending === 1 ? 'scan has' : 'scans have'} not ended; a release waits for ${duration(waitSeconds)}`;
