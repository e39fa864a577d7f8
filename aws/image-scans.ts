import {
  type Attribute,
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsCommandOutput,
  type EnhancedImageScanFinding,
  type ImageScanFinding,
} from '@aws-sdk/client-ecr';
import type { ImageScan, ScanFinding } from '../core/scan/image-scan.js';
import type { ClientSettings } from './client-settings.js';
import { ecr } from './manifests.js';
import { isNamed } from './sdk-errors.js';

/** Findings of one page (ECR API, the most); 100 unless given. */
const findingsPerPage = 1000;

/** Scans of images by ECR, or by Amazon Inspector for it. */
export class ImageScans {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** What the scan of a manifest found, with the findings of all pages. DescribeImages lacks that of new basic scans (ECR API). */
  async of(repositoryName: string, imageDigest: string): Promise<ImageScan> {
    const findings: ScanFinding[] = [];
    let first: DescribeImageScanFindingsCommandOutput | undefined;
    let nextToken: string | undefined;
    do {
      const page = await this.#page(repositoryName, imageDigest, nextToken);
      if (typeof page === 'string') return { status: page, counts: {}, findings: [] };
      first ??= page;
      const { findings: basic = [], enhancedFindings = [] } = page.imageScanFindings ?? {};
      findings.push(...basic.map(basicFinding), ...enhancedFindings.map(enhancedFinding));
      nextToken = page.nextToken;
    } while (nextToken);
    const { imageScanStatus: { status = 'PENDING', description } = {}, imageScanFindings = {} } = first;
    const { imageScanCompletedAt, findingSeverityCounts = {} } = imageScanFindings;
    return {
      status,
      ...(description !== undefined && { description }),
      ...(imageScanCompletedAt && { completedAt: imageScanCompletedAt.toISOString() }),
      counts: findingSeverityCounts as Record<string, number>,
      findings,
    };
  }

  async #page(repositoryName: string, imageDigest: string, nextToken: string | undefined) {
    const imageId = { imageDigest };
    const request = { repositoryName, imageId, maxResults: findingsPerPage, ...(nextToken !== undefined && { nextToken }) };
    try {
      return await ecr(this.#settings).send(new DescribeImageScanFindingsCommand(request));
    } catch (error) {
      if (isNamed(error, 'ScanNotFoundException')) return 'NOT_FOUND';
      if (isNamed(error, 'ImageNotFoundException', 'RepositoryNotFoundException')) return 'IMAGE_NOT_FOUND';
      throw error;
    }
  }
}

const attribute = (attributes: readonly Attribute[], name: string): string | undefined => attributes.find(({ key }) => key === name)?.value;

const basicFinding = ({ name = '', severity = 'UNDEFINED', attributes = [] }: ImageScanFinding): ScanFinding => {
  const of = attribute(attributes, 'package_name');
  const version = attribute(attributes, 'package_version');
  return { name, severity, ...(of !== undefined && { package: of }), ...(version !== undefined && { version }) };
};

/** Statuses of findings that Inspector does not count (Inspector API, FindingStatus). */
const uncounted = new Set(['SUPPRESSED', 'CLOSED']);

const enhancedFinding = (finding: EnhancedImageScanFinding): ScanFinding => {
  const { title = '', severity = 'UNTRIAGED', status = 'ACTIVE', packageVulnerabilityDetails: details = {} } = finding;
  const [{ name: of, version, fixedInVersion } = {}] = details.vulnerablePackages ?? [];
  return {
    name: details.vulnerabilityId ?? title,
    severity,
    ...(of !== undefined && { package: of }),
    ...(version !== undefined && { version }),
    ...(fixedInVersion !== undefined && fixedInVersion !== 'NotAvailable' && { fixedIn: fixedInVersion }),
    ...(uncounted.has(status) && { isSuppressed: true }),
  };
};
