import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import type { Permission } from '../operation.js';
import { invalidParameter, type Manifest } from './manifest.js';

export type Image = { readonly manifest: Manifest; readonly pushedAt: number };
export type ImageId = { readonly imageDigest?: string; readonly imageTag?: string };

export type Repository = {
  readonly name: string;
  readonly arn: string;
  readonly uri: string;
  readonly createdAt: number;
  readonly isImmutable: boolean;
  readonly scansOnPush: boolean;
  /** By digest. */
  readonly images: Map<string, Image>;
  /** Digests by tag. */
  readonly tags: Map<string, string>;
};

/** Keeps an image, and moves the tag to it. A known digest keeps the time of its first push (aws/containers-roadmap#2746). */
export const store = ({ clock, log }: Account, repository: Repository, manifest: Manifest, tag: string | undefined): void => {
  const { digest } = manifest;
  if (!repository.images.has(digest)) repository.images.set(digest, { manifest, pushedAt: clock.now });
  if (tag !== undefined) repository.tags.set(tag, digest);
  log.add('ecr', 'image-pushed', { repository: repository.name, tag, digest });
};

export const tagsOf = ({ tags }: Repository, digest: string): string[] =>
  [...tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag);

/** The ID's digest; undefined when there is no such image, or the tag belongs to another image. */
export const digestOf = (repository: Repository, { imageDigest, imageTag }: ImageId): string | undefined => {
  if (imageDigest === undefined && imageTag === undefined)
    throw invalidParameter("Invalid parameter at 'imageIds' failed to satisfy constraint: 'each needs imageDigest or imageTag'");
  const digest = imageTag === undefined ? imageDigest : repository.tags.get(imageTag);
  if (imageDigest !== undefined && digest !== imageDigest) return undefined;
  return digest !== undefined && repository.images.has(digest) ? digest : undefined;
};

export const imageNotFound = (account: Account, { name }: Repository, { imageDigest, imageTag }: ImageId): AwsError =>
  new AwsError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${imageDigest ?? 'null'}', imageTag:'${imageTag ?? 'null'}'} does not exist within the repository with name '${name}' in the registry with id '${account.accountId}'`,
  );

/** The account's private registry. */
export class Registry {
  readonly #account: Account;
  readonly #repositories = new Map<string, Repository>();

  constructor(account: Account) {
    this.#account = account;
  }

  get all(): readonly Repository[] {
    return [...this.#repositories.values()];
  }

  create(name: string, { isImmutable, scansOnPush }: { isImmutable: boolean; scansOnPush: boolean }): Repository {
    const { accountId, region, clock } = this.#account;
    if (!/^(?=.{2,256}$)[a-z0-9]+([._/-][a-z0-9]+|__[a-z0-9]+)*$/.test(name))
      throw invalidParameter(`Invalid parameter at 'repositoryName' failed to satisfy constraint: '${name} is not a repository name'`);
    if (this.#repositories.has(name)) {
      throw new AwsError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${accountId}'`,
      );
    }
    const repository: Repository = {
      name,
      arn: this.#account.arn('ecr', `repository/${name}`),
      uri: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
      createdAt: clock.now,
      isImmutable,
      scansOnPush,
      images: new Map(),
      tags: new Map(),
    };
    this.#repositories.set(name, repository);
    return repository;
  }

  find(name: string): Repository | undefined {
    return this.#repositories.get(name);
  }

  at(name: string, registryId = this.#account.accountId): Repository {
    const repository = registryId === this.#account.accountId ? this.find(name) : undefined;
    if (repository) return repository;
    throw new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
    );
  }
}

/** Permissions of operations on one repository. */
export const onRepository =
  (action: string) =>
  ({ repositoryName }: { readonly repositoryName: string }, account: Account): readonly Permission[] => [
    { action: `ecr:${action}`, resource: account.arn('ecr', `repository/${repositoryName}`) },
  ];

export const imageIds = { list: { members: { imageDigest: 'string', imageTag: 'string' } } } as const;

/** One page of a list; tokens are positions. */
export const page = <T>(items: readonly T[], maxResults: number, nextToken = '0'): { items: readonly T[]; nextToken?: string } => {
  if (!(maxResults >= 1 && maxResults <= 1000))
    throw invalidParameter(`Invalid parameter at 'maxResults' failed to satisfy constraint: '${maxResults} is not from 1 to 1000'`);
  const end = Number(nextToken) + maxResults;
  return { items: items.slice(Number(nextToken), end), ...(end < items.length ? { nextToken: String(end) } : {}) };
};
