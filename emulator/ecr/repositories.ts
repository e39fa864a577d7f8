import type { Account } from '../account.js';
import { NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { onRepository, page, type Registry, type Repository } from './repository.js';

type CreateInput = {
  repositoryName: string;
  registryId?: string;
  imageTagMutability?: string;
  imageScanningConfiguration?: { scanOnPush?: boolean };
};

const repositoryView = (account: Account, { name, arn, uri, createdAt, isImmutable, scansOnPush }: Repository) => ({
  repositoryArn: arn,
  registryId: account.accountId,
  repositoryName: name,
  repositoryUri: uri,
  createdAt: new Date(createdAt),
  imageTagMutability: isImmutable ? 'IMMUTABLE' : 'MUTABLE',
  imageScanningConfiguration: { scanOnPush: scansOnPush },
  encryptionConfiguration: { encryptionType: 'AES256' },
});

const isImmutableOf = (imageTagMutability: string): boolean => {
  if (imageTagMutability !== 'MUTABLE' && imageTagMutability !== 'IMMUTABLE')
    throw new NotEmulated(`imageTagMutability ${imageTagMutability}`);
  return imageTagMutability === 'IMMUTABLE';
};

export const createRepository = (registry: Registry): Operation =>
  operation<CreateInput, unknown>({
    service: 'ecr',
    name: 'CreateRepository',
    input: {
      repositoryName: 'string',
      registryId: 'string',
      imageTagMutability: 'string',
      imageScanningConfiguration: { members: { scanOnPush: 'boolean' } },
    },
    required: ['repositoryName'],
    permissions: onRepository('CreateRepository'),
    run: ({ repositoryName, imageTagMutability = 'MUTABLE', imageScanningConfiguration = {} }, { account }) => {
      const repository = registry.create(repositoryName, {
        isImmutable: isImmutableOf(imageTagMutability),
        scansOnPush: imageScanningConfiguration.scanOnPush ?? false,
      });
      return { repository: repositoryView(account, repository) };
    },
  });

export const putImageTagMutability = (registry: Registry): Operation =>
  operation<{ registryId?: string; repositoryName: string; imageTagMutability: string }, unknown>({
    service: 'ecr',
    name: 'PutImageTagMutability',
    input: { registryId: 'string', repositoryName: 'string', imageTagMutability: 'string' },
    required: ['repositoryName', 'imageTagMutability'],
    permissions: onRepository('PutImageTagMutability'),
    run: ({ registryId, repositoryName, imageTagMutability }, { account }) => {
      registry.at(repositoryName, registryId).isImmutable = isImmutableOf(imageTagMutability);
      return { registryId: account.accountId, repositoryName, imageTagMutability };
    },
  });

type DescribeInput = { registryId?: string; repositoryNames?: string[]; nextToken?: string; maxResults?: number };

export const describeRepositories = (registry: Registry): Operation =>
  operation<DescribeInput, unknown>({
    service: 'ecr',
    name: 'DescribeRepositories',
    input: { registryId: 'string', repositoryNames: { list: 'string' }, nextToken: 'string', maxResults: 'number' },
    permissions: ({ repositoryNames = ['*'] }, account) =>
      repositoryNames.map((name) => ({ action: 'ecr:DescribeRepositories', resource: account.arn('ecr', `repository/${name}`) })),
    run: ({ registryId, repositoryNames, nextToken, maxResults = 100 }, { account }) => {
      const found = repositoryNames?.map((name) => registry.at(name, registryId)) ?? registry.all;
      const { items, ...token } = page(found, repositoryNames ? 1000 : maxResults, nextToken);
      return { repositories: items.map((repository) => repositoryView(account, repository)), ...token };
    },
  });
