import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { invalidParameter } from './manifest.js';
import { onRepository, type Registry, type Repository } from './repository.js';

type Named = { registryId?: string; repositoryName: string };

const named = { registryId: 'string', repositoryName: 'string' } as const;

const missing = ({ accountId }: Account, { name }: Repository): AwsError =>
  new AwsError(
    'LifecyclePolicyNotFoundException',
    `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${accountId}'`,
  );

const viewOf = ({ accountId }: Account, { name }: Repository, lifecyclePolicyText: string) => ({
  registryId: accountId,
  repositoryName: name,
  lifecyclePolicyText,
});

const checkPolicy = (text: string): void => {
  let rules: unknown;
  try {
    rules = (JSON.parse(text) as { rules?: unknown } | null)?.rules;
  } catch {
    rules = undefined;
  }
  if (!Array.isArray(rules) || rules.length === 0)
    throw invalidParameter(
      "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure'",
    );
};

/** The policy is kept, and not carried out: no image expires. */
export const putLifecyclePolicy = (registry: Registry): Operation =>
  operation<Named & { lifecyclePolicyText: string }, unknown>({
    service: 'ecr',
    name: 'PutLifecyclePolicy',
    input: { ...named, lifecyclePolicyText: 'string' },
    required: ['repositoryName', 'lifecyclePolicyText'],
    permissions: onRepository('PutLifecyclePolicy'),
    run: ({ registryId, repositoryName, lifecyclePolicyText }, { account }) => {
      checkPolicy(lifecyclePolicyText);
      const repository = registry.at(repositoryName, registryId);
      repository.lifecyclePolicy = lifecyclePolicyText;
      return viewOf(account, repository, lifecyclePolicyText);
    },
  });

export const getLifecyclePolicy = (registry: Registry): Operation =>
  operation<Named, unknown>({
    service: 'ecr',
    name: 'GetLifecyclePolicy',
    input: named,
    required: ['repositoryName'],
    permissions: onRepository('GetLifecyclePolicy'),
    run: ({ registryId, repositoryName }, { account }) => {
      const repository = registry.at(repositoryName, registryId);
      if (repository.lifecyclePolicy === undefined) throw missing(account, repository);
      return viewOf(account, repository, repository.lifecyclePolicy);
    },
  });

export const deleteLifecyclePolicy = (registry: Registry): Operation =>
  operation<Named, unknown>({
    service: 'ecr',
    name: 'DeleteLifecyclePolicy',
    input: named,
    required: ['repositoryName'],
    permissions: onRepository('DeleteLifecyclePolicy'),
    run: ({ registryId, repositoryName }, { account }) => {
      const repository = registry.at(repositoryName, registryId);
      const { lifecyclePolicy } = repository;
      if (lifecyclePolicy === undefined) throw missing(account, repository);
      repository.lifecyclePolicy = undefined;
      return viewOf(account, repository, lifecyclePolicy);
    },
  });
