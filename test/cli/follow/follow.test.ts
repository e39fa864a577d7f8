import { exitStatuses } from '../../../cli/exit-status.js';
import type { ReleaseAnswer } from '../../../core/query/answers.js';
import { resultOf } from '../../../core/result/result.js';
import {
  at,
  deployed,
  deployment,
  digest,
  done,
  failure,
  followed,
  type Given,
  image,
  lost,
  otherDigest,
  release,
  stage,
} from './given.js';

const nothingYet: ReleaseAnswer = { image: image() };
const explained = (code: 'TAG_NOT_MATCHED' | 'DEPLOYED', stages = ['staging', 'production']) =>
  stages.map((name) => ({
    stage: name,
    service: `${name}/web`,
    isDeployed: code === 'DEPLOYED',
    code,
    message: `${code} of ${name}`,
  }));
const ended = (...result: Parameters<typeof resultOf>) => done({ result: resultOf(...result) });
const ofOther = (changes = {}) => done({ id: 'r-other', image: { ...image(), digest: otherDigest }, ...changes });
const waiting = (kind: 'approval' | 'window' | 'scan', staging: 'succeeded' | 'ahead' = 'succeeded') =>
  release({
    stages: [stage('staging', staging), stage('production', 'waiting')],
    waiting: { stage: 'production', for: kind, since: at(0), until: at(86_400) },
  });

describe('the result of the release is the exit status', () => {
  test.each([
    ['SUCCEEDED', 'DEPLOYED', 0],
    ['SKIPPED', 'ON_HOLD', 14],
    ['SKIPPED', 'ALREADY_RUNNING', 0],
    ['SKIPPED', 'DUPLICATE_RELEASE', 14],
    ['PARTIAL', 'QUARANTINED', 16],
    ['SUPERSEDED', 'NEWER_RELEASE', 15],
    ['FAILED', 'PREFLIGHT', 10],
    ['ROLLED_BACK', 'CRASHED', 11],
    ['ROLLBACK_FAILED', 'CRASHED', 12],
    ['UNKNOWN', 'AWS_ERROR', 12],
  ] as const)('%s, %s: %i', async (outcome, reason, status) => {
    const { status: exit, text } = await followed({
      answers: [nothingYet, { release: release() }, { release: ended(outcome, reason as never, 'said so') }],
    });

    expect(exit).toBe(status);
    expect(text).toContain('said so');
    if (status !== 0) expect(text).toContain('npx --no-install slipway show r-1 --stage prod --region eu-west-1');
  });
});

describe('only the release of the image is reported', () => {
  test('a command that starts before the push waits for it, and never reports what the tag named before', async () => {
    const older = { image: image({ digest: otherDigest, pushedAt: at(-3600) }) };
    const { status, text } = await followed({
      options: { since: at(-60) },
      answers: [older, { ...older, release: ofOther({ trigger: { kind: 'hand' } }) }, nothingYet, { ...nothingYet, release: done() }],
    });

    expect(status).toBe(0);
    expect(text).toContain('is before --since 2026-11-23 11:59 UTC: waits for a push since then');
    expect(text).toContain('follows my-learn-app:main-7 (aaaaaaaaaaaa), pushed 2026-11-23 11:59 UTC');
    expect(text).not.toContain('r-other');
  });

  test('the digest is bound by the first image since then, and stays when the tag moves on', async () => {
    const moved = { image: image({ digest: otherDigest, pushedAt: at(3) }) };
    const { status, text, requests } = await followed({
      answers: [nothingYet, { ...moved, release: ofOther() }, { ...moved, release: ofOther() }, { ...moved, release: done() }],
    });

    expect(status).toBe(0);
    expect(text).toContain('the tag names bbbbbbbbbbbb now');
    expect(text).not.toContain('r-other');
    expect(requests.map(({ what }) => what).slice(0, 2)).toEqual([
      { repository: 'my-learn-app', tag: 'main-7' },
      { repository: 'my-learn-app', tag: 'main-7', digest },
    ]);
  });

  test('a digest that is given is bound from the first request, also if the tag names another', async () => {
    const { status, text, requests } = await followed({
      target: { repository: 'my-learn-app', tag: 'main-7', digest },
      answers: [
        { image: image({ digest: otherDigest }), release: ofOther() },
        { image: image(), release: done() },
      ],
    });

    expect(status).toBe(0);
    expect(text).not.toContain('r-other');
    expect(requests[0]?.what).toEqual({ repository: 'my-learn-app', tag: 'main-7', digest });
  });

  test('a tag that is moved to an older image is bound by its release: a retag keeps the time of the push', async () => {
    const retagged = { image: image({ pushedAt: at(-86_400) }) };
    const { status, requests } = await followed({ options: { since: at(-60) }, answers: [retagged, { ...retagged, release: done() }] });

    expect(status).toBe(0);
    expect(requests[0]?.what).toMatchObject({ since: at(-60) });
  });

  test.each([
    ['within the second of the push, whose event has whole seconds', -4.1, -5, 0],
    ['a second later', -2.9, -5, 13],
  ])('--since is %s', async (_, since, pushedAt, status) => {
    const answer = { image: image({ pushedAt: at(pushedAt + 1) }) };
    const given = {
      options: { since: at(since), timeoutSeconds: 30 },
      answers: [answer, { ...answer, release: done({ trigger: { kind: 'hand' } }) }],
    };

    expect((await followed(given)).status).toBe(status);
  });

  test('--since in the future is an error of use, unless clocks differ by seconds', async () => {
    expect(await followed({ options: { since: at(7200) }, answers: [nothingYet] })).toMatchObject({ status: 64 });
    expect(await followed({ options: { since: at(20), timeoutSeconds: 10 }, skew: 25, answers: [nothingYet] })).toMatchObject({
      status: 13,
    });
  });
});

describe('an image without a release', () => {
  test('a tag that no stage takes ends at once, with the rules', async () => {
    const { status, text, requests } = await followed({ answers: [{ ...nothingYet, explain: explained('TAG_NOT_MATCHED') }] });

    expect(status).toBe(14);
    expect(text).toContain('TAG_NOT_MATCHED of staging; TAG_NOT_MATCHED of production');
    expect(requests).toHaveLength(1);
  });

  test('times out, and says what it waited for', async () => {
    const { status, text, seconds } = await followed({ options: { timeoutSeconds: 90 }, answers: [{}] });

    expect(status).toBe(13);
    expect(seconds).toBe(90);
    expect(text).toContain('timed out after 1 min 30 s: my-learn-app:main-7 is not in the registry yet');
  });
});

describe('--start-after', () => {
  const options = { startAfterSeconds: 10, by: 'ada', since: at(-60) };

  test('starts the release once, as a push event that was missed, and follows it by its name', async () => {
    const { status, text, requests } = await followed({
      options,
      answers: [...Array(6).fill(nothingYet), failure('NOT_FOUND', 64), { release: release() }, { release: done() }],
    });
    const starts = requests.filter(({ what }) => 'input' in what);

    expect(status).toBe(0);
    expect(starts).toEqual([
      {
        seconds: 10,
        what: {
          name: expect.stringMatching(/^follow-my-learn-app-main-7-[0-9a-f]{16}$/),
          input: { repository: 'my-learn-app', tag: 'main-7', reconcile: true, pushedAt: at(-5), by: 'ada' },
        },
      },
    ]);
    expect(requests.at(-1)?.what).toEqual({
      release: expect.stringContaining(':execution:slipway-prod-release:follow-my-learn-app-main-7-'),
    });
    expect(text).toContain('no release began within 10 s: started follow-my-learn-app-main-7-');
  });

  test('two jobs that follow one push start one release', async () => {
    const names = async (since: string) =>
      (
        await followed({
          options: { ...options, since },
          answers: [nothingYet, nothingYet, nothingYet, nothingYet, nothingYet, { release: done() }],
        })
      ).requests.flatMap(({ what }) => ('name' in what ? [what.name] : []));

    expect(await names(at(-60))).toEqual(await names(at(-60)));
    expect(await names(at(-60))).not.toEqual(await names(at(-30)));
  });

  test('reports the release that planned the image before, if it was a duplicate', async () => {
    const duplicate = release({ id: 'r-2', result: resultOf('SKIPPED', 'DUPLICATE_RELEASE', 'planned before'), other: 'x' });
    const { status, text } = await followed({
      options: { startAfterSeconds: 2 },
      answers: [
        nothingYet,
        { release: duplicate, other: release() },
        { release: duplicate, other: ended('ROLLED_BACK', 'CRASHED', 'exit 1') },
      ],
    });

    expect(status).toBe(11);
    expect(text).toContain('release r-2 left the image to release r-1, which is followed now');
  });

  test('reports no release of another digest that one without an image was left to', async () => {
    const { image: _, ...duplicate } = release({ result: resultOf('SKIPPED', 'DUPLICATE_RELEASE', 'planned before'), other: 'x' });
    const other = done({ image: { repository: 'my-learn-app', digest: otherDigest } });
    const { status } = await followed({ options: { startAfterSeconds: 2 }, answers: [nothingYet, { release: duplicate, other }] });

    expect(status).toBe(14);
  });

  test.each<[string, Partial<Given>]>([
    ['a release has begun', { answers: [{ ...nothingYet, release: release() }] }],
    ['nothing was pushed since then', { answers: [{ image: image({ pushedAt: at(-3600) }) }] }],
    ['the tag names another image by now', { answers: [nothingYet, { image: image({ digest: otherDigest }) }] }],
    ['the tag does not exist', { answers: [{}] }],
  ])('starts nothing if %s', async (_, given) => {
    const { status, requests } = await followed({ options: { ...options, timeoutSeconds: 60 }, answers: [], ...given });

    expect(status).toBe(13);
    expect(requests.filter(({ what }) => 'input' in what)).toEqual([]);
  });

  test('does not follow what it started if that took another image', async () => {
    const { status, text } = await followed({
      options: { ...options, timeoutSeconds: 60 },
      answers: [...Array(5).fill(nothingYet), { release: ofOther() }, nothingYet],
    });

    expect(status).toBe(13);
    expect(text).not.toContain('r-other');
  });

  test('without the permission to start it is an error that names it', async () => {
    const { status, error } = await followed({ options, answers: [nothingYet], startFails: failure('ACCESS_DENIED', 77, 'may not start') });

    expect(status).toBe(77);
    expect(error).toBe('may not start; no release of my-learn-app:main-7 (aaaaaaaaaaaa) was seen');
  });
});

describe('gates', () => {
  const atGates = { options: { endsAtGates: true, timeoutSeconds: 120 } };

  test('approval in CI after a stage has succeeded ends well, with the lines to paste', async () => {
    const { status, text } = await followed({ ...atGates, answers: [{ ...nothingYet, release: waiting('approval') }] });

    expect(status).toBe(0);
    expect(text).toContain('staging succeeded; the release waits for approval before production, until 2026-11-24 12:00 UTC at most');
    expect(text).toContain('https://console.example/r-1');
    expect(text).toContain(`slipway approve my-learn-app production --digest ${digest} --stage prod --region eu-west-1`);
    expect(text).toContain(`slipway reject my-learn-app production --digest ${digest}`);
  });

  test.each([
    ['a window', { ...atGates, answers: [{ ...nothingYet, release: waiting('window') }] }, 0],
    ['a scan, which takes minutes', { ...atGates, answers: [{ ...nothingYet, release: waiting('scan') }] }, 13],
    ['approval before any stage', { ...atGates, answers: [{ ...nothingYet, release: waiting('approval', 'ahead') }] }, 13],
    ['approval outside of CI', { options: { timeoutSeconds: 120 }, answers: [{ ...nothingYet, release: waiting('approval') }] }, 13],
    [
      'approval of the stage that is asked for',
      { options: { ...atGates.options, until: 'production' }, answers: [{ ...nothingYet, release: waiting('approval') }] },
      13,
    ],
    [
      'approval behind the stage that is asked for',
      { options: { ...atGates.options, until: 'staging' }, answers: [{ ...nothingYet, release: waiting('approval') }] },
      0,
    ],
  ])('%s', async (_, given, status) => {
    expect(await followed(given)).toMatchObject({ status });
  });

  test('a time-out at a gate says that the release goes on', async () => {
    const { text } = await followed({ options: { timeoutSeconds: 60 }, answers: [{ ...nothingYet, release: waiting('approval') }] });

    expect(text).toContain('timed out after 1 min: the release waits for approval before production; the release goes on');
  });
});

describe('--until', () => {
  const until = { options: { until: 'staging' } };

  test('a stage that has succeeded ends it while the others go on', async () => {
    const next = release({ stages: [stage('staging', 'succeeded', deployment({ result: deployed })), stage('production', 'running')] });

    expect(await followed({ ...until, answers: [{ ...nothingYet, release: release() }, { release: next }] })).toMatchObject({ status: 0 });
  });

  test('a stage that runs the image already counts, one that was rolled back does not', async () => {
    const skipped = deployment({ result: resultOf('SKIPPED', 'ALREADY_RUNNING', 'x') });
    const undone = {
      ...stage('staging', 'succeeded', deployment({ result: deployed })),
      services: [{ service: 'staging/web', undo: deployment() }],
    };
    const result = resultOf('ROLLED_BACK', 'STAGE_FAILED', 'production failed');

    expect(
      await followed({ ...until, answers: [{ ...nothingYet, release: release({ stages: [stage('staging', 'skipped', skipped)] }) }] }),
    ).toMatchObject({ status: 0 });
    expect(await followed({ ...until, answers: [{ ...nothingYet, release: done({ stages: [undone], result }) }] })).toMatchObject({
      status: 11,
    });
  });

  test('a stage that the release does not reach is no success', async () => {
    const passedOver = [{ stage: 'production', message: 'tag main-7 matches none of the patterns' }];
    const { status, text } = await followed({
      options: { until: 'production' },
      answers: [{ ...nothingYet, release: done({ passedOver, stages: [stage('staging', 'succeeded')] }) }],
    });

    expect(status).toBe(14);
    expect(text).toContain('without stage production: tag main-7 matches none');
  });

  test('a stage that the repository does not have is an error of use', async () => {
    const { status, error } = await followed({
      options: { until: 'stagin' },
      answers: [{ ...nothingYet, explain: explained('DEPLOYED') }],
    });

    expect(status).toBe(64);
    expect(error).toBe('--until stagin is no stage of the repository, which has staging, production');
  });
});

describe('failures of the way to the stack', () => {
  test('a connection that breaks is reported once, and the release is followed on', async () => {
    const { status, lines, requests } = await followed({
      answers: [{ ...nothingYet, release: release() }, lost, lost, failure('THROTTLED', 69), { ...nothingYet, release: done() }],
    });

    expect(status).toBe(0);
    expect(lines.filter((line) => line.includes('no answer, tries again'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('answers again'))).toHaveLength(1);
    expect(requests.map(({ seconds }) => seconds)).toEqual([0, 2, 5, 11, 23]);
  });

  test('a stack that was never reached ends it; throttling does not', async () => {
    expect(await followed({ answers: [lost] })).toMatchObject({
      status: 69,
      error: expect.stringContaining('ECONNRESET'),
      requests: { length: 3 },
    });
    const throttled = Array(9).fill(failure('THROTTLED', 69));
    expect(await followed({ answers: [...throttled, { ...nothingYet, release: done() }] })).toMatchObject({ status: 0 });
  });

  test.each([
    ['NO_STACK', 69],
    ['API_TOO_NEW', 69],
    ['UNREADABLE', 69],
    ['NOT_CONFIGURED', 64],
    ['ACCESS_DENIED', 77],
  ])('%s ends it at once', async (code, status) => {
    expect(await followed({ answers: [failure(code, status, 'why')] })).toMatchObject({ status, error: 'why', requests: { length: 1 } });
  });

  test('credentials that expire say that the release goes on', async () => {
    const expired = failure('EXPIRED_CREDENTIALS', 77, 'the AWS credentials have expired');

    expect(await followed({ answers: [{ ...nothingYet, release: release() }, expired] })).toMatchObject({
      status: 77,
      error: 'the AWS credentials have expired; the release goes on',
    });
  });

  test('a signal says that the release goes on', async () => {
    const { status, text } = await followed({ interruptedAfter: 4, answers: [{ ...nothingYet, release: release() }] });

    expect(status).toBe(exitStatuses.interrupted);
    expect(text).toContain('interrupted; the release goes on');
  });
});

test('an account pays for one request in two seconds at most, and for fewer the longer it takes', async () => {
  const { requests } = await followed({
    options: { startAfterSeconds: 31 },
    answers: [...Array(20).fill(nothingYet), lost, failure('THROTTLED', 69), { release: release() }],
  });
  const gaps = requests.slice(1).map(({ seconds }, place) => seconds - (requests[place]?.seconds ?? 0));

  expect(Math.min(...gaps)).toBe(2);
  expect(gaps.at(-1)).toBeLessThanOrEqual(15);
  expect(requests.length).toBeLessThan(60 + (13 * 60) / 5 + (45 * 60) / 15);
});

describe('a deployment', () => {
  test('is followed by the name of its execution', async () => {
    const target = { deployment: 'd-1' };
    const result = resultOf('ROLLED_BACK', 'UNHEALTHY', 'failed its health check');
    const { status, requests, text } = await followed({
      target,
      answers: [failure('NOT_FOUND', 64), { deployment: deployment() }, { deployment: deployment({ result, phase: 'ended' }) }],
    });

    expect(status).toBe(11);
    expect(requests[0]?.what).toEqual(target);
    expect(text).toContain('slipway show d-1');
  });

  test('that does not exist is an error after two minutes', async () => {
    expect(await followed({ target: { deployment: 'd-0' }, answers: [failure('NOT_FOUND', 64)] })).toMatchObject({
      status: 64,
      seconds: 120,
    });
  });
});
