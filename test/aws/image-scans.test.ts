import { ImageScans } from '../../aws/image-scans.js';
import { digest } from '../core/given.js';
import { type Answer, type Call, fakeAws } from './fake-aws.js';

const scans = (answer: (call: Call, number: number) => Answer) => {
  const { settings, calls } = fakeAws(answer);
  return { of: () => new ImageScans(settings).of('my-learn-app', digest), calls };
};

test('the findings of a basic scan are those of all pages', async () => {
  const page = (name: string, nextToken?: string): Answer => [
    200,
    {
      imageScanStatus: { status: 'COMPLETE', description: 'The scan was completed successfully.' },
      imageScanFindings: {
        imageScanCompletedAt: 1_763_899_200,
        findingSeverityCounts: { HIGH: 2 },
        findings: [
          {
            name,
            severity: 'HIGH',
            attributes: [
              { key: 'package_version', value: '1.2' },
              { key: 'package_name', value: 'zlib' },
            ],
          },
        ],
      },
      ...(nextToken && { nextToken }),
    },
  ];
  const { of, calls } = scans((_, number) => (number === 1 ? page('CVE-1', 'more') : page('CVE-2')));

  expect(await of()).toEqual({
    status: 'COMPLETE',
    description: 'The scan was completed successfully.',
    completedAt: '2025-11-23T12:00:00.000Z',
    counts: { HIGH: 2 },
    findings: [
      { name: 'CVE-1', severity: 'HIGH', package: 'zlib', version: '1.2' },
      { name: 'CVE-2', severity: 'HIGH', package: 'zlib', version: '1.2' },
    ],
  });
  const asked = { repositoryName: 'my-learn-app', imageId: { imageDigest: digest }, maxResults: 1000 };
  expect(calls).toEqual([
    { operation: 'DescribeImageScanFindings', input: asked },
    { operation: 'DescribeImageScanFindings', input: { ...asked, nextToken: 'more' } },
  ]);
});

test('those of an enhanced scan have the version with the fix, if there is one, and may be suppressed', async () => {
  const finding = (vulnerabilityId: string, fixedInVersion: string, status?: string) => ({
    severity: 'UNTRIAGED',
    ...(status && { status }),
    packageVulnerabilityDetails: { vulnerabilityId, vulnerablePackages: [{ name: 'openssl', version: '3.0.7', fixedInVersion }] },
  });
  const enhancedFindings = [
    finding('CVE-1', '3.0.9'),
    finding('CVE-2', 'NotAvailable', 'SUPPRESSED'),
    { title: 'CVE-3 - python', severity: 'LOW', status: 'CLOSED' },
  ];
  const { of } = scans(() => [200, { imageScanStatus: { status: 'ACTIVE' }, imageScanFindings: { enhancedFindings } }]);

  expect(await of()).toEqual({
    status: 'ACTIVE',
    counts: {},
    findings: [
      { name: 'CVE-1', severity: 'UNTRIAGED', package: 'openssl', version: '3.0.7', fixedIn: '3.0.9' },
      { name: 'CVE-2', severity: 'UNTRIAGED', package: 'openssl', version: '3.0.7', isSuppressed: true },
      { name: 'CVE-3 - python', severity: 'LOW', isSuppressed: true },
    ],
  });
});

test.each([
  ['ScanNotFoundException', 'NOT_FOUND'],
  ['ImageNotFoundException', 'IMAGE_NOT_FOUND'],
  ['RepositoryNotFoundException', 'IMAGE_NOT_FOUND'],
])('%s is the status %s', async (name, status) => {
  expect(await scans(() => [400, { __type: name, message: name }]).of()).toEqual({ status, counts: {}, findings: [] });
});

test('a scan that has not ended has its status alone, and other errors are thrown', async () => {
  expect(await scans(() => [200, { imageScanStatus: { status: 'IN_PROGRESS' } }]).of()).toEqual({
    status: 'IN_PROGRESS',
    counts: {},
    findings: [],
  });
  await expect(scans(() => [400, { __type: 'AccessDeniedException' }]).of()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
