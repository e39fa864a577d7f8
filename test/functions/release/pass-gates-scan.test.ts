import type { Configuration, Scan, Stage } from '../../../core/configuration/configuration.js';
import type { ReleaseRecord } from '../../../core/records/records.js';
import type { ImageScan } from '../../../core/scan/image-scan.js';
import type { StageGateInput } from '../../../core/step/contracts.js';
import { passGates } from '../../../functions/release/pass-gates.js';
import type { StageCheck } from '../../../functions/shared/preflight.js';
import type { PartsToScan } from '../../../functions/shared/scan-parts.js';
import { digest, image, later, otherDigest, releaseExecution, releaseRecord } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { givenTokens } from '../given-waiting.js';

const name = 'repository#my-learn-app release#1';
const newerName = 'repository#my-learn-app release#2';
const newerExecution = releaseExecution.replace(/[^:]+$/, 'newer');
const place = { repository: 'my-learn-app', stage: 'staging' };
const after = (seconds: number): string => new Date(Date.parse(later) + seconds * 1000).toISOString();

const scan: Scan = { block: 'HIGH', waitSeconds: 600, ignore: [], onUnscanned: 'block' };
const status = (text: string, more: Partial<ImageScan> = {}): ImageScan => ({ status: text, counts: {}, findings: [], ...more });
const clean = status('COMPLETE', { completedAt: later });
const bad = status('COMPLETE', { completedAt: later, findings: [{ name: 'CVE-2026-1', severity: 'CRITICAL' }] });

type Given = {
  readonly settings?: Partial<Scan> | undefined;
  readonly staging?: Partial<Stage>;
  readonly release?: Partial<ReleaseRecord>;
  readonly releases?: Readonly<Record<string, ReleaseRecord>>;
  readonly parts?: readonly { readonly digest: string }[];
  readonly findings?: StageCheck['findings'];
};

const given = ({ settings = {}, staging = {}, release = {}, releases = {}, parts = [{ digest }], findings = [] }: Given = {}) => {
  const table = givenTable({ records: { [name]: releaseRecord(release), ...releases } });
  const { tokens, taken } = givenTokens();
  const configuration: Configuration = {
    notifications: { sns: true },
    repositories: {
      'my-learn-app': {
        name: 'my-learn-app',
        tags: ['main-*'],
        scan: { ...scan, ...settings },
        stages: [
          { name: 'staging', services: [], ...staging },
          { name: 'production', services: [] },
        ],
      },
    },
  };
  const scans = new Map<string, ImageScan>();
  const published: string[] = [];
  const asked: PartsToScan[] = [];
  const deps = {
    ...table,
    configuration,
    executions: { isRunning: async () => true },
    tokens,
    topic: { publish: async ({ subject }: { readonly subject: string }) => void published.push(subject) },
    check: async () => ({ findings, services: [] }),
    scans: { of: async (_: string, one: string) => scans.get(one) ?? status('IN_PROGRESS') },
    partsToScan: async (one: PartsToScan) => {
      asked.push(one);
      return parts;
    },
  };
  let number = 0;
  const look = (changes: Partial<StageGateInput> = {}) => {
    number++;
    return passGates(deps)({
      record: name,
      stage: 'staging',
      execution: releaseExecution,
      visit: { number, retry: 0 },
      now: later,
      token: `token ${number}`,
      deadline: '',
      ...changes,
    });
  };
  return { ...table, look, scans, asked, taken, published, gate: () => table.gates.of(place) };
};

const failed = (reason: string) => ({ action: 'finish', result: { outcome: 'FAILED', reason } });

test('an image that is scanned already begins at once', async () => {
  const { look, scans, record, gate } = given();
  scans.set(digest, clean);

  expect(await look()).toMatchObject({ action: 'proceed' });
  expect(await record(name)).toMatchObject({ begun: 'staging' });
  expect(await record(name)).not.toHaveProperty('waiting');
  expect(await gate()).toMatchObject({ scans: { since: later, parts: [{ digest }] }, passedAt: later });
});

test('a scan is waited for without a message, until its event or the end of the wait', async () => {
  const { look, scans, record, published } = given();

  expect(await look()).toMatchObject({ action: 'wait', deadline: after(600) });
  expect(await look({ deadline: after(600) })).toBeUndefined();
  expect(await record(name)).toMatchObject({ waiting: { stage: 'staging', for: 'scan', since: later, until: after(600) } });
  expect(published).toEqual([]);

  scans.set(digest, clean);
  expect(await look({ now: after(20), deadline: after(600) })).toMatchObject({ action: 'proceed' });
  expect(await record(name)).toMatchObject({ waitedSeconds: 20 });
});

test('the first visit waits by itself until the time that PlanRelease has named', async () => {
  const { look, gate } = given();
  expect(await look({ deadline: after(598) })).toBeUndefined();
  expect(await gate()).toMatchObject({ scans: { since: after(-2) } });
  expect(await look({ now: after(598), deadline: after(598) })).toMatchObject(failed('NOT_SCANNED'));
});

test('what it waits for is read once, and saved before the first look', async () => {
  const { look, asked, gate } = given();
  await look();
  await look({ deadline: after(600) });
  expect(asked).toMatchObject([{ image, services: ['staging/web', 'production/web', 'production/worker'], look: `${name} 1` }]);
  expect(await gate()).toMatchObject({ scans: { parts: [{ digest }] } });
});

test('findings end the release, and no stage can be added to it', async () => {
  const { look, scans, record } = given({ parts: [{ digest }, { digest: otherDigest }] });
  scans.set(otherDigest, bad);

  expect(await look()).toMatchObject(failed('SCAN_FINDINGS'));
  expect(await record(name)).toMatchObject({ decided: true });
});

test.each([
  ['block', failed('NOT_SCANNED')],
  ['warn', { action: 'proceed' }],
] as const)('without a scan at the end of the wait, onUnscanned: %s', async (onUnscanned, answer) => {
  const { look, record } = given({ settings: { onUnscanned } });
  await look();
  expect(await look({ now: after(599), deadline: after(600) })).toBeUndefined();

  expect(await look({ now: after(600), deadline: after(600) })).toMatchObject(answer);
  if (onUnscanned === 'warn') expect(await record(name)).toMatchObject({ warnings: [expect.stringContaining('no scan result')] });
});

test.each([
  ['COMPLETE before its findings are listed', 'COMPLETE', false],
  ['an event before ECR has the status', 'IN_PROGRESS', true],
] as const)('%s: it looks again soon, for two minutes', async (_, seen, hasEvent) => {
  const { look, scans, gates } = given();
  scans.set(digest, status(seen));
  await look();
  if (hasEvent) await gates.noteScanEvent(place, name, { digest, at: later });

  expect(await look({ deadline: after(600) })).toMatchObject({ action: 'wait', deadline: after(30) });
  expect(await look({ now: after(100), deadline: after(100) })).toMatchObject({ action: 'wait', deadline: after(130) });
  expect(await look({ now: after(120), deadline: after(120) })).toMatchObject({ action: 'wait', deadline: after(600) });
});

test('findings that are about to be listed are waited for until the end of the wait, and no longer', async () => {
  const { look, scans } = given({ settings: { waitSeconds: 60 } });
  scans.set(digest, status('COMPLETE'));
  await look();

  expect(await look({ now: after(40), deadline: after(40) })).toMatchObject({ action: 'wait', deadline: after(60) });
});

test('the event of another manifest hurries nothing', async () => {
  const { look, gates } = given();
  await look();
  await gates.noteScanEvent(place, name, { digest: otherDigest, at: later });
  expect(await look({ deadline: after(600) })).toBeUndefined();
});

test('the scan comes after approval, and before the checks', async () => {
  const approval = { timeoutSeconds: 3600, remindAfterSeconds: 1800 };
  const findings = [{ code: 'IMAGE_MISSING', severity: 'block', message: 'it is gone' }] as const;
  const { look, scans, gates, asked } = given({ staging: { approval }, findings });
  await look();
  expect(asked).toEqual([]);
  await gates.decide(place, name, 'APPROVED', { at: after(1000), by: 'ada' });

  expect(await look({ now: after(1000), deadline: after(3600) })).toMatchObject({ action: 'wait', deadline: after(1600) });
  expect(await gates.of(place)).toMatchObject({ scans: { since: after(1000) } });
  scans.set(digest, clean);
  expect(await look({ now: after(1010), deadline: after(1600) })).toMatchObject(failed('PREFLIGHT'));
});

test.each<[string, Given, Partial<StageGateInput>]>([
  ['with ignoreScan', { release: { ignoreScan: true } }, {}],
  ['at a later stage', { release: { stage: 'production' } }, { stage: 'production' }],
])('%s there is no gate', async (_, changes, input) => {
  const { look, asked, gate } = given(changes);
  expect(await look(input)).toMatchObject({ action: 'proceed' });
  expect(asked).toEqual([]);
  expect(await gate()).toBeUndefined();
});

test('a release whose first stage is a later one has the gate there, as has a stage that a later tag added', async () => {
  const [first, second] = releaseRecord().stages ?? [];
  if (!first || !second) throw new Error('there are two stages');
  const input = { stage: 'production' };

  const alone = given({ release: { stage: 'production', stages: [second] } });
  expect(await alone.look(input)).toMatchObject({ action: 'wait' });

  const added = given({ release: { stage: 'production', stages: [first, { ...second, tag: 'v1', pushedAt: later }] } });
  expect(await added.look(input)).toMatchObject({ action: 'wait' });
  expect(added.asked).toMatchObject([{ services: ['production/web', 'production/worker'] }]);
});

test('a stage whose last gate was passed begins, also if a finding has come since', async () => {
  const { look, scans, gates } = given();
  await look();
  await gates.pass(place, name, after(5), undefined);
  scans.set(digest, bad);

  expect(await look({ now: after(10) })).toMatchObject({ action: 'proceed' });
});

test('a newer release takes the gate from one that waits for its scan', async () => {
  const newer = releaseRecord({ execution: newerExecution, image: { ...image, digest: otherDigest, tag: 'main-8' }, pushedAt: after(60) });
  const { look, taken } = given({ releases: { [newerName]: newer } });
  await look();

  expect(await look({ record: newerName, execution: newerExecution, now: after(60) })).toMatchObject({ action: 'wait' });
  expect(taken).toEqual([['token 1', 'Woken']]);
  expect(await look({ now: after(60) })).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_RELEASE' } });
});

test('an operator cancels it', async () => {
  const { look, gates } = given();
  await look();
  await gates.cancel(place, name, { at: after(5), by: 'ada' });
  expect(await look({ now: after(5) })).toMatchObject(failed('CANCELLED'));
});

test('an image of which no service can run a member is left to the checks', async () => {
  const findings = [{ code: 'PLATFORM_MISMATCH', severity: 'block', message: 'it is for s390x' }] as const;
  const { look, gate } = given({ parts: [], findings });
  expect(await look()).toMatchObject(failed('PREFLIGHT'));
  expect(await gate()).not.toHaveProperty('scans');
});
