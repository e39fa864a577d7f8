import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import type { Permission } from '../operation.js';
import { findImage, type ImageId } from './image-id.js';
import { invalidParameter, type Manifest } from './manifest.js';
import { registryHost } from './registry-host.js';

export type ImageStatus = 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING';

export type Image = {
  readonly manifest: Manifest;
  readonly pushedAt: number;
  /** Only an ACTIVE image can be pulled. */
  status: ImageStatus;
  archivedAt: number | undefined;
  activatedAt: number | undefined;
};

export type Repository = {
  readonly name: string;
  readonly arn: string;
  readonly uri: string;
  readonly createdAt: number;
  isImmutable: boolean;
  scansOnPush: boolean;
  /** JSON. */
  lifecyclePolicy: string | undefined;
  /** By digest. */
  readonly images: Map<string, Image>;
  /** Digests by tag. */
  readonly tags: Map<string, string>;
};

/**
 * Keeps an image, and moves the tag to it. A known digest keeps the time of its first push (aws/containers-roadmap#2746); one that is archived
 * is restored at once (userguide/restore-image).
 */
export const store = ({ clock, log }: Account, repository: Repository, manifest: Manifest, tag: string | undefined): void => {
  const { digest } = manifest;
  const known = repository.images.get(digest);
  if (known) activate(known, clock.now);
  else repository.images.set(digest, { manifest, pushedAt: clock.now, status: 'ACTIVE', archivedAt: undefined, activatedAt: undefined });
  if (tag !== undefined) repository.tags.set(tag, digest);
  log.add('ecr', 'image-pushed', { repository: repository.name, tag, digest });
};

/** Ends the restore of an image from the archive. */
export const activate = (image: Image, now: number): void => {
  if (image.status === 'ACTIVE') return;
  image.status = 'ACTIVE';
  image.activatedAt = now;
};

export const tagsOf = ({ tags }: Repository, digest: string): string[] =>
  [...tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag);

/** @throws AwsError InvalidParameterException for an ID that no image can have, ImageNotFoundException */
export const digestOf = (account: Account, repository: Repository, imageId: ImageId): string => {
  const found = findImage(repository, imageId);
  if ('digest' in found) return found.digest;
  if (found.failureCode === 'ImageNotFound' || found.failureCode === 'ImageTagDoesNotMatchDigest')
    throw imageNotFound(account, repository, imageId);
  throw invalidParameter(found.failureReason);
};

export const imageNotFound = (account: Account, { name }: Repository, { imageDigest, imageTag }: ImageId): AwsError =>
  new AwsError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${imageDigest ?? 'null'}', imageTag:'${imageTag ?? 'null'}'} does not exist within the repository with name '${name}' in the registry with id '${account.accountId}'`,
  );

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
/** The pattern of botocore's `RepositoryName`. */
const repositoryName = new RegExp(`^${component}(?:/${component})*$`);

const checkName = (name: string): void => {
  const refuse = (constraint: string): never => {
    throw invalidParameter(`Invalid parameter at 'repositoryName' failed to satisfy constraint: '${constraint}'`);
  };
  if (name.length < 2) refuse('Member must have length greater than or equal to 2');
  if (name.length > 256) refuse('Member must have length less than or equal to 256');
  if (!repositoryName.test(name)) refuse(`Must satisfy regular expression '${repositoryName.source.slice(1, -1).replaceAll('?:', '')}'`);
};

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
    const { accountId, clock } = this.#account;
    checkName(name);
    if (this.#repositories.has(name)) {
      throw new AwsError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${accountId}'`,
      );
    }
    const repository: Repository = {
      name,
      arn: this.#account.arn('ecr', `repository/${name}`),
      uri: `${registryHost(this.#account)}/${name}`,
      createdAt: clock.now,
      isImmutable,
      scansOnPush,
      lifecyclePolicy: undefined,
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

/** One page of a list; tokens are positions. */
export const page = <T>(items: readonly T[], maxResults: number, nextToken = '0'): { items: readonly T[]; nextToken?: string } => {
  if (!(maxResults >= 1 && maxResults <= 1000))
    throw invalidParameter(`Invalid parameter at 'maxResults' failed to satisfy constraint: '${maxResults} is not from 1 to 1000'`);
  const end = Number(nextToken) + maxResults;
  return { items: items.slice(Number(nextToken), end), ...(end < items.length ? { nextToken: String(end) } : {}) };
};
