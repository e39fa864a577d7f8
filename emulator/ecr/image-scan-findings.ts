import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { type ImageId, imageIds } from './image-id.js';
import { digestOf, onRepository, page, type Registry, type Repository } from './repository.js';
import { countsOf, type Vulnerability } from './scan-outcome.js';
import type { Scans } from './scans.js';

const basicFinding = ({ name, severity, package: of, version }: Vulnerability) => ({
  name,
  uri: `https://cve.mitre.org/cgi-bin/cvename.cgi?name=${name}`,
  severity,
  attributes: [
    ...(version === undefined ? [] : [{ key: 'package_version', value: version }]),
    ...(of === undefined ? [] : [{ key: 'package_name', value: of }]),
  ],
});

/** The members of the documented sample (ECR API, DescribeImageScanFindings) that the emulator can know. */
const enhancedFinding = (account: Account, { arn }: Repository, digest: string, found: Vulnerability, at: Date) => ({
  awsAccountId: account.accountId,
  findingArn: account.arn('inspector2', `finding/${found.name}`),
  firstObservedAt: at,
  lastObservedAt: at,
  updatedAt: at,
  packageVulnerabilityDetails: {
    vulnerabilityId: found.name,
    vulnerablePackages:
      found.package === undefined
        ? []
        : [{ name: found.package, version: found.version ?? '', fixedInVersion: found.fixedIn ?? 'NotAvailable' }],
  },
  resources: [{ id: `${arn}/${digest}`, type: 'AWS_ECR_CONTAINER_IMAGE' }],
  severity: found.severity,
  status: found.status ?? 'ACTIVE',
  title: found.package === undefined ? found.name : `${found.name} - ${found.package}`,
  type: 'PACKAGE_VULNERABILITY',
  fixAvailable: found.fixedIn === undefined ? 'NO' : 'YES',
});

type FindingsInput = { registryId?: string; repositoryName: string; imageId: ImageId; nextToken?: string; maxResults?: number };

const scanNotFound = (account: Account, repositoryName: string, { imageDigest = 'null', imageTag = 'null' }: ImageId): AwsError =>
  new AwsError(
    'ScanNotFoundException',
    `Image scan does not exist for the image with '{imageDigest:'${imageDigest}', imageTag:'${imageTag}'}' in the repository with name '${repositoryName}' in the registry with id '${account.accountId}'`,
  );

/** ECR reads enhanced findings from Inspector on behalf of the caller (alexjurkiewicz/ecr-scan-image#19). */
const inspectorPermissions = (account: Account) => [
  { action: 'inspector2:ListFindings', resource: account.arn('inspector2', '/findings/list') },
  { action: 'inspector2:ListCoverage', resource: account.arn('inspector2', '/coverage/list') },
];

export const describeImageScanFindings = (registry: Registry, scans: Scans): Operation =>
  operation<FindingsInput, unknown>({
    service: 'ecr',
    name: 'DescribeImageScanFindings',
    input: { registryId: 'string', repositoryName: 'string', imageId: imageIds.list, nextToken: 'string', maxResults: 'number' },
    required: ['repositoryName', 'imageId'],
    permissions: (input, account) => [
      ...onRepository('DescribeImageScanFindings')(input, account),
      ...(scans.isEnhanced ? inspectorPermissions(account) : []),
    ],
    run: ({ registryId, repositoryName, imageId, nextToken, maxResults = 100 }, { account }) => {
      const repository = registry.at(repositoryName, registryId);
      const digest = digestOf(account, repository, imageId);
      const scan = scans.find(repository, digest);
      if (!scan) throw scanNotFound(account, repositoryName, imageId);
      const { status, description, completedAt, isEnhanced } = scan;
      const answer = {
        registryId: account.accountId,
        repositoryName,
        imageId: { ...imageId, imageDigest: digest },
        imageScanStatus: { status, ...(description !== '' && { description }) },
      };
      // As in aws/aws-sdk#289.
      if (completedAt === undefined) return { ...answer, ...(status === 'COMPLETE' && { imageScanFindings: { findings: [] } }) };
      const vulnerabilities = repository.images.get(digest)?.manifest.scan.vulnerabilities ?? [];
      const { items, ...token } = page(vulnerabilities, maxResults, nextToken);
      const at = new Date(completedAt);
      return {
        ...answer,
        imageScanFindings: {
          imageScanCompletedAt: at,
          vulnerabilitySourceUpdatedAt: at,
          findingSeverityCounts: countsOf(vulnerabilities),
          ...(isEnhanced
            ? { enhancedFindings: items.map((found) => enhancedFinding(account, repository, digest, found, at)) }
            : { findings: items.map(basicFinding) }),
        },
        ...token,
      };
    },
  });

type StartInput = { registryId?: string; repositoryName: string; imageId: ImageId };

/** Basic scanning alone; an image is scanned once in 24 hours (ECR API, StartImageScan). */
export const startImageScan = (registry: Registry, scans: Scans): Operation =>
  operation<StartInput, unknown>({
    service: 'ecr',
    name: 'StartImageScan',
    input: { registryId: 'string', repositoryName: 'string', imageId: imageIds.list },
    required: ['repositoryName', 'imageId'],
    permissions: onRepository('StartImageScan'),
    run: ({ registryId, repositoryName, imageId }, { account }) => {
      const repository = registry.at(repositoryName, registryId);
      const imageDigest = digestOf(account, repository, imageId);
      const { status } = scans.start(repository, imageDigest);
      return { registryId: account.accountId, repositoryName, imageId: { ...imageId, imageDigest }, imageScanStatus: { status } };
    },
  });
