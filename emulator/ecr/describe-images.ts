import type { Account } from '../account.js';
import { NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { checkIdCount } from './batch-get-image.js';
import { type ImageId, imageIds } from './image-id.js';
import { invalidParameter } from './manifest.js';
import { digestOf, type Image, imageNotFound, onRepository, page, type Registry, type Repository, tagsOf } from './repository.js';

type Filter = { tagStatus?: string; imageStatus?: string };

const filterShape = { members: { tagStatus: 'string', imageStatus: 'string' } } as const;

/** Without a filter of its own a list has the ACTIVE images alone. */
const passes = (repository: Repository, { tagStatus = 'ANY', imageStatus = 'ACTIVE' }: Filter, { manifest, status }: Image): boolean =>
  (imageStatus === 'ANY' || imageStatus === status) &&
  (tagStatus === 'ANY' || (tagStatus === 'TAGGED') === tagsOf(repository, manifest.digest).length > 0);

/** Whole seconds, as in events. */
const seconds = (time: number): Date => new Date(Math.floor(time / 1000) * 1000);

const imageDetail = (account: Account, repository: Repository, { manifest, pushedAt, status, archivedAt, activatedAt }: Image) => {
  const imageTags = tagsOf(repository, manifest.digest);
  const childSizes = manifest.children.map((digest) => repository.images.get(digest)?.manifest.sizeInBytes ?? 0);
  return {
    registryId: account.accountId,
    repositoryName: repository.name,
    imageDigest: manifest.digest,
    ...(imageTags.length === 0 ? {} : { imageTags }),
    // For an index, the size of its largest member.
    imageSizeInBytes: Math.max(...childSizes, 0) || manifest.sizeInBytes,
    imagePushedAt: seconds(pushedAt),
    imageManifestMediaType: manifest.mediaType,
    ...(manifest.artifactMediaType === undefined ? {} : { artifactMediaType: manifest.artifactMediaType }),
    imageStatus: status,
    ...(archivedAt === undefined ? {} : { lastArchivedAt: seconds(archivedAt) }),
    ...(activatedAt === undefined ? {} : { lastActivatedAt: seconds(activatedAt) }),
  };
};

type DescribeInput = {
  registryId?: string;
  repositoryName: string;
  imageIds?: ImageId[];
  nextToken?: string;
  maxResults?: number;
  filter?: Filter;
};

export const describeImages = (registry: Registry): Operation =>
  operation<DescribeInput, unknown>({
    service: 'ecr',
    name: 'DescribeImages',
    input: {
      registryId: 'string',
      repositoryName: 'string',
      imageIds,
      nextToken: 'string',
      maxResults: 'number',
      filter: filterShape,
    },
    required: ['repositoryName'],
    permissions: onRepository('DescribeImages'),
    run: ({ registryId, repositoryName, imageIds: ids, nextToken, maxResults, filter = {} }, { account }) => {
      const repository = registry.at(repositoryName, registryId);
      if (ids === undefined) {
        const found = [...repository.images.values()].filter((image) => passes(repository, filter, image));
        const { items, ...token } = page(found, maxResults ?? 100, nextToken);
        return { imageDetails: items.map((image) => imageDetail(account, repository, image)), ...token };
      }
      checkIdCount(ids);
      if (nextToken !== undefined || maxResults !== undefined)
        throw invalidParameter("Invalid parameter: 'nextToken' and 'maxResults' cannot be used with 'imageIds'");
      if (filter.tagStatus !== undefined || filter.imageStatus !== undefined)
        throw new NotEmulated('a filter of ecr.DescribeImages beside imageIds');
      const digests = ids.map((imageId) => digestOf(account, repository, imageId));
      const images = [...new Set(digests)].map((digest) => repository.images.get(digest) as Image);
      const hidden = account.assumptions.archivedImageById === 'notFound' && images.find(({ status }) => status !== 'ACTIVE');
      if (hidden) throw imageNotFound(account, repository, { imageDigest: hidden.manifest.digest });
      return { imageDetails: images.map((image) => imageDetail(account, repository, image)) };
    },
  });

type ListInput = { registryId?: string; repositoryName: string; nextToken?: string; maxResults?: number; filter?: Filter };

export const listImages = (registry: Registry): Operation =>
  operation<ListInput, unknown>({
    service: 'ecr',
    name: 'ListImages',
    input: { registryId: 'string', repositoryName: 'string', nextToken: 'string', maxResults: 'number', filter: filterShape },
    required: ['repositoryName'],
    permissions: onRepository('ListImages'),
    run: ({ registryId, repositoryName, nextToken, maxResults = 100, filter = {} }) => {
      const repository = registry.at(repositoryName, registryId);
      const ids = [...repository.images].flatMap(([imageDigest, image]) => {
        if (!passes(repository, filter, image)) return [];
        const tags = tagsOf(repository, imageDigest);
        return tags.length === 0 ? [{ imageDigest }] : tags.map((imageTag) => ({ imageDigest, imageTag }));
      });
      const { items, ...token } = page(ids, maxResults, nextToken);
      return { imageIds: items, ...token };
    },
  });
