import { candidatesOf, type Manifest } from '../image/manifest.js';
import type { Platform } from './platform.js';

/** The image of one platform: an image itself, or a member of an index. */
export type ImagePart = {
  readonly digest: string;
  readonly platform: Platform;
  /** Absent if the registry does not have it. */
  readonly manifest: Manifest | undefined;
};

/** Manifests of one BatchGetImage (ECR API); no index of an image has as many. */
const manifestLimit = 100;

/** The digests of the members of an index whose manifests are read. */
export const membersToRead = (index: Manifest): string[] => candidatesOf(index).slice(0, manifestLimit);

/** The members of an index that may be images, or the manifest itself, whose platform is in its configuration. */
export const partsOf = (
  digest: string,
  manifest: Manifest,
  members: ReadonlyMap<string, Manifest>,
  configured: Platform,
): readonly ImagePart[] => {
  if (manifest.manifests === undefined) return [{ digest, platform: configured, manifest }];
  const candidates = new Set(membersToRead(manifest));
  return manifest.manifests.flatMap(({ digest: member, platform = {} }) =>
    member !== undefined && candidates.has(member) ? { digest: member, platform, manifest: members.get(member) } : [],
  );
};

/** The digests of the configuration and the layers that the registry must have. */
export const layersOf = ({ config, layers = [] }: Manifest): string[] =>
  [config, ...layers].flatMap((one) => (one?.digest === undefined || one.urls !== undefined ? [] : one.digest));
