import type { ImageView, ReleaseView, StageView } from '../../core/query/answers.js';
import { comparedService, releaseDetail } from '../../page/server/release-detail.js';
import { commitUrl, compareUrl } from '../../page/server/source-links.js';
import { head, installation } from '../cli/verbs/given.js';
import { digest, otherDigest } from '../core/given.js';
import { givenDetails, releaseViewAt, rowAt, viewAt } from './given-details.js';
import { deploymentAt, minute } from './given-history.js';

const sourceUrl = 'https://github.com/example/app';
const [old, young] = ['4be2f07112', 'a980163c5b'];

describe('links to commits', () => {
  test.each([
    ['https://github.com/example/app', 'https://github.com/example/app', 'commit', 'compare/4be2f07112...a980163c5b'],
    ['https://github.com/example/app.git', 'https://github.com/example/app', 'commit', 'compare/4be2f07112...a980163c5b'],
    ['https://github.com/example/app/tree/main/api', 'https://github.com/example/app', 'commit', 'compare/4be2f07112...a980163c5b'],
    ['https://gitlab.com/a/b/c/', 'https://gitlab.com/a/b/c', '-/commit', '-/compare/4be2f07112...a980163c5b'],
    ['https://gitlab.com/a/b/-/tree/main', 'https://gitlab.com/a/b', '-/commit', '-/compare/4be2f07112...a980163c5b'],
    ['https://bitbucket.org/a/b', 'https://bitbucket.org/a/b', 'commits', 'branches/compare/a980163c5b%0D4be2f07112'],
  ])('of %s', (from, base, commit, compare) => {
    expect(commitUrl({ sourceUrl: from, commit: young })).toBe(`${base}/${commit}/${young}`);
    expect(compareUrl({ sourceUrl: from, commit: old }, { sourceUrl: from, commit: young })).toBe(`${base}/${compare}`);
  });

  test.each([
    'http://github.com/example/app',
    'javascript:alert(1)//github.com/example/app',
    'https://github.com.attacker.example/example/app',
    'https://github.com@attacker.example/example/app',
    'https://ada:secret@github.com/example/app',
    'https://github.com:8443/example/app',
    'https://github.com/example',
    'https://github.com/../app',
    'https://github.com/example/"><script>',
    'git@github.com:example/app.git',
    'constructor',
    '',
  ])('none of the source %p', (from) => {
    expect(commitUrl({ sourceUrl: from, commit: young })).toBeUndefined();
    expect(compareUrl({ sourceUrl: from, commit: old }, { sourceUrl: from, commit: young })).toBeUndefined();
  });

  test.each(['main', 'a98', '', `${young}/../../x`, `${young}?x`])('none of the commit %p', (commit) => {
    expect(commitUrl({ sourceUrl, commit })).toBeUndefined();
    expect(compareUrl({ sourceUrl, commit }, { sourceUrl, commit: young })).toBeUndefined();
  });

  test('none between two sources, or of one commit', () => {
    const other = 'https://github.com/example/other';
    expect(compareUrl({ sourceUrl: other, commit: old }, { sourceUrl, commit: young })).toBeUndefined();
    expect(compareUrl({ sourceUrl, commit: young }, { sourceUrl, commit: young })).toBeUndefined();
  });
});

const image: ImageView = { repository: 'my-learn-app', tag: 'main-42', digest, commit: young, sourceUrl, created: minute(-20) };
const before: ImageView = { repository: 'my-learn-app', tag: 'main-41', digest: otherDigest, commit: old, sourceUrl };

const ended = viewAt(1, { service: 'staging/web', stage: 'staging', image });
const staging: StageView = { name: 'staging', state: 'succeeded', services: [{ service: 'staging/web', deployment: ended }] };
const production: StageView = { name: 'production', state: 'waiting', services: [{ service: 'production/web' }] };
const waiting = { stage: 'production', for: 'approval', since: minute(7), until: minute(600) } as const;

const { endedAt: _, result: __, ...begun } = releaseViewAt(0, { image, stages: [staging, production], waiting });
const release: ReleaseView = begun;
const parts = {
  at: head.at,
  release,
  installation,
  rows: [rowAt('staging/web'), rowAt('production/web'), rowAt('production/worker')],
  deployments: [deploymentAt(-100, 'production/web', { image: before })],
  problems: [],
};

test('a release that waits is compared with what runs in its next stage', () => {
  expect(comparedService(release)).toBe('production/web');
  expect(releaseDetail(parts)).toMatchObject({
    isOpen: true,
    waiting,
    createdAt: minute(-20),
    before: { tag: 'main-41' },
    commitUrl: `${sourceUrl}/commit/${young}`,
    compareUrl: `${sourceUrl}/compare/${old}...${young}`,
    gates: [
      { stage: 'staging', hasApproval: false },
      { stage: 'production', hasApproval: true, hasVerification: false, hasBeforeTask: false },
    ],
  });
  expect(releaseDetail(parts).rows.map(({ id }) => id)).toEqual(['staging/web', 'production/web']);
});

test('one that has deployed is compared with what ran before it, not with itself', () => {
  const own = viewAt(10, { image, release: release.name });
  const stages: StageView[] = [staging, { ...production, state: 'succeeded', services: [{ service: 'production/web', deployment: own }] }];
  const later = deploymentAt(50, 'production/web', { image: { ...before, tag: 'main-43' } });
  const failed = deploymentAt(-10, 'production/web', {
    image: { ...before, tag: 'main-40' },
    result: { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: 'it crashed' },
  });

  const detail = releaseDetail({ ...parts, release: { ...release, stages }, deployments: [later, own, failed, ...parts.deployments] });

  expect(detail.before).toMatchObject({ tag: 'main-41' });
});

test('without records, the row says what runs; the same image is no comparison', () => {
  const rowOf = (of: string) => [rowAt('production/web', { sources: [{ repository: 'my-learn-app', digest: of, tag: 'main-41' }] })];

  expect(releaseDetail({ ...parts, deployments: [], rows: rowOf(otherDigest) })).toMatchObject({ before: { digest: otherDigest } });
  expect(releaseDetail({ ...parts, deployments: [], rows: rowOf(otherDigest) })).not.toHaveProperty('compareUrl');
  expect(releaseDetail({ ...parts, deployments: [], rows: rowOf(digest) })).not.toHaveProperty('before');
});

test('its timeline leads from the commit to the gate, the newest first', () => {
  expect(releaseDetail(parts).timeline.map(({ at, kind, title }) => [at, kind, title])).toEqual([
    [minute(7), 'approval', 'Approval asked'],
    [minute(6), 'succeeded', 'Stage staging is complete'],
    [minute(6), 'succeeded', 'staging/web'],
    [minute(1), 'started', 'staging/web started'],
    [minute(0), 'started', 'Release started'],
    [minute(0), 'push', 'my-learn-app:main-42 was pushed'],
    [minute(-20), 'commit', 'Commit a980163c'],
  ]);
  expect(releaseDetail(parts).timeline[2]).toMatchObject({ href: '/deployments/staging/web/run-1', seconds: 300 });
});

test('a failed stage, what was undone, and who approved are in it', () => {
  const failure = { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: 'it crashed' } as const;
  const deployment = viewAt(10, { image, result: failure });
  const undo = viewAt(20, { id: 'undo', name: 'undo' });
  const stages: StageView[] = [{ ...production, state: 'failed', services: [{ service: 'production/web', deployment, undo }] }];
  const approvals = [{ stage: 'production', by: '<b>ada</b>', reason: 'it is urgent', at: minute(8) }];
  const result = { outcome: 'FAILED', reason: 'STAGE_FAILED', message: 'production failed' } as never;
  const { waiting: ___, ...open } = release;

  const detail = releaseDetail({ ...parts, release: { ...open, stages, approvals, endedAt: minute(26), result } });

  expect(detail.isOpen).toBe(false);
  expect(detail.timeline.map(({ kind, title }) => `${kind}: ${title}`)).toEqual([
    'failed: FAILED, STAGE_FAILED',
    'succeeded: production/web, rolled back',
    'rollback: production/web is rolled back',
    'failed: production/web',
    'started: production/web started',
    'approval: Approved by <b>ada</b>',
    'started: Release started',
    'push: my-learn-app:main-42 was pushed',
    'commit: Commit a980163c',
  ]);
});

test('a start by hand was not pushed, and says who and why', () => {
  const byHand = { ...release, trigger: { kind: 'hand', by: 'ada', reason: 'again' } as const };

  expect(releaseDetail({ ...parts, release: byHand }).timeline.slice(-2)).toMatchObject([
    { kind: 'started', title: 'my-learn-app:main-42, by ada', detail: 'again' },
    { kind: 'commit' },
  ]);
});

test('the configuration or the records of the service are missing for their panels alone', async () => {
  const { details, deny } = givenDetails({ release, records: { deployments: parts.deployments } });
  deny.add('history');
  deny.add('installation');

  await expect(details.release('my-learn-app', 'release-0')).resolves.toMatchObject({
    gates: [],
    release: { id: 'release-0' },
    problems: [
      { of: 'stack', reason: 'ACCESS_DENIED' },
      { of: 'history', reason: 'ACCESS_DENIED' },
    ],
  });
});
