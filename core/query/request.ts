/** What the function `query` is asked. `api` is the version that the caller was written for. */
export type QueryRequest = { readonly api: number } & (
  | { readonly query: 'installation' }
  /**
   * Of the whole stack, or of the services of one repository, or of one service, or of some. Without `last` (false; by default true) the
   * newest deployments that have ended are not read.
   */
  | {
      readonly query: 'status';
      readonly repository?: string;
      readonly service?: string;
      readonly services?: readonly string[];
      readonly last?: boolean;
    }
  /** Of the whole stack: what is in progress, and nothing else. */
  | { readonly query: 'progress' }
  /** Releases of a repository, or deployments of a service. `limit` is 1 to 100, by default 20. */
  | { readonly query: 'history'; readonly repository: string; readonly limit?: number; readonly next?: string }
  | { readonly query: 'history'; readonly service: string; readonly limit?: number; readonly next?: string }
  /** By the name of its record or of its execution, or the ARN of that. */
  | { readonly query: 'release'; readonly release: string }
  /**
   * The newest release of an image that was pushed, or started, since a time (ISO 8601); by default since the image was pushed. With
   * both, only a release of that tag and that digest.
   */
  | {
      readonly query: 'release';
      readonly repository: string;
      readonly tag?: string;
      readonly digest?: string;
      readonly since?: string;
    }
  /** By the name of its record or of its execution, or the ARN of that. */
  | { readonly query: 'deployment'; readonly deployment: string }
  /** By hand, a hold and the age of the image do not count. With both, the digest is the image, and the policy decides about the tag. */
  | {
      readonly query: 'explain' | 'plan';
      readonly repository: string;
      readonly tag?: string;
      readonly digest?: string;
      readonly byHand?: boolean;
    }
  /** `lines` of each container: 1 to 200, by default 20. */
  | { readonly query: 'log'; readonly service: string; readonly lines?: number }
);

export type QueryName = QueryRequest['query'];
