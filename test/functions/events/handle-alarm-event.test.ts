import { handleAlarmEvent, step } from '../../../functions/events/handle-alarm-event.js';
import { configuration, later } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { item } from '../deployment/given-rollout.js';
import { verifying } from '../deployment/given-verification.js';
import { sdkError } from '../given-failure.js';
import { givenTokens } from '../given-waiting.js';

const service = 'production/web';
const record = item.record;

/** As CloudWatch sends it (CloudWatch User Guide, "Alarm events and EventBridge"). */
const event = (value = 'ALARM', timestamp = '2026-11-23T12:05:00.000+0000', alarmName = 'web-5xx') => ({
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  time: '2026-11-23T12:05:01Z',
  detail: { alarmName, state: { value, reason: 'Threshold crossed', timestamp }, previousState: { value: 'OK' } },
});

const given = (changes: object = { verifying: 'holds' }) => {
  const table = givenTable({ watched: { [service]: { ...item, token: 'one', ...changes } } });
  const { tokens, taken } = givenTokens();
  const handle = handleAlarmEvent({ configuration: verifying({ alarms: ['web-5xx'], bakeSeconds: 300 }), watch: table.watch, tokens });
  return { table, tokens, taken, handle };
};
const did = (what: string) => [{ did: what, service, time: later }];

test('an alarm is written before it wakes the verification that it guards', async () => {
  const { table, taken, handle } = given();

  expect(await handle(event())).toEqual(did('woken'));
  expect(taken).toEqual([['one', 'Woken']]);
  expect(await table.watchItem(service)).toMatchObject({ 'alarm#web-5xx': later, news: 2 });
  expect(await table.watch.of(service)).toMatchObject({ alarmEvents: [{ name: 'web-5xx', at: later }] });
});

test('an alarm during the rollout is kept for the verification that may begin just now, and wakes nothing', async () => {
  const { table, taken, handle } = given({});

  expect(await handle(event())).toEqual(did('none'));
  expect(taken).toEqual([]);
  expect(await table.watchItem(service)).toMatchObject({ 'alarm#web-5xx': later, news: 1 });
});

test('is not lost if the verification begins between its two writes', async () => {
  const { table, handle } = given({});
  const original = table.table.change.bind(table.table);
  let writes = 0;
  table.table.change = async (...asked) => {
    const answer = await original(...asked);
    writes += 1;
    if (writes === 1) await table.watch.beginVerification(service, record, 'holds');
    return answer as never;
  };

  expect(await handle(event())).toEqual(did('woken'));
});

test.each([
  ['an older event that comes late', '2026-11-23T12:04:00.000+0000'],
  ['the same event again, which may have woken nothing the first time,', '2026-11-23T12:05:00.000+0000'],
])('%s leaves the newest time', async (_, timestamp) => {
  const { table, handle } = given({ verifying: 'holds', 'alarm#web-5xx': later });

  await handle(event('ALARM', timestamp));
  expect(await table.watchItem(service)).toMatchObject({ 'alarm#web-5xx': later, news: timestamp.includes('12:05') ? 2 : 1 });
});

test.each([
  ['of a service that no deployment watches', event(), [{ did: 'unwatched', service, time: later }]],
  ['of another alarm', event('ALARM', undefined, 'worker-5xx'), []],
  ['of an alarm that is OK', event('OK'), [{ did: 'unknown' }]],
  ['of another service of AWS', { ...event(), source: 'aws.ecs' }, [{ did: 'unknown' }]],
  ['that is none', 'ALARM', [{ did: 'unknown' }]],
])('an event %s does nothing', async (_, input, answer) => {
  const { table, taken, handle } = given();
  await table.watch.close(service, record);

  expect(await handle(input)).toEqual(answer);
  expect(taken).toEqual([]);
});

test('is repeated if AWS fails for a moment', async () => {
  const { tokens, taken, handle } = given();
  jest.spyOn(tokens, 'wake').mockRejectedValueOnce(sdkError('ThrottlingException'));

  expect(await handle(event())).toEqual(did('woken'));
  expect(taken).toHaveLength(1);
});

test('a failed task beyond the limit wakes a verification, and answers no rollback, which would be its success', async () => {
  const failed = { failed: new Set(['1', '2', '3']), news: 1, seen: 1 };
  const { taken, handle } = given({ ...failed });
  const waits = given({ ...failed, verifying: 'holds' });

  await handle(event());
  await waits.handle(event());
  expect(taken).toEqual([['one', expect.objectContaining({ action: 'rollBack' })]]);
  expect(waits.taken).toEqual([['one', 'Woken']]);
});

test('a stack has it only if a service names alarms', () => {
  expect(step.onlyIf(configuration)).toBe(false);
  expect(step.onlyIf(verifying({ bakeSeconds: 300 }))).toBe(false);
  expect(step.onlyIf(verifying({ alarms: ['web-5xx'], bakeSeconds: 300 }))).toBe(true);
});
