import { assumptions } from '../../emulator/assumptions.js';
import type { ScanStatus } from '../../emulator/ecr/scan-outcome.js';
import { minutes, retag, seconds } from '../support/gated.js';
import { closePipelines, type Ended, type Pipeline } from '../support/pipeline.js';
import { critical, givenScans, pushScanned, pushScannedIndex, type Scanned } from '../support/scanned.js';
import { releasesOf } from '../support/staged.js';

afterEach(closePipelines);

const services = ['staging/web', 'production/web', 'production/worker'];
const running = (pipeline: Pipeline): string[] => [...new Set(services.flatMap((service) => pipeline.running(service)))];

/** The last release, once it has ended. */
const ended = async (pipeline: Pipeline): Promise<Ended> => {
  await pipeline.runUntilIdle();
  const release = (await pipeline.executions('release')).at(-1);
  if (!release) throw new Error('no release was started');
  return release;
};
const released = async (pipeline: Pipeline, tag: string, scanned: Scanned = {}) => {
  const digest = await pushScanned(pipeline, tag, scanned);
  return { digest, ...(await ended(pipeline)) };
};
const visits = async (pipeline: Pipeline, { arn }: Pick<Ended, 'arn'>): Promise<number> =>
  (await pipeline.path(arn)).filter((state) => state === 'PassGates').length;

describe('an image without findings', () => {
  test.each(assumptions.completeScan)(
    'is deployed once its scan has ended, and with another tag at once: completeScan %s',
    async (completeScan) => {
      const pipeline = await givenScans({}, { assumptions: { completeScan } });

      const first = await released(pipeline, 'main-2', { findings: [{ ...critical, severity: 'MEDIUM' }] });

      expect(first).toMatchObject({ outcome: 'SUCCEEDED' });
      expect(running(pipeline)).toEqual([first.digest]);
      const [record] = await releasesOf(pipeline);
      expect(record).toMatchObject({ waiting: { stage: 'staging', for: 'scan' } });
      expect(record?.waitedSeconds).toBeGreaterThan(15);
      expect(record?.waitedSeconds).toBeLessThan(70);
      expect(pipeline.waitingMessages()).toEqual([]);
      // One for the scan, one for the second stage; a look more for findings that come after the event.
      if (completeScan === 'withFindings') expect(await visits(pipeline, first)).toBe(3);

      // Its scan ended long ago, and has no event again.
      await pushScanned(pipeline, 'main-3');
      await ended(pipeline);
      await retag(pipeline, first.digest, 'v1');
      const again = await ended(pipeline);
      expect(again).toMatchObject({ outcome: 'SUCCEEDED' });
      expect(await visits(pipeline, again)).toBe(2);
      expect(running(pipeline)).toEqual([first.digest]);
    },
  );

  test('is deployed at the end of the wait if the event of its scan was lost', async () => {
    const pipeline = await givenScans({ wait: '5m' });
    pipeline.account.faults.injectDelivery({ detailType: 'ECR Image Scan', kind: 'lost' });

    const release = await released(pipeline, 'main-2');

    expect(release).toMatchObject({ outcome: 'SUCCEEDED' });
    expect((await releasesOf(pipeline))[0]?.waitedSeconds).toBeCloseTo(300, -1);
  });
});

describe('an image with findings', () => {
  test('is not deployed, and the message names them', async () => {
    const pipeline = await givenScans();
    const before = running(pipeline);

    expect(await released(pipeline, 'main-2', { findings: [critical] })).toMatchObject({
      status: 'FAILED',
      outcome: 'FAILED',
      reason: 'SCAN_FINDINGS',
    });

    expect(running(pipeline)).toEqual(before);
    expect(await pipeline.executions('deployment')).toEqual([]);
    const [message] = pipeline.messages();
    expect(message?.text).toContain('CVE-2026-1234 CRITICAL in openssl 3.0.7');
    // It is not started again by itself.
    await pipeline.account.clock.advance(180 * minutes);
    expect(await pipeline.executions('release')).toHaveLength(1);
  });

  test('is not deployed for one on the second page, and is where slipway.yml ignores it', async () => {
    const findings = [...Array.from({ length: 1000 }, (_, index) => ({ name: `CVE-2025-${index}`, severity: 'LOW' })), critical];

    const pipeline = await givenScans();
    expect(await released(pipeline, 'main-2', { findings })).toMatchObject({ reason: 'SCAN_FINDINGS' });

    const ignoring = await givenScans({ ignore: [critical.name] });
    const { outcome, digest } = await released(ignoring, 'main-2', { findings });
    expect(outcome).toBe('SUCCEEDED');
    expect(running(ignoring)).toEqual([digest]);
  });

  test('is deployed by an operator past its scan, who is named with that', async () => {
    const pipeline = await givenScans();
    const { digest } = await released(pipeline, 'main-2', { findings: [critical] });

    const input = { repository: 'my-learn-app', tag: 'main-2', ignoreScan: true, by: 'ada', reason: 'fixes the outage' };
    const release = await pipeline.ended(await pipeline.start('release', input));

    expect(release).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(running(pipeline)).toEqual([digest]);
    await pipeline.runUntilIdle();
    expect(pipeline.messages().at(-1)).toMatchObject({ ignoreScan: true, trigger: { by: 'ada' } });
    expect(pipeline.messages().at(-1)?.text).toContain('the scan of the image');
  });
});

describe('an index of three platforms, one with a critical finding', () => {
  const fargate = Object.fromEntries(services.map((service) => [service, { launchType: 'FARGATE' as const }]));
  const members = { amd64: {}, arm64: {}, s390x: {}, unknown: {} };

  test('is deployed if no service runs that platform', async () => {
    const pipeline = await givenScans({}, { services: fargate });

    const digest = await pushScannedIndex(pipeline, 'main-2', { ...members, arm64: { findings: [critical] }, s390x: { status: 'FAILED' } });

    expect(await ended(pipeline)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.service('staging/web')?.runningTasks).toHaveLength(1);
    expect((await releasesOf(pipeline))[0]).toMatchObject({ image: { digest } });
  });

  test('is not deployed if a service of a later stage runs it', async () => {
    const pipeline = await givenScans({}, { services: { ...fargate, 'production/worker': {} } });

    await pushScannedIndex(pipeline, 'main-2', { ...members, arm64: { findings: [critical] } });

    expect(await ended(pipeline)).toMatchObject({
      outcome: 'FAILED',
      reason: 'SCAN_FINDINGS',
      message: expect.stringContaining('linux/arm64'),
    });
    expect(await pipeline.executions('deployment')).toEqual([]);
  });
});

describe('an image that is not scanned', () => {
  const never: readonly ScanStatus[] = ['UNSUPPORTED_IMAGE', 'FAILED', 'LIMIT_EXCEEDED', 'SCAN_ELIGIBILITY_EXPIRED', 'PENDING'];

  test('is not deployed, and the message has its status', async () => {
    const pipeline = await givenScans();
    const before = running(pipeline);

    for (const [index, status] of never.entries()) {
      expect(await released(pipeline, `main-${index + 2}`, { status })).toMatchObject({ outcome: 'FAILED', reason: 'NOT_SCANNED' });
      expect(pipeline.messages().at(-1)?.text).toContain(status);
    }
    expect(running(pipeline)).toEqual(before);
  });

  test('is deployed with a warning where slipway.yml says so, also where nothing is scanned', async () => {
    const pipeline = await givenScans({ onUnscanned: 'warn', wait: '1m' }, { scanType: 'none' });

    const { outcome, digest } = await released(pipeline, 'main-2');

    expect(outcome).toBe('SUCCEEDED');
    expect(running(pipeline)).toEqual([digest]);
    expect(pipeline.messages().at(-1)?.warnings).toEqual([expect.stringContaining('turn on scanning')]);
  });
});

test('the scans of Amazon Inspector count, which its event announces', async () => {
  const pipeline = await givenScans({}, { scanType: 'ENHANCED' });

  const good = await released(pipeline, 'main-2', { findings: [{ ...critical, status: 'SUPPRESSED' }] });
  expect(good).toMatchObject({ outcome: 'SUCCEEDED' });
  expect((await releasesOf(pipeline))[0]?.waitedSeconds).toBeLessThan(90);

  const untriaged = await released(pipeline, 'main-3', { findings: [{ ...critical, severity: 'UNTRIAGED' }] });
  expect(untriaged).toMatchObject({ outcome: 'SUCCEEDED' });

  expect(await released(pipeline, 'main-4', { findings: [critical] })).toMatchObject({
    outcome: 'FAILED',
    reason: 'SCAN_FINDINGS',
    message: expect.stringContaining('CVE-2026-1234 CRITICAL in openssl 3.0.7 (fixed in 3.0.9)'),
  });
  expect(running(pipeline)).toEqual([untriaged.digest]);
});

describe('a release that waits for its scan', () => {
  test('is superseded by a newer push', async () => {
    const pipeline = await givenScans({}, { scanType: 'none' });
    await pushScanned(pipeline, 'main-2');
    await pipeline.account.clock.advance(30 * seconds);
    await pushScanned(pipeline, 'main-3');
    await pipeline.runUntilIdle();

    expect(await pipeline.executions('release')).toMatchObject([
      { outcome: 'SUPERSEDED', reason: 'NEWER_RELEASE' },
      { outcome: 'FAILED', reason: 'NOT_SCANNED' },
    ]);
  });

  test('is cancelled by an operator', async () => {
    const pipeline = await givenScans({}, { scanType: 'none' });
    await pushScanned(pipeline, 'main-2');
    await pipeline.account.clock.advance(30 * seconds);

    const cancel = { command: 'cancel', repository: 'my-learn-app', stage: 'staging', by: 'ada' };
    expect(await pipeline.invoke('control', cancel)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'CANCEL_REQUESTED' });

    expect(await ended(pipeline)).toMatchObject({ outcome: 'FAILED', reason: 'CANCELLED' });
    expect(await pipeline.executions('deployment')).toEqual([]);
  });
});
