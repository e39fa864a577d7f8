/** How an image behaves when it runs: its manifest's annotation `slipway.behaviour`. */
export type Behaviour = 'healthy' | 'crashes-on-start' | 'never-healthy' | 'cannot-pull' | 'slow-to-start' | 'crashes-later';

export type Ecr = {
  /** What ECS finds when it pulls `repository-uri:tag` or `repository-uri@digest`; undefined when it is not there. */
  pull(
    image: string,
  ):
    | { digest: string; behaviour: Behaviour; mediaType: string; platformDigests: readonly string[]; architectures: readonly string[] }
    | undefined;
};
