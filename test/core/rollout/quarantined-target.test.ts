import type { Observation } from '../../../core/rollout/observation.js';
import { decideRollback } from '../../../core/rollout/rollback-decision.js';
import { chooseRollbackMethod } from '../../../core/rollout/rollback-method.js';
import { decideRollout } from '../../../core/rollout/rollout-decision.js';
import { inShort, messageIn, observation, other, previous, rollbackBy, rollout, serviceOn } from './observations.js';

const lastGood = other;
const rolledBack = rollout({
  status: 'ROLLBACK_SUCCESSFUL',
  statusReason: 'broken',
  isBreakerTriggered: true,
  rollback: { taskDefinition: previous, revision: 'revision of the previous one' },
});
/** ECS has rolled the service back to what is quarantined. */
const seen = (changes: Partial<Observation> = {}): Observation =>
  observation({ rollout: rolledBack, service: serviceOn(previous), lastGood, isOnQuarantined: true, ...changes });

test('after a rollback by ECS to a quarantined image the service is updated to the last known good revision', () => {
  expect(decideRollout(seen())).toEqual({ action: 'rollBack', reason: 'CIRCUIT_BREAKER', message: 'broken', to: lastGood });
  expect(decideRollback(seen(), rollbackBy('stop'))).toMatchObject({ action: 'rollBack', reason: 'CRASHED', to: lastGood });
  expect(chooseRollbackMethod({ ...seen(), rollbackTarget: lastGood })).toBe('update');
});

test.each<[string, Partial<Observation>]>([
  ['that target is not quarantined', { isOnQuarantined: false }],
  ['no revision is known to be good', { lastGood: undefined }],
  ['that target is the last known good one', { lastGood: previous }],
  ['the timeout has passed', { isOverdue: true }],
])('the service stays on the target of ECS if %s', (_, changes) => {
  expect(inShort(decideRollout(seen(changes)))).toBe('ROLLED_BACK CIRCUIT_BREAKER');
});

test('no update is sent if the service is on the target already, or a newer deployment has replaced ours', () => {
  expect(chooseRollbackMethod({ ...seen(), service: serviceOn(lastGood), rollbackTarget: lastGood })).toBe('stop');
  expect(chooseRollbackMethod({ ...seen(), newestServiceRevision: 'revision of another', rollbackTarget: lastGood })).toBe('stop');
  expect(chooseRollbackMethod(seen())).toBe('stop');
});

describe('the update to the last known good revision', () => {
  const decide = (changes: Partial<Observation>) =>
    decideRollback(
      seen({ service: serviceOn(lastGood), isOnQuarantined: false, rollbackTarget: lastGood, ...changes }),
      rollbackBy('update'),
    );

  test('is a rollback once ECS has completed it, to that revision', () => {
    const decision = decide({ rollout: rollout({ status: 'SUCCESSFUL', target: lastGood }) });

    expect(inShort(decision)).toBe('ROLLED_BACK CRASHED');
    expect(messageIn(decision)).toMatch(/^3 tasks failed; .*web:9, the last known good one, not .*web:7/);
  });

  test('is waited for while reads do not show it, and is no newer deployment', () => {
    expect(inShort(decide({ rollout: undefined, isAbsent: true }))).toBe('wait');
  });

  test.each([previous, 'web:3'])('is sent again if it is not found and the service is still on %s, as when it was sent', (from) => {
    const lost = { rollout: undefined, isAbsent: true, service: serviceOn(from), rollbackTarget: lastGood };
    const sent = rollbackBy('update', { from });

    expect(inShort(decideRollback(seen(lost), sent))).toBe('rollBack CRASHED');
    expect(inShort(decideRollback(seen({ ...lost, isOverdue: true }), sent))).toBe('ROLLBACK_FAILED CRASHED');
    expect(chooseRollbackMethod(seen(lost), from)).toBe('update');
  });

  test('is not sent again over a newer deployment', () => {
    const newer = seen({ rollout: undefined, isAbsent: true, service: serviceOn('web:4'), rollbackTarget: lastGood });

    expect(inShort(decideRollback(newer, rollbackBy('update', { from: previous })))).toBe('SUPERSEDED NEWER_DEPLOYMENT');
    expect(chooseRollbackMethod(newer, previous)).toBe('none');
  });

  test('has failed if ECS reverts it', () => {
    const decision = decide({
      rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', target: lastGood, statusReason: 'no' }),
      service: serviceOn(previous),
    });

    expect(decision).toMatchObject({ result: { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', runbook: 'ROLLBACK_REVERTED' } });
    expect(messageIn(decision)).toMatch(/^3 tasks failed; .*web:9: no$/);
  });

  test('is sent only once, even if it fails and the service is on a quarantined image', () => {
    const reverted = { rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', target: lastGood }), service: serviceOn(previous) };

    expect(inShort(decide({ ...reverted, isOnQuarantined: true }))).toBe('ROLLBACK_FAILED CRASHED');
  });
});
