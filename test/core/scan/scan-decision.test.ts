import type { Scan } from '../../../core/configuration/configuration.js';
import type { ImageScan, ScanFinding } from '../../../core/scan/image-scan.js';
import { decideByScans, type PartScan } from '../../../core/scan/scan-decision.js';

const settings: Scan = { block: 'HIGH', waitSeconds: 600, ignore: ['CVE-2026-1'], onUnscanned: 'block' };
const completedAt = '2026-11-23T12:00:00.000Z';
const finding = (name: string, severity: string, more: Partial<ScanFinding> = {}): ScanFinding => ({ name, severity, ...more });

const scanned = (findings: readonly ScanFinding[] = [], more: Partial<ImageScan> = {}): PartScan => {
  const counts: Record<string, number> = {};
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return { digest: 'sha256:a', scan: { status: 'COMPLETE', completedAt, counts, findings, ...more } };
};
const inStatus = (status: string, more: Partial<PartScan> = {}): PartScan => ({
  digest: 'sha256:b',
  scan: { status, counts: {}, findings: [] },
  ...more,
});

const decide = (parts: readonly PartScan[], changes: Partial<Scan> = {}, isOver = false) =>
  decideByScans(parts, { image: 'app:v1', settings: { ...settings, ...changes }, isOver });
const messageOf = (decision: ReturnType<typeof decide>): string => (decision.action === 'end' ? decision.result.message : '');

const allTheSame =
  'To deploy it all the same, add what may be ignored to "scan.ignore" in slipway.yml, or start it by hand with "ignoreScan": true';

describe('findings', () => {
  test.each([
    ['CRITICAL', 'HIGH', 'end'],
    ['HIGH', 'HIGH', 'end'],
    ['MEDIUM', 'HIGH', 'pass'],
    ['MEDIUM', 'LOW', 'end'],
    ['INFORMATIONAL', 'INFORMATIONAL', 'end'],
    ['HIGH', 'CRITICAL', 'pass'],
    // Not rated yet, they are below the lowest severity.
    ['UNDEFINED', 'INFORMATIONAL', 'pass'],
    ['UNTRIAGED', 'INFORMATIONAL', 'pass'],
    // Not of the API yet.
    ['CATASTROPHIC', 'CRITICAL', 'end'],
  ] as const)('%s with "block: %s": %s', (severity, block, action) => {
    expect(decide([scanned([finding('CVE-2026-2', severity)])], { block })).toMatchObject({ action });
  });

  test('the message names the worst first, with package and fix, and counts the rest', () => {
    const many = Array.from({ length: 12 }, (_, index) => finding(`CVE-2026-1${index + 10}`, 'HIGH'));
    const worst = finding('CVE-2026-9', 'CRITICAL', { package: 'openssl', version: '3.0.7', fixedIn: '3.0.9' });

    const decision = decide([scanned([...many, worst, finding('CVE-2026-3', 'LOW')])]);

    expect(decision).toMatchObject({ action: 'end', result: { outcome: 'FAILED', reason: 'SCAN_FINDINGS' } });
    expect(messageOf(decision)).toBe(
      'the scan of app:v1 found 13 vulnerabilities of severity HIGH or higher: CVE-2026-9 CRITICAL in openssl 3.0.7 (fixed in 3.0.9); ' +
        `${many
          .slice(0, 9)
          .map(({ name }) => `${name} HIGH`)
          .join('; ')}; 3 more. ${allTheSame}`,
    );
  });

  test('of a severity are named in the order of their names, and each version of a package counts', () => {
    const old = finding('CVE-2026-5', 'HIGH', { package: 'zlib', version: '1.2' });
    const found = [finding('CVE-2026-6', 'HIGH'), old, { ...old, version: '1.3' }];

    expect(messageOf(decide([scanned(found)]))).toContain(
      'found 3 vulnerabilities of severity HIGH or higher: CVE-2026-5 HIGH in zlib 1.2; CVE-2026-5 HIGH in zlib 1.3; CVE-2026-6 HIGH',
    );
  });

  test('ignored and suppressed ones do not count', () => {
    const hidden = finding('CVE-2026-4', 'CRITICAL', { isSuppressed: true });
    expect(decide([scanned([finding('CVE-2026-1', 'CRITICAL'), hidden])])).toEqual({ action: 'pass', warnings: [] });
  });

  test('that are counted and not listed block, although others are ignored', () => {
    const decision = decide([scanned([finding('CVE-2026-1', 'CRITICAL')], { counts: { CRITICAL: 2, LOW: 4 } })]);
    expect(messageOf(decision)).toBe(
      `the scan of app:v1 found 1 vulnerability of severity HIGH or higher, and ECR lists none of them. ${allTheSame}`,
    );
  });

  test('of one platform are named with it, and those of two platforms once', () => {
    const bad = [finding('CVE-2026-5', 'CRITICAL', { package: 'zlib' })];
    const arm = { ...scanned(bad), platform: 'linux/arm64' };
    const amd = { ...scanned(), platform: 'linux/amd64' };

    expect(messageOf(decide([amd, arm]))).toBe(
      `the scan of app:v1 for linux/arm64 found 1 vulnerability of severity HIGH or higher: CVE-2026-5 CRITICAL in zlib. ${allTheSame}`,
    );
    expect(messageOf(decide([{ ...amd, scan: arm.scan }, arm], { block: 'CRITICAL' }))).toBe(
      `the scan of app:v1 for linux/amd64 and linux/arm64 found 1 vulnerability of severity CRITICAL: CVE-2026-5 CRITICAL in zlib. ${allTheSame}`,
    );
  });

  test('end the release before other scans have ended, also where another part has none', () => {
    const bad = scanned([finding('CVE-2026-5', 'CRITICAL')]);
    expect(decide([bad, inStatus('IN_PROGRESS')])).toMatchObject({ action: 'end', result: { reason: 'SCAN_FINDINGS' } });
    expect(decide([inStatus('FAILED'), bad])).toMatchObject({ action: 'end', result: { reason: 'SCAN_FINDINGS' } });
  });
});

describe('a scan that has not ended', () => {
  test.each(['NOT_FOUND', 'IN_PROGRESS', 'PENDING', 'FINDINGS_UNAVAILABLE', 'SOMETHING_NEW'])(
    '%s is waited for, until it is over',
    (status) => {
      expect(decide([inStatus(status)])).toEqual({ action: 'wait', pending: ['sha256:b'], late: [] });
      expect(decide([inStatus(status)], {}, true)).toMatchObject({ action: 'end', result: { outcome: 'FAILED', reason: 'NOT_SCANNED' } });
      expect(decide([inStatus(status)], { onUnscanned: 'warn' }, true)).toMatchObject({ action: 'pass', warnings: [expect.any(String)] });
    },
  );

  test('COMPLETE without its findings is about to list them', () => {
    expect(decide([inStatus('COMPLETE')])).toEqual({ action: 'wait', pending: ['sha256:b'], late: ['sha256:b'] });
    expect(messageOf(decide([inStatus('COMPLETE')], {}, true))).toContain('ECR does not list its findings');
  });

  test('ACTIVE has ended: Inspector scans the image continuously', () => {
    expect(decide([inStatus('ACTIVE')])).toEqual({ action: 'pass', warnings: [] });
  });
});

describe('a scan that never comes', () => {
  const statuses = ['FAILED', 'UNSUPPORTED_IMAGE', 'LIMIT_EXCEEDED', 'SCAN_ELIGIBILITY_EXPIRED', 'IMAGE_ARCHIVED', 'IMAGE_NOT_FOUND'];

  test.each(statuses)('%s ends the release at once, or warns', (status) => {
    expect(decide([inStatus(status)])).toMatchObject({ action: 'end', result: { outcome: 'FAILED', reason: 'NOT_SCANNED' } });
    expect(decide([inStatus(status)], { onUnscanned: 'warn' })).toMatchObject({ action: 'pass', warnings: [expect.any(String)] });
  });

  test('is explained by the status, what ECR says of it, and its platform', () => {
    const description = 'UnsupportedImageError: The operating system and/or package manager are not supported.';
    const part = inStatus('FAILED', { platform: 'linux/arm64' });
    expect(messageOf(decide([{ ...part, scan: { ...part.scan, description } }]))).toBe(
      'app:v1 for linux/arm64 has no scan result: its status is FAILED: UnsupportedImageError: The operating system and/or package manager ' +
        'are not supported. An image without one is not deployed, unless slipway.yml has "onUnscanned: warn"',
    );
  });

  test('with a warning, the others are still waited for', () => {
    expect(decide([inStatus('FAILED'), { ...inStatus('PENDING'), digest: 'sha256:c' }], { onUnscanned: 'warn' })).toEqual({
      action: 'wait',
      pending: ['sha256:c'],
      late: [],
    });
  });
});

test('an image of which no service can run a member is left to the checks of the stage', () => {
  expect(decide([])).toEqual({ action: 'pass', warnings: [] });
});
