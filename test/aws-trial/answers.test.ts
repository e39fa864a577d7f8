import { checkResultOf } from '../../verification/aws/compare.js';
import { redacted } from '../../verification/aws/redact.js';

const account = '111122223333';

describe('saved answers do not have', () => {
  test.each([
    ['the account', `arn:aws:ecs:eu-west-1:${account}:service/a/b`, 'arn:aws:ecs:eu-west-1:123456789012:service/a/b'],
    ['a user', `arn:aws:iam::${account}:user/people/ada.l`, 'arn:aws:iam::123456789012:user/developer'],
    [
      'a session',
      `arn:aws-cn:sts::${account}:assumed-role/admin/ada@example.com`,
      'arn:aws-cn:sts::123456789012:assumed-role/role/session',
    ],
    ['an access key', 'AKIAIOSFODNN7EXAMPLE', 'AKIA***'],
    ['the ID of a role with its session', 'AROA56WBWNNBLSQ5BPONK:ada@example.com', 'AROA***'],
    ['a task token in a text', `{"token":"AQCEAAAAKgAAAAMAAAAA${'aB3/'.repeat(60)}=="}`, '{"token":"***"}'],
  ])('%s', (_, text, expected) => {
    expect(redacted({ list: [{ text }] }, account)).toEqual({ list: [{ text: expected }] });
  });

  test('tokens by their members, and the values of environment variables and secrets', () => {
    const container = {
      environment: [{ name: 'DATABASE_URL', value: 'postgres://ada:s3cret@database' }],
      secrets: [{ name: 'KEY', valueFrom: 'arn:aws:ssm:eu-west-1:111122223333:parameter/key' }],
    };

    expect(redacted({ nextToken: 'abc', containerDefinitions: [container] }, account)).toEqual({
      nextToken: '***',
      containerDefinitions: [{ environment: [{ name: 'DATABASE_URL', value: '***' }], secrets: [{ name: 'KEY', valueFrom: '***' }] }],
    });
  });

  test('anything else changed: digests, dates and ARNs of roles stay', () => {
    const kept = { digest: `sha256:${'0a'.repeat(32)}`, at: '2026-11-27T10:00:00.000Z', role: 'arn:aws:iam::123456789012:role/a' };

    expect(redacted(kept, account)).toEqual(kept);
  });
});

describe('a check is', () => {
  const found = { problems: [], facts: { result: 'OK', codes: [] } };

  test.each([
    ['ok if the emulator says the same', found, found, 'ok', []],
    ['ok without an emulator, and says so', found, undefined, 'ok', ['not compared with the emulator']],
    [
      'different where a fact differs, with both',
      found,
      { ...found, facts: { result: 'OK', codes: ['NO_DOLLAR'] } },
      'differs',
      ['codes: here [], on the emulator ["NO_DOLLAR"]'],
    ],
    [
      'different where only one has a fact',
      { ...found, facts: { result: 'OK' } },
      found,
      'differs',
      ['codes: here nothing, on the emulator []'],
    ],
    ['different where only the emulator fails', found, { ...found, problems: ['no release'] }, 'differs', ['on the emulator: no release']],
    ['different where the emulator could not make it', found, { ...found, skipped: 'why' }, 'differs', ['the emulator skipped it: why']],
    ['failed with its problems, also where the emulator passes', { ...found, problems: ['denied'] }, found, 'failed', ['denied']],
    ['skipped with its reason', { ...found, skipped: 'no image' }, undefined, 'skipped', ['no image']],
    ['ok with what only depends on the moment', { ...found, notes: ['retried'] }, found, 'ok', ['retried']],
  ] as const)('%s', (_, here, there, status, details) => {
    expect(checkResultOf('push', here, there)).toEqual({ name: 'push', status, details });
  });
});
