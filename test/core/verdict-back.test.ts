import fc from 'fast-check';
import type { Rollback } from '../../core/records.js';
import { decideRollback, wayBack } from '../../core/rollout/rollback-decision.js';
import type { RolloutStatus } from '../../core/rollout/rollout-decision.js';
import { startedAt } from './given.js';
import { aLook, anyLook, base, inShort, other, ours, rollout, serviceOn, statuses } from './looks.js';

const by = (way: Rollback['by']): Rollback => ({ since: startedAt, by: way, reason: 'CRASHED', message: '3 tasks failed' });

type Row = [onOurs: string, onBase: string, onOther: string];
const failed = 'ROLLBACK_FAILED CRASHED';
const back = 'ROLLED_BACK CRASHED';
const superseded = 'SUPERSEDED NEWER_DEPLOYMENT';
const again = 'rollBack CRASHED';

// By the call that takes the service back and the status of the rollout that is watched: our own, which was stopped or
// left alone, or the one of our update. The service is on our revision, on the one before, on something else.
const table: Record<Rollback['by'], Record<RolloutStatus, Row>> = {
  stop: {
    PENDING: [again, again, again],
    IN_PROGRESS: [again, again, again],
    STOP_REQUESTED: ['wait', 'wait', 'wait'],
    STOPPED: [again, superseded, superseded],
    ROLLBACK_REQUESTED: ['wait', 'wait', 'wait'],
    ROLLBACK_IN_PROGRESS: ['wait', 'wait', 'wait'],
    ROLLBACK_SUCCESSFUL: ['wait', back, superseded],
    ROLLBACK_FAILED: [failed, failed, superseded],
    SUCCESSFUL: [again, again, again],
  },
  update: {
    PENDING: ['wait', 'wait', 'wait'],
    IN_PROGRESS: ['wait', 'wait', 'wait'],
    STOP_REQUESTED: ['wait', 'wait', 'wait'],
    STOPPED: [failed, failed, superseded],
    ROLLBACK_REQUESTED: ['wait', 'wait', 'wait'],
    ROLLBACK_IN_PROGRESS: ['wait', 'wait', 'wait'],
    ROLLBACK_SUCCESSFUL: [failed, failed, superseded],
    ROLLBACK_FAILED: [failed, failed, superseded],
    SUCCESSFUL: ['wait', back, superseded],
  },
  nothing: {
    PENDING: [again, again, again],
    IN_PROGRESS: [again, again, again],
    STOP_REQUESTED: [again, again, again],
    STOPPED: [again, superseded, superseded],
    ROLLBACK_REQUESTED: [again, again, again],
    ROLLBACK_IN_PROGRESS: [again, again, again],
    ROLLBACK_SUCCESSFUL: ['wait', back, superseded],
    ROLLBACK_FAILED: [failed, failed, superseded],
    SUCCESSFUL: [again, again, again],
  },
};
const places = { ours: serviceOn(ours), 'the one before': serviceOn(base), 'something else': serviceOn(other) };

test.each(
  Object.entries(table).flatMap(([way, rows]) =>
    Object.entries(rows).flatMap(([status, row]) =>
      Object.entries(places).map(([on, service], index) => ({
        way: way as Rollback['by'],
        status,
        on,
        service,
        verdict: row[index] ?? '',
      })),
    ),
  ),
)(
  'taken back by $way, the rollout being $status and the service on $on: $verdict, and at the timeout no waiting',
  ({ way, status, service, verdict }) => {
    const look = aLook({ service, rollout: rollout({ status, ...(way === 'update' && { target: base }) }) });

    expect(inShort(decideRollback(look, by(way)))).toBe(verdict);
    const isAsked = way === 'stop' && ['PENDING', 'IN_PROGRESS'].includes(status);
    expect(inShort(decideRollback({ ...look, isOverdue: true }, by(way)))).toBe(verdict === 'wait' || isAsked ? failed : verdict);
  },
);

describe('where ECS does not show the rollout', () => {
  test.each<[Rollback['by'], string, string, string]>([
    ['stop', ours, 'wait', failed],
    ['stop', base, back, back],
    ['stop', other, superseded, superseded],
    ['update', ours, again, failed],
    ['update', base, 'wait', failed],
    ['update', other, superseded, superseded],
    ['nothing', ours, again, again],
    ['nothing', base, 'FAILED CRASHED', 'FAILED CRASHED'],
    ['nothing', other, superseded, superseded],
  ])('taken back by %s, the service being on %s: %s at the third look, %s at the timeout', (way, taskDefinition, verdict, overdue) => {
    const look = aLook({ rollout: undefined, notFoundCount: 3, service: serviceOn(taskDefinition) });

    expect(inShort(decideRollback({ ...look, notFoundCount: 2 }, by(way)))).toBe('wait');
    expect(inShort(decideRollback(look, by(way)))).toBe(verdict);
    expect(inShort(decideRollback({ ...look, isOverdue: true }, by(way)))).toBe(overdue);
  });
});

test.each<[Rollback['by'], RolloutStatus, string, string]>([
  ['stop', 'ROLLBACK_SUCCESSFUL', base, '3 tasks failed; the service is back on web:7'],
  ['update', 'SUCCESSFUL', base, '3 tasks failed; the service is back on web:7'],
  ['stop', 'STOPPED', other, '3 tasks failed; then a newer deployment took the service to web:9'],
  ['update', 'ROLLBACK_SUCCESSFUL', base, '3 tasks failed; ECS took the way back to web:7 back itself: no reason given'],
  ['stop', 'ROLLBACK_FAILED', base, "3 tasks failed; ECS's own rollback failed: no reason given"],
])('taken back by %s, %s, on %s, it is told why and where the service is', (way, status, taskDefinition, message) => {
  const target = way === 'update' ? base : ours;
  const look = aLook({ service: serviceOn(taskDefinition), rollout: rollout({ status, target }) });

  expect(decideRollback(look, by(way))).toMatchObject({ action: 'finish', result: { message } });
});

test.each<[Rollback['by'], RolloutStatus, string]>([
  ['stop', 'ROLLBACK_FAILED', "3 tasks failed; ECS's own rollback failed: no capacity"],
  ['update', 'ROLLBACK_SUCCESSFUL', '3 tasks failed; ECS took the way back to web:7 back itself: no capacity'],
  ['update', 'STOPPED', '3 tasks failed; the way back was stopped: no capacity'],
])('taken back by %s, %s, it is told what ECS says', (way, status, message) => {
  const look = aLook({
    service: serviceOn(base),
    rollout: rollout({ status, target: way === 'update' ? base : ours, statusReason: 'no capacity' }),
  });

  expect(decideRollback(look, by(way))).toMatchObject({ action: 'finish', result: { outcome: 'ROLLBACK_FAILED', message } });
});

test('a way back that ECS stopped without a reason is told so', () => {
  const look = aLook({ service: serviceOn(base), rollout: rollout({ status: 'STOPPED', target: base }) });

  expect(decideRollback(look, by('update'))).toMatchObject({
    result: { message: '3 tasks failed; the way back was stopped: no reason given' },
  });
});

test.each<Rollback['by']>(['stop', 'update', 'nothing'])('a service that was deleted on the way back (%s) is told as deleted', (way) => {
  expect(inShort(decideRollback(aLook({ service: undefined }), by(way)))).toBe('SUPERSEDED SERVICE_DELETED');
});

test.each<Rollback['by']>(['stop', 'update'])('a status that this version does not know is waited for on the way back (%s)', (way) => {
  expect(inShort(decideRollback(aLook({ rollout: rollout({ status: 'PAUSED' }) }), by(way)))).toBe('wait');
});

describe('whatever is seen on the way back,', () => {
  const anyWay = fc.constantFrom<Rollback['by']>('stop', 'update', 'nothing').map(by);

  test('success is never said', () => {
    fc.assert(
      fc.property(anyLook, anyWay, (look, way) => inShort(decideRollback(look, way)) !== 'SUCCEEDED'),
      { numRuns: 1000 },
    );
  });

  test('a service that is on our revision is never called rolled back', () => {
    fc.assert(
      fc.property(
        anyLook,
        anyWay,
        (look, way) => !inShort(decideRollback({ ...look, service: serviceOn(ours) }, way)).startsWith('ROLLED_BACK'),
      ),
      { numRuns: 1000 },
    );
  });

  test('the first reason stays', () => {
    fc.assert(
      fc.property(anyLook, anyWay, (look, way) => {
        const verdict = decideRollback({ ...look, service: serviceOn(ours) }, way);
        if (!('result' in verdict)) return;
        expect(verdict.result.cause).toBe('CRASHED');
        expect(verdict.result.message).toMatch(/^3 tasks failed/);
      }),
      { numRuns: 1000 },
    );
  });

  test('an overdue one is waited for only while its rollout has still to be seen', () => {
    fc.assert(
      fc.property(anyLook, anyWay, (look, way) => {
        if (!look.rollout && look.misses < 3) return;
        expect(decideRollback({ ...look, isOverdue: true }, way).next).not.toBe('wait');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the call that takes a service back', () => {
  const calls: Record<RolloutStatus, Row> = {
    PENDING: ['stop', 'stop', 'stop'],
    IN_PROGRESS: ['stop', 'stop', 'stop'],
    STOP_REQUESTED: ['stop', 'stop', 'stop'],
    STOPPED: ['update', 'superseded', 'superseded'],
    ROLLBACK_REQUESTED: ['stop', 'stop', 'stop'],
    ROLLBACK_IN_PROGRESS: ['stop', 'stop', 'stop'],
    ROLLBACK_SUCCESSFUL: ['stop', 'stop', 'stop'],
    ROLLBACK_FAILED: ['stop', 'stop', 'stop'],
    SUCCESSFUL: ['update', 'superseded', 'superseded'],
  };

  test.each(
    Object.entries(calls).flatMap(([status, row]) =>
      Object.entries(places).map(([on, service], index) => ({ status, on, service, call: row[index] })),
    ),
  )('of a rollout that is $status, the service being on $on: $call', ({ status, service, call }) => {
    expect(wayBack(aLook({ rollout: rollout({ status }), service }))).toBe(call);
  });

  test('is an update where ECS shows no rollout and the service is on our revision, and nothing where it is not', () => {
    expect(wayBack(aLook({ rollout: undefined, service: serviceOn(ours) }))).toBe('update');
    expect(wayBack(aLook({ rollout: undefined, service: serviceOn(base) }))).toBe('nothing');
    expect(wayBack(aLook({ rollout: undefined, service: serviceOn(other) }))).toBe('nothing');
  });

  test('is never an update while the service is on anything but our revision, for that would undo what is newer', () => {
    for (const status of [...statuses, 'PAUSED'])
      for (const taskDefinition of [base, other])
        expect(wayBack(aLook({ rollout: rollout({ status }), service: serviceOn(taskDefinition) }))).not.toBe('update');
  });
});

test('a stop on the way back that ECS does not explain is looked at again while reads need not show what came after it', () => {
  const look = aLook({ rollout: rollout({ status: 'STOPPED' }), mayBeStale: true });

  expect(inShort(decideRollback(look, by('stop')))).toBe('wait');
  expect(wayBack(look)).toBe('stop');
  expect(wayBack({ ...look, rollout: rollout({ status: 'STOPPED', isBreakerTriggered: true }) })).toBe('update');
  expect(wayBack({ ...look, newestRevision: 'revision of a person' })).toBe('superseded');
});
