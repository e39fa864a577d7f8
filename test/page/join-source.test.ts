import { CommandError } from '../../cli/command-error.js';
import type { Finding } from '../../core/doctor/finding.js';
import { joinSource, type Parts } from '../../page/server/join-source.js';

const given = (parts: { readonly [Part in keyof Parts]?: unknown } = {}) => {
  let now = 0;
  const live = { refreshed: 0 };
  const source = joinSource(
    {
      live: { refresh: () => live.refreshed++ },
      details: {},
      commands: {},
      repositories: async () => ['shop/api', 'shop/proxy'],
      imagesOf: async () => [],
      diagnose: async () => [],
      ...parts,
    } as unknown as Parts,
    () => now,
  );
  const pass = (milliseconds: number): void => {
    now += milliseconds;
  };
  return { source, live, pass };
};

test.each([
  ['EXPIRED_CREDENTIALS', 'CREDENTIALS_EXPIRED'],
  ['ACCESS_DENIED', 'ACCESS_DENIED'],
  ['API_TOO_OLD', 'OTHER_VERSION'],
  ['NOT_FOUND', 'NOT_FOUND'],
])('an error %s of the stack’s client is answered as %s', async (code, reason) => {
  const failing = async () => {
    throw new CommandError('why', { code });
  };
  const { source } = given({ details: { service: failing }, live: { overview: failing } });

  await expect(source.service('production/web')).rejects.toMatchObject({ error: { reason, message: 'why' } });
  await expect(source.overview()).rejects.toMatchObject({ error: { reason } });
});

test('what is wrong in the page itself stays an error of the page', async () => {
  const bug = new TypeError('of the page');
  const { source } = given({
    details: {
      insights: async () => {
        throw bug;
      },
    },
  });

  await expect(source.insights({ months: 12, stage: 'last' })).rejects.toBe(bug);
});

test.each([
  ['done', async () => ({ message: 'started' })],
  [
    'refused',
    async () => {
      throw new CommandError('another image waits');
    },
  ],
])('a command that was %s is followed by a read', async (_, run) => {
  const { source, live } = given({ commands: { run } });

  await source.run({ command: 'unhold', service: '*' }, 'key-0001').catch(() => {});

  expect(live.refreshed).toBe(1);
});

test('pages share a diagnosis for five minutes, and a failed one is made again', async () => {
  let asked = 0;
  const finding: Finding = { code: 'QUERY_FAILED', severity: 'error', subject: 'query', message: 'why', toDo: 'do this' };
  const diagnose = async () => {
    if (++asked === 1) throw new CommandError('throttled', { code: 'THROTTLED' });
    return [finding];
  };
  const { source, pass } = given({ diagnose });

  await expect(source.doctor()).rejects.toMatchObject({ status: 503 });
  const answers = await Promise.all([source.doctor(), source.doctor()]);
  pass(299_999);
  await source.doctor();
  expect(asked).toBe(2);
  pass(1);
  await source.doctor();

  expect(asked).toBe(3);
  expect(answers[1]).toEqual([{ severity: 'error', message: 'why', toDo: 'do this' }]);
});

test('images are listed the newest first, under each of their tags, without what is none', async () => {
  const pushed = [
    { digest: 'sha256:1', tags: ['main-1'], pushedAt: '2026-11-26T09:00:00.000Z' },
    {
      digest: 'sha256:3',
      tags: ['chart-1'],
      pushedAt: '2026-11-28T09:00:00.000Z',
      artifactType: 'application/vnd.cncf.helm.config.v1+json',
    },
    {
      digest: 'sha256:2',
      tags: ['main-2', 'v1.0.0'],
      pushedAt: '2026-11-27T09:00:00.000Z',
      artifactType: 'application/vnd.docker.container.image.v1+json',
    },
  ];
  const { source } = given({ imagesOf: async () => pushed });

  const { images } = await source.images('shop/api');

  expect(images.map(({ tag }) => tag)).toEqual(['main-2', 'v1.0.0', 'main-1']);
});

test('a repository that is not configured is not asked for: the nearest one is named', async () => {
  let asked = 0;
  const { source } = given({ imagesOf: async () => [asked++] });

  await expect(source.images('shop/apy')).rejects.toMatchObject({
    status: 404,
    error: { reason: 'NOT_FOUND', suggestions: [{ name: 'shop/api', href: '/history?repository=shop%2Fapi' }] },
  });
  expect(asked).toBe(0);
});
