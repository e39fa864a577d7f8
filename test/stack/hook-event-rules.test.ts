import { compilePattern } from '../../emulator/events/pattern.js';
import { sizeOf } from '../../stack/cloudformation.js';
import { ecsEventRules } from '../../stack/ecs-event-rules.js';
import { PATTERN_LIMIT } from '../../stack/event-patterns.js';
import { hookEventRules } from '../../stack/hook-event-rules.js';
import { parseConfiguration } from '../../stack/read-configuration.js';
import { taskEvent } from '../core/input/given-ecs-events.js';
import { withRepository } from './given-configuration.js';

const withStage = (stage: string, ...more: string[]) =>
  parseConfiguration(
    [withRepository('tags: [v1]', ...more, `stages: [{name: only, ${stage}}]`), 'passRoles: ["arn:aws:iam::123456789012:role/task"]'].join(
      '\n',
    ),
    'slipway.yml',
  );

const plain = withStage('services: [a/web]');
const verified = (alarms: readonly string[]) =>
  withStage(`services: [{service: a/web, verify: {bake: 5m, alarms: ${JSON.stringify(alarms)}}}, a/x]`);
const scanned = withStage('services: [a/web]', 'scan: {block: HIGH}');

type Rules = ReturnType<typeof hookEventRules>;

const filledIn = (pattern: unknown): object =>
  JSON.parse(
    JSON.stringify(pattern).replaceAll('{"Ref":"AWS::AccountId"}', '"123456789012"').replaceAll('{"Ref":"AWS::Region"}', '"eu-west-1"'),
  );

/** The logical IDs of the rules that an event matches. */
const matching = (rules: Rules, event: object): string[] =>
  Object.entries(rules)
    .filter(([, { Properties }]) => compilePattern(filledIn(Properties.EventPattern))(event))
    .map(([id]) => id);

const event = { account: '123456789012', region: 'eu-west-1' };

const alarmEvent = (alarmName: string, value = 'ALARM', of: object = event) => ({
  ...of,
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  resources: [`arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${alarmName}`],
  detail: { alarmName, state: { value, timestamp: '2026-11-27T12:00:00.000+0000' }, previousState: { value: 'OK' } },
});

const basicScan = (name: string) => ({
  ...event,
  source: 'aws.ecr',
  'detail-type': 'ECR Image Scan',
  detail: { 'scan-status': 'COMPLETE', 'repository-name': name, 'image-digest': 'sha256:1' },
});

const enhancedScan = (name: string) => ({
  ...event,
  source: 'aws.inspector2',
  'detail-type': 'Inspector2 Scan',
  detail: { 'scan-status': 'INITIAL_SCAN_COMPLETE', 'repository-name': `arn:aws:ecr:eu-west-1:123456789012:repository/${name}` },
});

test('a file without alarms and scans has no rules for them', () => {
  expect(hookEventRules('dev', plain)).toEqual({});
});

test('the rules of alarms invoke handleAlarmEvent', () => {
  const { AlarmRule1 } = hookEventRules('dev', verified(['web-5xx']));

  expect(AlarmRule1?.Properties).toMatchObject({
    Name: 'slipway-dev-alarms-1',
    Targets: [
      {
        Id: 'handleAlarmEvent',
        Arn: { 'Fn::GetAtt': ['HandleAlarmEventLambdaFunction', 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['UnhandledEvents', 'Arn'] } },
      },
    ],
  });
});

test.each<[string, object, string[]]>([
  ['an alarm that goes into ALARM', alarmEvent('web-5xx'), ['AlarmRule1']],
  ['an alarm that goes back to OK', alarmEvent('web-5xx', 'OK'), []],
  ['an alarm without data', alarmEvent('web-5xx', 'INSUFFICIENT_DATA'), []],
  ['another alarm', alarmEvent('web-5xx-2'), []],
  ['an alarm of another account', alarmEvent('web-5xx', 'ALARM', { ...event, account: '210987654321' }), []],
  ['an alarm of another Region', alarmEvent('web-5xx', 'ALARM', { ...event, region: 'us-east-1' }), []],
])('of %s, the rules pass what wakes a deployment', (_, sent, ids) => {
  expect(matching(hookEventRules('dev', verified(['latency', 'web-5xx'])), sent)).toEqual(ids);
});

test('a hundred alarms with long names need several rules, each of which EventBridge accepts', () => {
  const names = Array.from({ length: 100 }, (_, index) => `${'payments '.repeat(20)}${index}`);
  const rules = hookEventRules('dev', verified(names));

  expect(Object.keys(rules)).toHaveLength(10);
  expect(names.map((name) => matching(rules, alarmEvent(name)).length)).toEqual(names.map(() => 1));
  for (const { Properties } of Object.values(rules)) expect(sizeOf(Properties.EventPattern as object)).toBeLessThanOrEqual(PATTERN_LIMIT);
});

test.each<[string, object, string[]]>([
  ['basic scanning', basicScan('app'), ['BasicScanRule1']],
  ['enhanced scanning, which names the repository by its ARN', enhancedScan('app'), ['EnhancedScanRule1']],
  ['basic scanning, of another repository', basicScan('app-2'), []],
  ['enhanced scanning, of a repository whose name ends alike', enhancedScan('team/app'), []],
  ['enhanced scanning, of another account', { ...enhancedScan('app'), account: '210987654321' }, []],
])('the rules of scans and %s', (_, sent, ids) => {
  expect(matching(hookEventRules('dev', scanned), sent)).toEqual(ids);
});

describe('the rule of before tasks', () => {
  const run = (detail: object = {}) =>
    taskEvent(1, {
      detail: { group: 'family:web', startedBy: 'slipway-dev-before/web', stoppedReason: 'Essential container in task exited', ...detail },
    });
  const ofStage = withStage('before: {command: [x]}, services: [a/web]');
  const ofService = withStage('services: [{service: a/web, before: {command: [x]}}]');

  test.each([
    ['of a stage', ofStage],
    ['of a service', ofService],
  ])('%s passes a task that has ended', (_, configuration) => {
    const rules = ecsEventRules('dev', configuration);

    expect(rules.EcsRunRule1?.Properties.Name).toBe('slipway-dev-ecs-runs-1');
    expect(matching(rules, run())).toEqual(['EcsRunRule1']);
    expect(matching(rules, run({ lastStatus: 'STOPPED' }))).toEqual(['EcsRunRule1']);
  });

  test.each([
    ['a task that runs', { desiredStatus: 'RUNNING', lastStatus: 'RUNNING' }],
    ['a task whose containers run', { lastStatus: 'STOPPING' }],
    ['a task of another stack', { startedBy: 'slipway-prod-before/web' }],
    ['a task of an operator', { startedBy: 'ada' }],
    ['a task without who started it', { startedBy: undefined }],
  ])('does not pass %s', (_, detail) => {
    expect(matching(ecsEventRules('dev', ofStage), run(detail))).toEqual([]);
  });

  test('is absent without any', () => {
    expect(Object.keys(ecsEventRules('dev', plain))).toEqual(['EcsTaskRule1', 'EcsServiceRule1', 'EcsHookRule1']);
  });
});
