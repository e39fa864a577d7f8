import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  type Repository,
} from '@aws-sdk/client-ecr';
import type { ImageFacts, Read, RepositoryFacts } from '../../core/doctor/facts.js';
import { type ClientSettings, clientFor } from '../client-settings.js';
import { isNamed } from '../sdk-errors.js';
import { allPages, read, readEach } from './read.js';

const ecr = clientFor(ECRClient);

const described = async (settings: ClientSettings, name: string): Promise<Repository | undefined> => {
  try {
    const { repositories } = await ecr(settings).send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
    return repositories?.[0];
  } catch (error) {
    if (isNamed(error, 'RepositoryNotFoundException')) return undefined;
    throw error;
  }
};

const lifecyclePolicyOf = async (settings: ClientSettings, repositoryName: string): Promise<string | undefined> => {
  try {
    return (await ecr(settings).send(new GetLifecyclePolicyCommand({ repositoryName }))).lifecyclePolicyText;
  } catch (error) {
    if (isNamed(error, 'LifecyclePolicyNotFoundException')) return undefined;
    throw error;
  }
};

const imagesOf = (settings: ClientSettings, repositoryName: string): Promise<ImageFacts[]> =>
  allPages(async (nextToken) => {
    const answer = await ecr(settings).send(new DescribeImagesCommand({ repositoryName, nextToken, maxResults: 1000 }));
    const items = (answer.imageDetails ?? []).map(({ imageDigest = '', imageTags = [], imagePushedAt }) => ({
      digest: imageDigest,
      tags: imageTags,
      pushedAt: imagePushedAt?.toISOString() ?? '',
    }));
    return { items, next: answer.nextToken };
  });

const isScanned = async (settings: ClientSettings, name: string): Promise<boolean> => {
  const answer = await ecr(settings).send(new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: [name] }));
  return answer.scanningConfigurations?.[0]?.scanFrequency !== 'MANUAL';
};

/** Repositories by their names. `scanned` are those whose images are scanned before they are deployed. */
export const readRepositories = (
  settings: ClientSettings,
  names: readonly string[],
  scanned: readonly string[],
): Promise<ReadonlyMap<string, Read<RepositoryFacts | undefined>>> =>
  readEach(names, async (name): Promise<Read<RepositoryFacts | undefined>> => {
    const repository = await read('ecr:DescribeRepositories', () => described(settings, name));
    if ('unread' in repository) return repository;
    if (!repository.value) return { value: undefined };
    const { imageTagMutability = '' } = repository.value;
    return {
      value: {
        mutability: imageTagMutability,
        lifecyclePolicy: await read('ecr:GetLifecyclePolicy', () => lifecyclePolicyOf(settings, name)),
        images: await read('ecr:DescribeImages', () => imagesOf(settings, name)),
        ...(scanned.includes(name) && {
          isScanned: await read('ecr:BatchGetRepositoryScanningConfiguration', () => isScanned(settings, name)),
        }),
      },
    };
  });
