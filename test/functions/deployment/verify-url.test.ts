import type { Configuration, UrlCheck } from '../../../core/configuration/configuration.js';
import type { VerifyUrlInput } from '../../../core/step/contracts.js';
import type { Answer } from '../../../core/verification/url-check.js';
import { verifyUrl } from '../../../functions/deployment/verify-url.js';
import { configuration } from '../../core/given.js';

const check: UrlCheck = { url: 'https://user.example.com/health?token=hunter2', status: 200, everySeconds: 10, withinSeconds: 120 };
const answered = (status: number, body = ''): Answer => ({ kind: 'answered', status, body, bytes: body.length });

const now = '2026-11-23T09:00:00.000Z';
const configured = (url: UrlCheck): Configuration => {
  const [repository = '', settings] = Object.entries(configuration.repositories)[0] ?? [];
  const stages = (settings?.stages ?? []).map((stage) => ({
    ...stage,
    services: stage.services.map((each) => (each.service === 'production/web' ? { ...each, verify: { url } } : each)),
  }));
  return { ...configuration, repositories: { [repository]: { ...settings, name: repository, tags: ['*'], stages } } };
};

const after = (seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString();

/** Runs the step on timers of its own; a request takes one second. */
const given = async (answers: readonly Answer[], change: Partial<UrlCheck> = {}, input: Partial<VerifyUrlInput> = {}) => {
  let time = 0;
  let timers: { at: number; run: () => void }[] = [];
  const requestedAt: number[] = [];
  const setTimeout = (run: () => void, milliseconds: number) => {
    const timer = { at: time + milliseconds / 1000, run };
    timers.push(timer);
    return timer;
  };
  const running = verifyUrl({
    configuration: configured({ ...check, ...change }),
    request: () => {
      const answer = answers[Math.min(requestedAt.length, answers.length - 1)] as Answer;
      requestedAt.push(time);
      return new Promise((resolve) => setTimeout(() => resolve(answer), 1000));
    },
    timers: { setTimeout, clearTimeout: (timer) => (timers = timers.filter((each) => each !== timer)) },
  })({ service: 'production/web', record: 'd#1', execution: 'e', repository: 'my-learn-app', until: after(120), now, ...input });
  let isOver = false;
  void running.finally(() => (isOver = true)).catch(() => {});
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    const [next] = timers.toSorted((one, other) => one.at - other.at);
    if (isOver || !next) break;
    timers = timers.filter((timer) => timer !== next);
    time = next.at;
    next.run();
  }
  return { probe: await running, requestedAt, endedAt: time, timers: timers.length };
};

test('the URL passes with its first answer that is as expected, and no timer is left', async () => {
  const { probe, requestedAt, endedAt, timers } = await given([answered(503), { kind: 'silent', code: 'ECONNREFUSED' }, answered(200)]);

  expect(probe).toEqual({ outcome: 'passed', seen: 'https://user.example.com/health?… answered with status 200' });
  expect([requestedAt, endedAt, timers]).toEqual([[0, 10, 20], 21, 0]);
});

test.each([
  ['another status', answered(503), 'failed', 'answered with status 503; expected 200'],
  ['a redirect', answered(302), 'failed', 'answered with status 302, a redirect, which is not followed; expected 200'],
  ['another text', answered(200, 'starting'), 'failed', 'of which 8 bytes were read, does not contain the expected text'],
  ['no answer', { kind: 'silent', code: 'ECONNRESET' }, 'failed', 'did not answer: ECONNRESET'],
  ['no answer in time', { kind: 'slow' }, 'failed', 'did not answer within 10 seconds'],
  ['a certificate that does not verify', { kind: 'untrusted', code: 'CERT_HAS_EXPIRED' }, 'refused', 'does not verify: CERT_HAS_EXPIRED'],
  ['a name without address', { kind: 'unresolved', code: 'ENOTFOUND' }, 'refused', 'DNS has no address'],
] as const)('requests are repeated until the time is over: %s', async (_, answer, outcome, seen) => {
  const { probe, requestedAt, endedAt, timers } = await given([answer], { body: 'ok' });

  expect(probe).toEqual({ outcome, seen: expect.stringContaining(seen) });
  expect(requestedAt).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]);
  expect([endedAt, timers]).toEqual([120, 0]);
});

test.each(['10.0.0.1', '169.254.169.254', '::1'])('a refused address ends the check at once: %s', async (address) => {
  const { probe, requestedAt, endedAt, timers } = await given([answered(503), { kind: 'refused', address }]);

  expect(probe).toEqual({ outcome: 'refused', seen: expect.stringContaining(address) });
  expect([requestedAt, endedAt, timers]).toEqual([[0, 10], 11, 0]);
});

test('the last answer decides: a host that lost its certificate says nothing of the image', async () => {
  const { probe } = await given([answered(503), { kind: 'untrusted', code: 'CERT_HAS_EXPIRED' }]);

  expect(probe.outcome).toBe('refused');
});

test('an expected text must be in the body, and the expected status may be any', async () => {
  const { probe } = await given([answered(200, 'ok'), answered(418, 'teapot'), answered(418, 'status: ok')], { status: 418, body: 'ok' });

  expect(probe).toEqual({ outcome: 'passed', seen: 'https://user.example.com/health?… answered with status 418 and the expected text' });
});

test('one invocation requests for 290 seconds, and the next one has the rest of the time', async () => {
  const first = await given([answered(503)], { withinSeconds: 420 }, { until: after(420) });
  const second = await given([answered(503)], { withinSeconds: 420 }, { until: after(420), now: after(300) });

  expect([first.probe.outcome, first.requestedAt.length, first.endedAt]).toEqual(['continues', 29, 290]);
  expect([second.probe.outcome, second.requestedAt.length, second.endedAt]).toEqual(['failed', 12, 120]);
});

test('an invocation that comes too late requests once', async () => {
  const late = { until: after(-60) };

  expect(await given([answered(503), answered(200)], {}, late)).toMatchObject({ probe: { outcome: 'failed' }, requestedAt: [0] });
  expect(await given([answered(200)], {}, late)).toMatchObject({ probe: { outcome: 'passed' }, requestedAt: [0] });
});

test('a request that takes longer than the pause is followed by the next one', async () => {
  const { requestedAt } = await given([answered(503)], { everySeconds: 1 }, { until: after(3) });

  expect(requestedAt).toEqual([0, 1, 2]);
});

test('nothing of a query or an expected text is in what was seen', async () => {
  const { probe } = await given([answered(200, 'starting')], { body: 'hunter2' });

  expect(JSON.stringify(probe)).not.toContain('hunter2');
});

test('a service without a URL is an error', async () => {
  await expect(given([answered(200)], {}, { service: 'production/worker' })).rejects.toThrow(
    'no URL is configured to verify production/worker with an image of my-learn-app',
  );
});
