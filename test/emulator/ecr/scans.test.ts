import type { AccountOptions } from '../../../emulator/emulated-account.js';
import { digestOf, givenRepository, indexType, manifest, members } from './given-repository.js';

const arn = 'arn:aws:ecr:eu-west-1:123456789012:repository/shop';
const onPush = { imageScanningConfiguration: { scanOnPush: true } };
const enhanced = (scanFrequency: string, filter = '*') => ({
  scanType: 'ENHANCED',
  rules: [{ scanFrequency, repositoryFilters: [{ filter, filterType: 'WILDCARD' }] }],
});

const annotated = (annotations: Readonly<Record<string, string>>) =>
  JSON.stringify({ ...JSON.parse(manifest('1')), annotations: { 'slipway.behaviour': 'healthy', ...annotations } });
const withFindings = (...findings: readonly object[]) => annotated({ 'slipway.findings': JSON.stringify(findings) });

const openssl = { name: 'CVE-2026-1', severity: 'CRITICAL', package: 'openssl', version: '3.0.7', fixedIn: '3.0.9' };
const zlib = { name: 'CVE-2026-2', severity: 'LOW', package: 'zlib', version: '1.2' };

type Findings = {
  imageScanStatus: { status: string; description?: string };
  imageScanFindings?: {
    findings?: { name: string }[];
    enhancedFindings?: object[];
    findingSeverityCounts?: object;
    imageScanCompletedAt?: Date;
  };
  nextToken?: string;
};

const given = async (repository: object = {}, options?: AccountOptions) => {
  const made = await givenRepository(repository, options);
  const of = (input: object = {}) =>
    made.ask<Findings>('ecr', 'DescribeImageScanFindings', { repositoryName: 'shop', imageId: { imageTag: 'v1' }, ...input });
  const start = () => made.ask('ecr', 'StartImageScan', { repositoryName: 'shop', imageId: { imageTag: 'v1' } });
  const configure = (configuration: object) => made.ask('ecr', 'PutRegistryScanningConfiguration', configuration);
  const scanEvents = () => made.emitted.filter((event) => event['detail-type'].endsWith(' Scan'));
  return { ...made, of, start, configure, scanEvents };
};

describe('basic scanning', () => {
  test('lists what an image is annotated with, by pages, and counts it in answer and event', async () => {
    const { put, of, account, scanEvents } = await given(onPush);
    await put(withFindings(openssl, zlib), 'v1');
    await account.clock.run();

    const first = await of({ maxResults: 1 });
    expect(first).toMatchObject({
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: {
        findings: [
          {
            name: 'CVE-2026-1',
            severity: 'CRITICAL',
            attributes: [
              { key: 'package_version', value: '3.0.7' },
              { key: 'package_name', value: 'openssl' },
            ],
          },
        ],
        findingSeverityCounts: { CRITICAL: 1, LOW: 1 },
      },
    });
    expect(await of({ maxResults: 1, nextToken: first.nextToken })).toMatchObject({
      imageScanFindings: { findings: [{ name: 'CVE-2026-2' }] },
    });
    expect(scanEvents()).toMatchObject([{ source: 'aws.ecr', detail: { 'finding-severity-counts': { CRITICAL: 1, LOW: 1 } } }]);
  });

  test('is started by the registry for repositories that a filter matches, or by hand, once', async () => {
    const { put, of, start, configure } = await given();
    await configure({
      scanType: 'BASIC',
      rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: 'web-*', filterType: 'WILDCARD' }] }],
    });
    await put(manifest('1'), 'v1');
    await expect(of()).rejects.toMatchObject({ code: 'ScanNotFoundException' });

    await start();
    expect(await of()).toMatchObject({ imageScanStatus: { status: 'IN_PROGRESS' } });
    await expect(start()).rejects.toMatchObject({ code: 'LimitExceededException' });

    const other = await given();
    await other.configure({
      scanType: 'BASIC',
      rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: 's*p', filterType: 'WILDCARD' }] }],
    });
    await other.put(manifest('1'), 'v1');
    expect(await other.of()).toMatchObject({ imageScanStatus: { status: 'IN_PROGRESS' } });
  });

  test('refuses an index', async () => {
    const { putIndex, start } = await given();
    await putIndex('v1');

    await expect(start()).rejects.toMatchObject({
      code: 'UnsupportedImageTypeException',
      message: expect.stringContaining(`An artifact with media type '${indexType}' cannot be scanned`),
    });
  });

  test('fails for an image without an operating system, and emits no event then', async () => {
    const { put, of, account, scanEvents } = await given(onPush);
    await put(annotated({ 'slipway.scan': 'FAILED' }), 'v1');
    await account.clock.run();

    expect(await of()).toMatchObject({
      imageScanStatus: { status: 'FAILED', description: expect.stringContaining('UnsupportedImageError') },
    });
    expect(scanEvents()).toEqual([]);
  });

  test('has no continuous scans', async () => {
    const { configure } = await given();
    await expect(configure({ ...enhanced('CONTINUOUS_SCAN'), scanType: 'BASIC' })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });
});

describe('enhanced scanning', () => {
  test.each([
    ['CONTINUOUS_SCAN', 'ACTIVE'],
    ['SCAN_ON_PUSH', 'COMPLETE'],
  ])('%s: PENDING, then %s with the findings and the event of Inspector', async (frequency, status) => {
    const { put, of, configure, account, scanEvents } = await given();
    await configure(enhanced(frequency));
    const digest = await put(withFindings(openssl, { ...zlib, status: 'SUPPRESSED' }), 'v1');
    expect(await of()).toMatchObject({ imageScanStatus: { status: 'PENDING', description: 'Pending start of the image scan.' } });

    await account.clock.run();

    expect(await of()).toMatchObject({
      imageScanStatus: { status },
      imageScanFindings: {
        enhancedFindings: [
          {
            severity: 'CRITICAL',
            status: 'ACTIVE',
            type: 'PACKAGE_VULNERABILITY',
            title: 'CVE-2026-1 - openssl',
            packageVulnerabilityDetails: {
              vulnerabilityId: 'CVE-2026-1',
              vulnerablePackages: [{ name: 'openssl', version: '3.0.7', fixedInVersion: '3.0.9' }],
            },
          },
          { status: 'SUPPRESSED', packageVulnerabilityDetails: { vulnerablePackages: [{ fixedInVersion: 'NotAvailable' }] } },
        ],
        findingSeverityCounts: { CRITICAL: 1 },
      },
    });
    expect(scanEvents()).toEqual([
      {
        source: 'aws.inspector2',
        'detail-type': 'Inspector2 Scan',
        resources: [arn],
        detail: {
          'scan-status': 'INITIAL_SCAN_COMPLETE',
          'repository-name': arn,
          'finding-severity-counts': { CRITICAL: 1, HIGH: 0, MEDIUM: 0, TOTAL: 1 },
          'image-digest': digest,
          'image-tags': ['v1'],
        },
      },
    ]);
  });

  test('scans each member of an index, no repository outside its filters, and nothing by hand', async () => {
    const { putIndex, of, start, configure, account, scanEvents } = await given(onPush);
    await configure(enhanced('SCAN_ON_PUSH', 'other'));
    await putIndex('v1');
    await account.clock.run();
    expect(scanEvents()).toEqual([]);
    await expect(start()).rejects.toMatchObject({ code: 'ValidationException', message: 'This feature is disabled' });
    await expect(of()).rejects.toMatchObject({ code: 'ScanNotFoundException' });

    const other = await given();
    await other.configure(enhanced('SCAN_ON_PUSH', 'sho'));
    await other.putIndex('v1');
    await other.account.clock.run();
    expect(other.scanEvents().map(({ detail }) => detail['image-digest'])).toEqual(members.map((name) => digestOf(manifest(name))));
  });
});

test('COMPLETE may come before the findings, without the time of its end', async () => {
  const { put, of, account } = await given(onPush, { assumptions: { completeScan: 'beforeFindings' } });
  await put(withFindings(openssl), 'v1');
  await account.clock.advance(25_000);
  expect(await of()).toMatchObject({ imageScanStatus: { status: 'COMPLETE' }, imageScanFindings: { findings: [] } });
  expect((await of()).imageScanFindings).not.toHaveProperty('imageScanCompletedAt');

  await account.clock.run();
  expect(await of()).toMatchObject({ imageScanFindings: { imageScanCompletedAt: expect.any(Date), findings: [{ name: 'CVE-2026-1' }] } });
});

test('a status that ECR does not have is refused', async () => {
  const { put } = await given();
  await expect(put(annotated({ 'slipway.scan': 'DONE' }))).rejects.toThrow('scan status DONE');
});
