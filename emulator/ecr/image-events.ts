import type { Account } from '../account.js';
import type { Manifest } from './manifest.js';
import { type Image, type Repository, tagsOf } from './repository.js';

/** The samples of every event: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
const emit = (account: Account, detailType: string, resources: readonly string[], detail: Record<string, unknown>): void =>
  account.services.events.emit({ source: 'aws.ecr', 'detail-type': detailType, resources, detail });

// `resources` is documented as empty, unlike in other events of ECR.
const emitImageAction = (account: Account, { name }: Repository, detail: Record<string, unknown>): void =>
  emit(account, 'ECR Image Action', [], { result: 'SUCCESS', 'repository-name': name, ...detail });

type Arrived = { readonly digest: string; readonly tag: string | undefined };

export const emitReplication = (
  account: Account,
  { name, arn }: Repository,
  { digest, tag, sourceRegion, sourceAccount }: Arrived & { readonly sourceRegion: string; readonly sourceAccount: string },
): void =>
  emit(account, 'ECR Replication Action', [arn], {
    result: 'SUCCESS',
    'repository-name': name,
    'image-digest': digest,
    'source-account': sourceAccount,
    'action-type': 'REPLICATE',
    'source-region': sourceRegion,
    ...tagMember(account, tag),
  });

export const emitPullThrough = (
  account: Account,
  { name, arn }: Repository,
  { digest, tag, upstreamRegistryUrl }: Arrived & { readonly upstreamRegistryUrl: string },
): void =>
  emit(account, 'ECR Pull Through Cache Action', [arn], {
    'rule-version': '1',
    'sync-status': 'SUCCESS',
    // The prefix of a rule that caches a whole upstream registry is ROOT.
    'ecr-repository-prefix': name.includes('/') ? name.slice(0, name.indexOf('/')) : 'ROOT',
    'repository-name': name,
    'upstream-registry-url': upstreamRegistryUrl,
    ...tagMember(account, tag),
    'image-digest': digest,
  });

const tagMember = (account: Account, tag: string | undefined): Record<string, string> => {
  if (tag !== undefined) return { 'image-tag': tag };
  return account.assumptions.untaggedPush === 'empty' ? { 'image-tag': '' } : {};
};

const mediaTypesOf = ({ mediaType, artifactMediaType }: Manifest): Record<string, string> => ({
  'manifest-media-type': mediaType,
  ...(artifactMediaType === undefined ? {} : { 'artifact-media-type': artifactMediaType }),
});

/** Every PutImage is a completed push: the members of an index, which are put before it, have an event each. */
export const emitPush = (account: Account, repository: Repository, manifest: Manifest, tag: string | undefined): void => {
  emitImageAction(account, repository, {
    'image-digest': manifest.digest,
    'action-type': 'PUSH',
    ...tagMember(account, tag),
    ...(account.assumptions.pushMediaTypes === 'present' ? mediaTypesOf(manifest) : {}),
  });
};

type Counts = Readonly<Record<string, number>>;

/** The end of a basic scan. Severities without a finding are left out. */
export const emitScan = (account: Account, repository: Repository, digest: string, counts: Counts): void =>
  emit(account, 'ECR Image Scan', [repository.arn], {
    'scan-status': 'COMPLETE',
    'repository-name': repository.name,
    'finding-severity-counts': counts,
    'image-digest': digest,
    'image-tags': tagsOf(repository, digest),
  });

/**
 * The end of Inspector's first scan of an image (userguide/image-scanning-enhanced-events), whose repository is named by its ARN. A
 * published event of September 2022 has a count of 0, and all findings in TOTAL.
 */
export const emitEnhancedScan = (account: Account, repository: Repository, digest: string, counts: Counts): void => {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const { CRITICAL = 0, HIGH = 0, MEDIUM = 0 } = counts;
  account.services.events.emit({
    source: 'aws.inspector2',
    'detail-type': 'Inspector2 Scan',
    resources: [repository.arn],
    detail: {
      'scan-status': 'INITIAL_SCAN_COMPLETE',
      'repository-name': repository.arn,
      'finding-severity-counts': { CRITICAL, HIGH, MEDIUM, TOTAL: total },
      'image-digest': digest,
      'image-tags': tagsOf(repository, digest),
    },
  });
};

/** An image was archived, or was restored from the archive. */
export const emitStorageClass = (
  account: Account,
  repository: Repository,
  { manifest, activatedAt }: Image,
  targetStorageClass: 'STANDARD' | 'ARCHIVE',
): void =>
  emitImageAction(account, repository, {
    'image-digest': manifest.digest,
    'action-type': 'UPDATE_STORAGE_CLASS',
    'target-storage-class': targetStorageClass,
    ...mediaTypesOf(manifest),
    ...(activatedAt === undefined ? {} : { 'last-activated-at': new Date(activatedAt).toISOString() }),
  });

export const emitDelete = (account: Account, repository: Repository, digest: string, tag: string | undefined): void =>
  emitImageAction(account, repository, {
    'image-digest': digest,
    'action-type': 'DELETE',
    ...(tag === undefined ? {} : { 'image-tag': tag }),
  });
