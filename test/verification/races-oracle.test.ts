import { createHash } from 'node:crypto';
import { givenRaces } from '../../verification/races/define-tests.js';
import { violationsOf } from '../../verification/races/oracle.js';
import type { Trace } from '../../verification/races/trace.js';
import type { Visit } from '../../verification/races/visits.js';

const runOf = givenRaces();

test('a race with the same seed has the same history', async () => {
  const historyOf = async (seed: number): Promise<string> => {
    const { pipeline } = await runOf(seed);
    const { entries } = pipeline.account.log;
    expect(entries.length).toBeGreaterThan(200);
    return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
  };

  // Late and duplicate pushes; events of ECS and the answer of a call are lost.
  expect(await historyOf(31)).toBe(await historyOf(31));
  expect(await historyOf(31)).not.toBe(await historyOf(32));
});

describe('the oracle of races reports that', () => {
  let good: Trace;
  beforeAll(async () => {
    good = (await runOf(10)).trace;
  });
  const [, other = ''] = ['', `sha256:${'0'.repeat(64)}`];
  const first = <T>(all: readonly T[]): T => all[0] as T;

  test('no law is violated', () => {
    expect(good.updates.length).toBeGreaterThan(1);
    expect(violationsOf(good)).toEqual([]);
  });

  test.each<[string, (trace: Trace) => Trace, RegExp]>([
    ['another image runs', (trace) => ({ ...trace, running: [other] }), /should run/],
    ['two images run', (trace) => ({ ...trace, running: [...trace.running, other] }), /should run/],
    ['an execution still runs', (trace) => ({ ...trace, executions: [{ ...first(trace.executions), status: 'RUNNING' }] }), /still runs/],
    ['a record is pending', (trace) => ({ ...trace, records: [{ ...first(trace.records), pending: 'yes' }] }), /is still pending/],
    ['the lease is not free', (trace) => ({ ...trace, state: { lease: {} } }), /still has a lease/],
    ['a claim is kept', (trace) => ({ ...trace, claims: ['claim#1'] }), /was not released/],
    ['a result is reported twice', (trace) => ({ ...trace, messages: [...trace.messages, first(trace.messages)] }), /was reported 2 times/],
    ['a result is not reported', (trace) => ({ ...trace, messages: trace.messages.slice(1) }), /was not reported/],
    [
      'a deployment is reported beside its release',
      (trace) => {
        const deployment = trace.records.find(({ release }) => release !== undefined);
        return { ...trace, messages: [...trace.messages, { id: deployment?.execution ?? '', outcome: '', reason: '' }] };
      },
      /was reported by itself and by its release/,
    ],
    [
      'another result is reported',
      (trace) => ({ ...trace, messages: trace.messages.map((message) => ({ ...message, outcome: 'FAILED' })) }),
      /was reported as FAILED/,
    ],
    [
      'an image that never works is reported as running',
      (trace) => ({ ...trace, pushes: trace.pushes.map((push) => ({ ...push, works: false })) }),
      /SUCCEEDED with an image that never works/,
    ],
    [
      'an image that works is rolled back',
      (trace) => ({ ...trace, records: trace.records.map((record) => ({ ...record, outcome: 'ROLLED_BACK', reason: 'CRASHED' })) }),
      /ROLLED_BACK CRASHED with an image that works/,
    ],
    ['a service is updated twice', (trace) => ({ ...trace, updates: [...trace.updates, ...trace.updates] }), /updated its service twice/],
    [
      'an older image replaces a newer one',
      (trace) => ({ ...trace, updates: [...trace.updates, { ...first(trace.updates), at: Number.MAX_SAFE_INTEGER }] }),
      /was deployed after .* newer/,
    ],
    ['a gate is left behind', (trace) => ({ ...trace, gates: ['gate#production'] }), /gate#production was not left/],
    [
      'a push is deployed without approval',
      (trace) => ({ ...trace, race: { ...trace.race, hasGate: true } }),
      /was deployed without approval/,
    ],
    ['the service is still watched', (trace) => ({ ...trace, isWatched: true }), /still watched/],
    [
      'a failed task is counted twice',
      (trace) => ({ ...trace, records: [{ ...first(trace.records), evidence: { failedTasks: 1, groups: [{ count: 2 }] } }] }),
      /groups 2 failed tasks of 1/,
    ],
    [
      'more tasks are counted than failed',
      (trace) => ({ ...trace, records: [{ ...first(trace.records), evidence: { failedTasks: 99, groups: [] } }] }),
      /counts 99 failed tasks of/,
    ],
    ['a task token is in a message', (trace) => ({ ...trace, written: '"AQCEAAAAKgAAAAMAAAAAf00"' }), /token/],
    ['a function fails', (trace) => ({ ...trace, failures: ['lambda failed'] }), /lambda failed/],
  ])('%s', (_, corrupt, message) => {
    expect(violationsOf(corrupt(good)).join('\n')).toMatch(message);
  });

  describe('waits', () => {
    const changed = (state: string, change: Partial<Visit>): Trace => {
      const last = good.visits.findLast((visit) => visit.state === state);
      return { ...good, faults: [], arrivals: [], visits: good.visits.map((visit) => (visit === last ? { ...visit, ...change } : visit)) };
    };

    test('are ended by events', () => {
      expect(good.visits.some(({ end }) => end === 'woken')).toBe(true);
      const byNet = { because: 'timedOut', end: 'decided', action: 'proceed', deadline: 0 } as const;
      expect(violationsOf(changed('RegisterRevision', byNet)).join('\n')).toMatch(/waited in RegisterRevision until its safety net/);
      const excused = changed('RegisterRevision', { ...byNet, deadline: 1 });
      expect(violationsOf(excused)).toEqual([]);
      const isLost = { at: 0, kind: 'delivery-lost', on: 'slipway-dev-ecs-tasks-1', by: '' };
      expect(violationsOf({ ...changed('RegisterRevision', byNet), faults: [isLost] })).toEqual([]);
      expect(violationsOf({ ...changed('RegisterRevision', byNet), faults: [{ ...isLost, kind: 'delivery-doubled' }] })).not.toEqual([]);
    });

    test('at a gate are ended by their answers', () => {
      const byNet = { state: 'PassGates', because: 'timedOut', end: 'decided', action: 'proceed', deadline: 0 } as const;
      expect(violationsOf(changed('AcquireLease', byNet)).join('\n')).toMatch(/waited in PassGates until its safety net/);
      expect(violationsOf(changed('AcquireLease', { ...byNet, deadline: 1 })).join('\n')).not.toMatch(/PassGates/);
    });

    test('have a safety net of 20 min at most', () => {
      expect(violationsOf(changed('WatchRollout', { seconds: 1201 })).join('\n')).toMatch(/may wait 1201 s/);
    });

    test('for the lease end when it is free', () => {
      const last = good.visits.findLast(({ state, action }) => state === 'AcquireLease' && action === 'proceed');
      const at = (last?.endedAt ?? 0) + 3000;
      expect(violationsOf(changed('AcquireLease', { endedAt: at })).join('\n')).toMatch(/got the lease \d+ s after it was free/);
    });
  });

  test('a push that was skipped for a newer one is deployed again', () => {
    const update = good.updates.findLast(({ by }) => by === 'forward');
    const record = good.records.find(({ revision }) => revision === update?.revision);
    if (!update || !record) throw new Error('race 2 updates nothing');
    const passedOver = {
      ...record,
      sk: 'deployment#0',
      revision: 'none',
      outcome: 'SKIPPED',
      reason: 'REPLACED_IN_QUEUE',
      endedAt: record.startedAt,
    };

    expect(violationsOf({ ...good, records: [...good.records, passedOver] }).join('\n')).toMatch(/was deployed once more/);
  });
});
