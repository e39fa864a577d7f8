/** How an image behaves when it runs: its manifest's annotation `slipway.behaviour`. */
export type Behaviour = 'healthy' | 'crashes-on-start' | 'never-healthy' | 'cannot-pull' | 'slow-to-start' | 'crashes-later';

/** An image of one platform. Its operating system and architecture, such as `linux` and `amd64`, where they are known. */
export type PlatformImage = { readonly digest: string; readonly os?: string; readonly architecture?: string };

export type PulledImage = {
  readonly digest: string;
  readonly behaviour: Behaviour;
  readonly isIndex: boolean;
  /** The members of an index that can run, attestations excluded; of a plain manifest, itself. */
  readonly platforms: readonly PlatformImage[];
};

export type Ecr = {
  /** What ECS finds when it pulls `repository-uri:tag` or `repository-uri@digest`; undefined when it is not there. */
  pull(image: string): PulledImage | undefined;
};
