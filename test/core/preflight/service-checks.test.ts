import fc from 'fast-check';
import { type Check, type FindingCode, withSeverity } from '../../../core/preflight/finding.js';
import { alarmChecks, newestChecks, type Revision, roleChecks, sizeChecks } from '../../../core/preflight/service-checks.js';
import { revisionArn } from '../given.js';

const service = 'production/web';
const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
const revision = (definition: Revision['definition'] = {}, number = 7, tags: Revision['tags'] = []): Revision => ({
  revision: revisionArn(number),
  definition,
  tags,
});

test.each<[string, Revision['definition'], string[] | undefined, number]>([
  ['any role without passRoles', { taskRoleArn: role('a') }, undefined, 0],
  ['no roles', {}, [role('a')], 0],
  ['both roles named', { taskRoleArn: role('a'), executionRoleArn: role('teams/b') }, [role('a'), role('teams/b')], 0],
  ['one role that is not named', { taskRoleArn: role('a'), executionRoleArn: role('b') }, [role('a')], 1],
  ['two roles that are not named', { taskRoleArn: role('a'), executionRoleArn: role('b') }, [role('c')], 2],
  ['a role given by its name', { taskRoleArn: 'a' }, [role('teams/a')], 0],
  ['a role whose name ends like one that is named', { taskRoleArn: role('xa') }, [role('a')], 1],
])('a revision with %s', (_, definition, passRoles, count) => {
  expect(roleChecks(service, revision(definition), passRoles)).toHaveLength(count);
});

test.each([
  ['a', 65_536, 0],
  ['a', 65_537, 1],
  // Two bytes each.
  ['é', 65_536, 0],
  ['é', 65_538, 1],
])('a copy of "%s" until it has %i bytes', (character, bytes, count) => {
  const frame = new TextEncoder().encode(JSON.stringify({ family: '' })).length;
  const copy = { family: character.repeat((bytes - frame) / new TextEncoder().encode(character).length) };

  expect(sizeChecks(service, revisionArn(7), copy)).toHaveLength(bytes - frame === 0 ? 0 : count);
});

test('the alarms that are in ALARM are one finding', () => {
  expect(alarmChecks(service, ['a', 'b', 'c'], new Set(['a', 'c', 'd']))).toMatchObject([
    { code: 'ALARM', message: expect.stringContaining('a, c') },
  ]);
  expect(alarmChecks(service, ['a'], new Set(['d']))).toEqual([]);
});

test.each<[string, Revision, number]>([
  ['the one that runs', revision({}, 7), 0],
  ['one that another deployer registered', revision({}, 8), 1],
  ['one that Slipway registered, and rolled back', revision({}, 8, [{ key: 'slipway:execution', value: 'x' }]), 0],
])('the newest revision is %s', (_, newest, count) => {
  expect(newestChecks(service, revisionArn(7), newest)).toHaveLength(count);
});

const codes: readonly FindingCode[] = [
  'IMAGE_MISSING',
  'IMAGE_NOT_ACTIVE',
  'NOT_AN_IMAGE',
  'IMAGE_INCOMPLETE',
  'PLATFORM_MISMATCH',
  'SERVICE_NOT_DEPLOYABLE',
  'CONTAINER_MISSING',
  'REVISION_MISSING',
  'ROLE_NOT_PASSABLE',
  'REVISION_TOO_LARGE',
  'ALARM',
  'NEWER_REVISION',
  'NOT_CONFIGURED',
  'NOT_CHECKED',
];
const checks = fc.array(fc.constantFrom(...codes).map((code): Check => ({ code, message: code })));
const alarms = fc.constantFrom(undefined, 'warn' as const, 'require' as const);

test('only the stage that is about to begin is blocked', () => {
  fc.assert(
    fc.property(checks, alarms, (all, mode) =>
      withSeverity(all, { isCurrent: false, alarms: mode }).every(({ severity }) => severity === 'warn'),
    ),
  );
});

test('an alarm blocks where the stage requires that, and what no deployment fails of never does', () => {
  const blocking = (mode: 'warn' | 'require' | undefined) =>
    withSeverity(
      codes.map((code) => ({ code, message: '' })),
      { isCurrent: true, alarms: mode },
    ).flatMap(({ code, severity }) => (severity === 'warn' ? code : []));

  expect(blocking('require')).toEqual(['NEWER_REVISION', 'NOT_CONFIGURED', 'NOT_CHECKED']);
  expect(blocking('warn')).toEqual(['ALARM', 'NEWER_REVISION', 'NOT_CONFIGURED', 'NOT_CHECKED']);
  expect(blocking(undefined)).toEqual(blocking('warn'));
});
