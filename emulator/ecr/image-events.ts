import type { Account } from '../account.js';
import type { Manifest } from './manifest.js';
import type { Repository } from './repository.js';

const emit = (account: Account, { name }: Repository, detail: Record<string, unknown>): void => {
  account.services.events.emit({
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    // Documented as empty, unlike in other events of ECR.
    resources: [],
    detail: { result: 'SUCCESS', 'repository-name': name, ...detail },
  });
};

const tagMember = (account: Account, tag: string | undefined): Record<string, string> => {
  if (tag !== undefined) return { 'image-tag': tag };
  return account.assumptions.untaggedPush === 'empty' ? { 'image-tag': '' } : {};
};

/** The events of one PutImage: one, or, for the tagged index of a multi-platform image, also one for every member. */
export const emitPush = (account: Account, repository: Repository, manifest: Manifest, tag: string | undefined): void => {
  const push = (digest: string, imageTag: string | undefined, mediaTypes: Record<string, unknown>): void =>
    emit(account, repository, {
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
  emit(account, repository, { 'image-digest': digest, 'action-type': 'DELETE', ...(tag === undefined ? {} : { 'image-tag': tag }) });
