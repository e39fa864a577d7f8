import type { Account } from '../account.js';
import type { Manifest } from './manifest.js';
import type { Repository } from './repository.js';

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

/** The events of one PutImage: one, or, for the tagged index of a multi-platform image, also one for every member. */
export const emitPush = (account: Account, repository: Repository, manifest: Manifest, tag: string | undefined): void => {
  const push = (digest: string, imageTag: string | undefined, mediaTypes: Record<string, unknown>): void =>
    emitImageAction(account, repository, {
      'image-digest': digest,
      'action-type': 'PUSH',
      ...tagMember(account, imageTag),
      ...(account.assumptions.pushMediaTypes === 'present' ? mediaTypes : {}),
    });
  // Members that were put separately have had their event.
  const members =
    account.assumptions.eventsPerPush === 'several' ? manifest.children.filter((digest) => !repository.images.has(digest)) : [];
  for (const digest of members) push(digest, undefined, { 'manifest-media-type': 'application/vnd.oci.image.manifest.v1+json' });
  push(manifest.digest, tag, {
    'manifest-media-type': manifest.mediaType,
    ...(manifest.artifactMediaType === undefined ? {} : { 'artifact-media-type': manifest.artifactMediaType }),
  });
};

export const emitDelete = (account: Account, repository: Repository, digest: string, tag: string | undefined): void =>
  emitImageAction(account, repository, {
    'image-digest': digest,
    'action-type': 'DELETE',
    ...(tag === undefined ? {} : { 'image-tag': tag }),
  });
