/** How an image behaves when it runs: its manifest's annotation `slipway.behaviour`. */
export type Behaviour = 'healthy' | 'crashes-on-start' | 'never-healthy' | 'cannot-pull' | 'slow-to-start' | 'crashes-later';

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
  /** What ECS finds when it pulls `repository-uri:tag` or `repository-uri@digest`; undefined when it is not there. */
  pull(
    image: string,
  ):
    | { digest: string; behaviour: Behaviour; mediaType: string; platformDigests: readonly string[]; architectures: readonly string[] }
    | undefined;
  /** An image is replicated into this Region, which emits `ECR Replication Action`. Returns its digest. */
  replicate(image: Replicated): string;
  /** A pull-through cache takes an image from its upstream registry, which emits `ECR Pull Through Cache Action`. Returns its digest. */
  pullThrough(image: PulledThrough): string;
};
