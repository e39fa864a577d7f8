import { type HookTrace, hookViolations } from '../../verification/hook-oracle.js';

const minutes = 60_000;
const bakeMs = 5 * minutes;
const at = (minute: number): string => new Date(minute * minutes).toISOString();

/** A deployment that migrates for a minute, rolls out for two, and bakes for five. */
const good: HookTrace = {
  beforeTasks: [{ id: 'a', startedBy: 'slipway-dev-before/web', revision: 'web:2', startedAt: 0, endedAt: minutes, hasSucceeded: true }],
  updates: [{ at: minutes, isForward: true, revision: 'web:2' }],
  completions: [{ at: 3 * minutes, revision: 'web:2' }],
  alarms: [2 * minutes, 9 * minutes],
  deployments: [{ sk: 'deployment#1', revision: 'web:2', outcome: 'SUCCEEDED', endedAt: at(8), verification: { since: at(3) } }],
};
const [task, deployment] = [good.beforeTasks[0], good.deployments[0]];
if (!task || !deployment) throw new Error('unreachable');

test('a deployment that migrated, was updated and baked violates nothing', () => {
  expect(hookViolations(good, { bakeMs })).toEqual([]);
});

test.each<[string, Partial<HookTrace>, RegExp]>([
  [
    'a task runs once more',
    { beforeTasks: [task, { ...task, id: 'b', startedAt: 2 * minutes }] },
    /^A before task runs once: web:2 had 2$/,
  ],
  [
    'two run at once',
    { beforeTasks: [task, { ...task, id: 'b', revision: 'web:3', startedAt: minutes / 2 }] },
    /never run at once: b was started while a ran/,
  ],
  [
    'one is started beside one that never ends',
    { beforeTasks: [{ ...task, id: 'z', revision: 'web:1', startedAt: -1, endedAt: undefined }, task] },
    /a was started while z ran/,
  ],
  ['the update comes first', { updates: [{ at: minutes - 1, isForward: true, revision: 'web:2' }] }, /^No update without/],
  ['the task fails', { beforeTasks: [{ ...task, hasSucceeded: false }] }, /^No update without/],
  ['no task runs', { beforeTasks: [] }, /^No update without/],
  ['the bake is cut short', { deployments: [{ ...deployment, endedAt: at(7.9) }] }, /^No success before its bake is over/],
  ['the bake begins too early', { completions: [{ at: 3.1 * minutes, revision: 'web:2' }] }, /baked before its rollout was completed/],
  [
    'nothing is verified',
    { deployments: [{ sk: 'deployment#1', revision: 'web:2', outcome: 'SUCCEEDED' }] },
    /^No success before it is verified/,
  ],
  ['the alarm goes off in the bake', { alarms: [4 * minutes] }, /^No success with an alarm in its bake/],
])('that %s is a violation', (_, change, message) => {
  expect(hookViolations({ ...good, ...change }, { bakeMs })).toEqual([expect.stringMatching(message)]);
});

test.each<[string, Partial<HookTrace>]>([
  [
    'a task of another service runs beside it',
    { beforeTasks: [task, { ...task, id: 'b', startedBy: 'slipway-dev-before/api', revision: 'api:2' }] },
  ],
  ['a rollback needs no task', { beforeTasks: [], deployments: [{ ...deployment, operation: { kind: 'rollback' } }] }],
  ['what failed was not verified', { deployments: [{ sk: 'deployment#1', revision: 'web:2', outcome: 'ROLLED_BACK' }] }],
  [
    'an alarm that was on before the update does not guard',
    { alarms: [4 * minutes], deployments: [{ ...deployment, verification: { since: at(3), ignoredAlarms: ['web-5xx'] } }] },
  ],
])('that %s is none', (_, change) => {
  expect(hookViolations({ ...good, ...change }, { bakeMs })).toEqual([]);
});
