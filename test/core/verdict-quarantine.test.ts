import type { Rollback } from '../../core/records.js';
import { decideRollback, wayBack } from '../../core/rollout/rollback-decision.js';
import { decideRollout, type Observation } from '../../core/rollout/rollout-decision.js';
import { aLook, base, inShort, other, rollout, serviceOn } from './looks.js';

const lastGood = other;
const rolledBack = rollout({
  status: 'ROLLBACK_SUCCESSFUL',
  statusReason: 'broken',
  rollback: { taskDefinition: base, revision: 'revision of the base' },
});
/** ECS has taken the service back to what is quarantined. */
const look = (changes: Partial<Observation> = {}): Observation =>
  aLook({ rollout: rolledBack, service: serviceOn(base), lastGood, isOnQuarantined: true, ...changes });
const back = (by: Rollback['by']): Rollback => ({ since: '', by, reason: 'CRASHED', message: 'broken' });

test('ECS that goes back to what is quarantined is followed by an update to the last good revision', () => {
  expect(decideRollout(look())).toEqual({
    action: 'rollBack',
    result: { outcome: 'UNKNOWN', reason: 'CIRCUIT_BREAKER', message: 'broken' },
    to: lastGood,
  });
  expect(decideRollback(look(), back('stop'))).toMatchObject({ action: 'rollBack', to: lastGood });
  expect(wayBack({ ...look(), wayTo: lastGood })).toBe('update');
});

test.each<[string, Partial<Observation>]>([
  ['what it went back to is not quarantined', { isOnQuarantined: false }],
  ['nothing was ever good', { lastGood: undefined }],
  ['what it went back to is last good itself', { lastGood: base }],
  ['it is too late for that', { isOverdue: true }],
])('it is left where ECS took it if %s', (_, changes) => {
  expect(inShort(decideRollout(look(changes)))).toBe('ROLLED_BACK CIRCUIT_BREAKER');
});

test('nothing is sent where the service is there by now, or somebody newer has it', () => {
  expect(wayBack({ ...look(), service: serviceOn(lastGood), wayTo: lastGood })).toBe('stop');
  expect(wayBack({ ...look(), newestRevision: 'revision of another', wayTo: lastGood })).toBe('stop');
  expect(wayBack(look())).toBe('stop');
});

describe('the update to the last good revision', () => {
  const onTheWay = (changes: Partial<Observation>) =>
    decideRollback(look({ service: serviceOn(lastGood), isOnQuarantined: false, wayTo: lastGood, ...changes }), back('update'));

  test('is believed when ECS has done it, and told', () => {
    expect(onTheWay({ rollout: rollout({ status: 'SUCCESSFUL', target: lastGood }) })).toEqual({
      action: 'finish',
      result: {
        outcome: 'ROLLED_BACK',
        reason: 'CRASHED',
        message: 'broken; the service is back on web:9, the last good one, not on web:7 which ran before',
      },
    });
  });

  test('is waited for where no read shows it yet, and is nobody else’s', () => {
    expect(inShort(onTheWay({ rollout: undefined, notFoundCount: 5 }))).toBe('wait');
  });

  test.each([base, 'web:3'])('is sent anew where nothing of it is seen and the service is still on %s, from where it was sent', (from) => {
    const lost = { rollout: undefined, notFoundCount: 3, service: serviceOn(from), wayTo: lastGood };
    const sent = { ...back('update'), from };

    expect(inShort(decideRollback(look(lost), sent))).toBe('rollBack CRASHED');
    expect(inShort(decideRollback(look({ ...lost, isOverdue: true }), sent))).toBe('ROLLBACK_FAILED CRASHED');
    expect(wayBack(look(lost), from)).toBe('update');
  });

  test('is not sent anew over what is newer', () => {
    const newer = look({ rollout: undefined, notFoundCount: 3, service: serviceOn('web:4'), wayTo: lastGood });

    expect(inShort(decideRollback(newer, { ...back('update'), from: base }))).toBe('SUPERSEDED NEWER_DEPLOYMENT');
    expect(wayBack(newer, base)).toBe('nothing');
  });

  test('that ECS takes back itself has failed', () => {
    expect(
      onTheWay({ rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', target: lastGood, statusReason: 'no' }), service: serviceOn(base) }),
    ).toMatchObject({ result: { outcome: 'ROLLBACK_FAILED', message: 'broken; ECS took the way back to web:9 back itself: no' } });
  });

  test('is the only one: where it fails on what is quarantined, no second one is sent', () => {
    const view = { rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', target: lastGood }), service: serviceOn(base), isOnQuarantined: true };

    expect(inShort(onTheWay(view))).toBe('ROLLBACK_FAILED CRASHED');
  });
});
