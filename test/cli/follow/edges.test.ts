import { secondsToNext } from '../../../cli/follow/pace.js';
import type { Explanation } from '../../../core/policy/explain.js';
import { resultOf } from '../../../core/result/result.js';
import { at, deployed, deployment, done, followed, image, otherDigest, release, stage } from './given.js';

const nothingYet = { image: image() };
const rule = (name: string, code: Explanation['code']): Explanation => ({
  stage: name,
  isDeployed: code === 'DEPLOYED',
  code,
  message: '',
});
const skipped = (reason: 'ALREADY_RUNNING' | 'ON_HOLD') => deployment({ result: resultOf('SKIPPED', reason, 'x') });

test('--since counts to the second, as the times of pushes do', async () => {
  const options = { since: '2026-11-23T11:59:55.700Z' };
  expect(await followed({ options, answers: [nothingYet, { release: done() }] })).toMatchObject({ status: 0 });
});

describe('a slipway.yml that changes while the release runs changes nothing about it', () => {
  test.each([
    ['takes the stage of --until out', { until: 'production' }, [rule('staging', 'DEPLOYED')]],
    ['takes the tag no longer', {}, [rule('staging', 'TAG_NOT_MATCHED')]],
  ])('it %s', async (_, options, explain) => {
    const stages = [stage('staging', 'succeeded', deployment({ result: deployed })), stage('production', 'succeeded')];
    const before = { ...nothingYet, explain: [rule('staging', 'DEPLOYED'), rule('production', 'DEPLOYED')], release: release() };
    const { status } = await followed({ options, answers: [before, { ...nothingYet, explain }, { release: done({ stages }) }] });

    expect(status).toBe(0);
  });
});

test('a tag that one stage takes and another does not is waited for', async () => {
  const explain = [rule('staging', 'DEPLOYED'), rule('production', 'TAG_NOT_MATCHED')];
  expect(await followed({ answers: [{ ...nothingYet, explain }, { release: done() }] })).toMatchObject({ status: 0 });
});

test('a start that took the image of a moved tag is the only one', async () => {
  const moved = done({ image: { repository: 'my-learn-app', digest: otherDigest } });
  const options = { startAfterSeconds: 2, timeoutSeconds: 20 };
  const { status, requests } = await followed({ options, answers: [nothingYet, { release: moved }, nothingYet] });

  expect(status).toBe(13);
  expect(requests.filter(({ what }) => 'input' in what)).toHaveLength(1);
});

test('a start is named after the push: an image that is pushed once more is another start', async () => {
  const nameOf = async (pushedAt: string) => {
    const options = { startAfterSeconds: 2, timeoutSeconds: 5 };
    const { requests } = await followed({ options, answers: [{ image: image({ pushedAt }) }] });
    return requests.flatMap(({ what }) => ('name' in what ? what.name : []));
  };
  const [one, again, other] = await Promise.all([nameOf(at(-5)), nameOf(at(-5)), nameOf(at(-4))]);

  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
});

describe('--until a stage that does not have the image is no success', () => {
  test.each([
    ['its tag passed it over, and the stage before runs the image', [stage('staging', 'skipped', skipped('ALREADY_RUNNING'))]],
    [
      'one of its services runs it, another is held',
      [
        {
          ...stage('production', 'skipped'),
          services: (['ALREADY_RUNNING', 'ON_HOLD'] as const).map((reason) => ({ service: reason, deployment: skipped(reason) })),
        },
      ],
    ],
  ])('%s', async (_, stages) => {
    const result = resultOf('SKIPPED', 'ALREADY_RUNNING', 'staging/web runs it');
    const { status } = await followed({
      options: { until: 'production' },
      answers: [{ ...nothingYet, release: done({ stages, result }) }],
    });

    expect(status).toBe(14);
  });
});

test('ends at --timeout, and not at the request after it', async () => {
  expect(await followed({ options: { timeoutSeconds: 3 }, answers: [nothingYet] })).toMatchObject({ status: 13, seconds: 3 });
});

test('each request is sent once: attempts of the SDK would come on top', async () => {
  expect(await followed({ answers: [{ release: done(), ...nothingYet }] })).toMatchObject({ connections: [{ attempts: 1 }] });
});

test('a failure asks no sooner than an answer does', () => {
  expect(secondsToNext({ begunAt: 0, failures: 1 }, 16 * 60_000, 0)).toBe(15);
});
