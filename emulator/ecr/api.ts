/** How an image behaves when it runs: its manifest's annotation `slipway.behaviour`. */
export type Behaviour =
  | 'healthy'
  | 'crashes-on-start'
  | 'never-healthy'
  | 'cannot-pull'
  | 'slow-to-start'
  | 'crashes-later'
  /** How it ends as a standalone task with a command of its own; as a service it is healthy. */
  | 'migrates'
  | 'migration-fails'
  | 'migration-hangs';

/** An image of one platform. Its operating system and architecture, such as `linux` and `amd64`, where they are known. */
export type PlatformImage = { readonly digest: string; readonly os?: string; readonly architecture?: string };

export type PulledImage = {
  readonly digest: string;
  readonly behaviour: Behaviour;
  readonly isIndex: boolean;
  /** The members of an index that can run, attestations excluded; of a plain manifest, itself. */
  readonly platforms: readonly PlatformImage[];
};

/** An image that arrives without PutImage. The repository is created if it is missing. */
type Arrival = { readonly repositoryName: string; readonly imageManifest: string; readonly imageTag?: string };

export type Replicated = Arrival & {
  readonly sourceRegion: string;
  /** Default: this account. */
  readonly sourceAccount?: string;
};

/** The repository's name begins with the prefix of the cache rule: `docker-hub/library/alpine`. */
export type PulledThrough = Arrival & { readonly upstreamRegistryUrl: string };

export type Ecr = {
  /** Is it an image of this account's registry in this Region, under any of the registry's hosts? */
  hosts(image: string): boolean;
  /** What ECS finds when it pulls `repository-uri:tag` or `repository-uri@digest`; undefined when it is not there. */
  pull(image: string): PulledImage | undefined;
  /** An image is replicated into this Region, which emits `ECR Replication Action`. Returns its digest. */
  replicate(image: Replicated): string;
  /** A pull-through cache takes an image from its upstream registry, which emits `ECR Pull Through Cache Action`. Returns its digest. */
  pullThrough(image: PulledThrough): string;
};
