import fc from 'fast-check';
import { type Check, type FindingCode, withSeverity } from '../../../core/preflight/finding.js';
import {
  type AlarmFound,
  alarmChecks,
  newestChecks,
  type Revision,
  roleChecks,
  sizeChecks,
  verificationAlarmChecks,
} from '../../../core/preflight/service-checks.js';
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

const found = (...alarms: AlarmFound[]): ReadonlyMap<string, AlarmFound> => new Map(alarms.map((alarm) => [alarm.name, alarm]));
const alarm = (name: string, isInAlarm = false, evaluationSeconds = 60): AlarmFound => ({ name, isInAlarm, evaluationSeconds });

test('the alarms that are in ALARM are one finding', () => {
  expect(alarmChecks(service, ['a', 'b', 'c'], found(alarm('a', true), alarm('b'), alarm('c', true), alarm('d', true)))).toMatchObject([
    { code: 'ALARM', message: expect.stringContaining('a, c') },
  ]);
  expect(alarmChecks(service, ['a'], found(alarm('d', true)))).toEqual([]);
});

test.each<[string, string[], number, AlarmFound[], [string, string][]]>([
  ['that exist and may fire in the bake', ['a', 'b'], 60, [alarm('a'), alarm('b')], []],
  ['of which two do not exist', ['a', 'b', 'c'], 60, [alarm('b')], [['ALARM_MISSING', 'alarm a, c of "verify"']]],
  ['that is in ALARM', ['a'], 60, [alarm('a', true)], [['ALARM', 'cannot verify']]],
  ['that evaluates over longer than the bake', ['a', 'b'], 299, [alarm('a', false, 300), alarm('b')], [['BAKE_TOO_SHORT', '4 min 59 s']]],
  ['that evaluates over as long as the bake', ['a'], 300, [alarm('a', false, 300)], []],
  ['a composite one, whose periods are not its own', ['a'], 60, [{ name: 'a', isInAlarm: false }], []],
])('alarms of a verification %s', (_, alarms, bakeSeconds, existing, expected) => {
  expect(verificationAlarmChecks(service, { alarms, bakeSeconds }, found(...existing))).toEqual(
    expected.map(([code, text]) => ({ code, service, message: expect.stringContaining(text) })),
  );
});

test('a verification without alarms has none to check', () => {
  expect(verificationAlarmChecks(service, { bakeSeconds: 60 }, found())).toEqual([]);
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
  'BEFORE_TASK_CONTAINER',
  'BEFORE_TASK_RESTARTS',
  'BEFORE_TASK_VOLUME',
  'BEFORE_TASK_SERVICE_CONNECT',
  'ALARM_MISSING',
  'BAKE_TOO_SHORT',
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

  const never = ['NEWER_REVISION', 'NOT_CONFIGURED', 'NOT_CHECKED'];
  expect(blocking('require')).toEqual(['BEFORE_TASK_SERVICE_CONNECT', 'BAKE_TOO_SHORT', ...never]);
  expect(blocking('warn')).toEqual(['BEFORE_TASK_SERVICE_CONNECT', 'BAKE_TOO_SHORT', 'ALARM', ...never]);
  expect(blocking(undefined)).toEqual(blocking('warn'));
});
