import type { World } from '../world.js';
import type { Manifest } from './manifest.js';
import type { Repository } from './repository.js';

const emit = (world: World, { name }: Repository, detail: Record<string, unknown>): void => {
  world.services.events.emit({
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    // Documented as empty, unlike in other events of ECR.
    resources: [],
    detail: { result: 'SUCCESS', 'repository-name': name, ...detail },
  });
};

const tagMember = (world: World, tag: string | undefined): Record<string, string> => {
  if (tag !== undefined) return { 'image-tag': tag };
  return world.doubts.untaggedPush === 'empty' ? { 'image-tag': '' } : {};
};

/** One PutImage: one event, or, for the tagged index of a multi-platform image, one for every member first. */
export const emitPush = (world: World, repository: Repository, manifest: Manifest, tag: string | undefined): void => {
  const push = (digest: string, imageTag: string | undefined, mediaTypes: Record<string, unknown>): void =>
    emit(world, repository, {
      'image-digest': digest,
      'action-type': 'PUSH',
      ...tagMember(world, imageTag),
      ...(world.doubts.pushMediaTypes === 'present' ? mediaTypes : {}),
    });
  // Members that were put on their own have had their event.
  const members = world.doubts.eventsPerPush === 'several' ? manifest.children.filter((digest) => !repository.images.has(digest)) : [];
  for (const digest of members) push(digest, undefined, { 'manifest-media-type': 'application/vnd.oci.image.manifest.v1+json' });
  push(manifest.digest, tag, {
    'manifest-media-type': manifest.mediaType,
    ...(manifest.artifactMediaType === undefined ? {} : { 'artifact-media-type': manifest.artifactMediaType }),
  });
};

export const emitDelete = (world: World, repository: Repository, digest: string, tag: string | undefined): void =>
  emit(world, repository, { 'image-digest': digest, 'action-type': 'DELETE', ...(tag === undefined ? {} : { 'image-tag': tag }) });
