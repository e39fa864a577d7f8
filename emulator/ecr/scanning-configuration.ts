import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { onRepository, type Registry } from './repository.js';
import type { ScanningRule, Scans } from './scans.js';

type RegistryInput = { scanType?: 'BASIC' | 'ENHANCED'; rules?: ScanningRule[] };

const rulesShape = {
  list: {
    members: {
      scanFrequency: { oneOf: ['SCAN_ON_PUSH', 'CONTINUOUS_SCAN', 'MANUAL'] },
      repositoryFilters: { list: { members: { filter: 'string', filterType: { oneOf: ['WILDCARD'] } } } },
    },
  },
} as const;

/** Only enhanced scanning is continuous (ECR User Guide, "Scan images for software vulnerabilities"). */
export const putRegistryScanningConfiguration = (scans: Scans): Operation =>
  operation<RegistryInput, unknown>({
    service: 'ecr',
    name: 'PutRegistryScanningConfiguration',
    input: { scanType: { oneOf: ['BASIC', 'ENHANCED'] }, rules: rulesShape },
    run: ({ scanType = scans.configuration.scanType, rules = [] }) => {
      if (scanType === 'BASIC' && rules.some(({ scanFrequency }) => scanFrequency === 'CONTINUOUS_SCAN'))
        throw new AwsError('InvalidParameterException', 'Invalid parameter at rules: CONTINUOUS_SCAN is for the scan type ENHANCED');
      scans.configuration = { scanType, rules };
      return { registryScanningConfiguration: scans.configuration };
    },
  });

export const getRegistryScanningConfiguration = (scans: Scans): Operation =>
  operation<object, unknown>({
    service: 'ecr',
    name: 'GetRegistryScanningConfiguration',
    input: {},
    run: (_, { account }) => ({ registryId: account.accountId, scanningConfiguration: scans.configuration }),
  });

type RepositoryInput = { registryId?: string; repositoryName: string; imageScanningConfiguration: { scanOnPush?: boolean } };

export const putImageScanningConfiguration = (registry: Registry): Operation =>
  operation<RepositoryInput, unknown>({
    service: 'ecr',
    name: 'PutImageScanningConfiguration',
    input: { registryId: 'string', repositoryName: 'string', imageScanningConfiguration: { members: { scanOnPush: 'boolean' } } },
    required: ['repositoryName', 'imageScanningConfiguration'],
    permissions: onRepository('PutImageScanningConfiguration'),
    run: ({ registryId, repositoryName, imageScanningConfiguration: { scanOnPush = false } }, { account }) => {
      registry.at(repositoryName, registryId).scansOnPush = scanOnPush;
      return { registryId: account.accountId, repositoryName, imageScanningConfiguration: { scanOnPush } };
    },
  });

/** How each repository is scanned: by a rule of the registry, or by its own setting. */
export const batchGetRepositoryScanningConfiguration = (registry: Registry, scans: Scans): Operation =>
  operation<{ repositoryNames: string[] }, unknown>({
    service: 'ecr',
    name: 'BatchGetRepositoryScanningConfiguration',
    input: { repositoryNames: { list: 'string' } },
    required: ['repositoryNames'],
    permissions: ({ repositoryNames }, account) =>
      repositoryNames.map((name) => ({
        action: 'ecr:BatchGetRepositoryScanningConfiguration',
        resource: account.arn('ecr', `repository/${name}`),
      })),
    run: ({ repositoryNames }) => ({
      scanningConfigurations: repositoryNames
        .flatMap((name) => registry.find(name) ?? [])
        .map((repository) => ({
          repositoryArn: repository.arn,
          repositoryName: repository.name,
          scanOnPush: scans.frequencyOf(repository) !== 'MANUAL',
          scanFrequency: scans.frequencyOf(repository),
        })),
      failures: repositoryNames
        .filter((name) => registry.find(name) === undefined)
        .map((repositoryName) => ({
          repositoryName,
          failureCode: 'REPOSITORY_NOT_FOUND',
          failureReason: `The repository with name '${repositoryName}' does not exist`,
        })),
    }),
  });
