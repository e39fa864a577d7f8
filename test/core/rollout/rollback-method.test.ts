import type { RolloutStatus } from '../../../core/rollout/observation.js';
import { chooseRollbackMethod } from '../../../core/rollout/rollback-method.js';
import { observation, other, ours, previous, rollout, serviceOn, statuses } from './observations.js';

type Row = [onOurs: string, onPrevious: string, onOther: string];
const methods: Record<RolloutStatus, Row> = {
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
const places = { ours: serviceOn(ours), 'the previous revision': serviceOn(previous), 'another one': serviceOn(other) };

test.each(
  Object.entries(methods).flatMap(([status, row]) =>
    Object.entries(places).map(([on, service], index) => ({ status, on, service, method: row[index] })),
  ),
)('a rollout that is $status is rolled back by $method if the service is on $on', ({ status, service, method }) => {
  expect(chooseRollbackMethod(observation({ rollout: rollout({ status }), service }))).toBe(method);
});

test('without a rollout in ECS it is an update if the service is on our revision, and none if not', () => {
  expect(chooseRollbackMethod(observation({ rollout: undefined, service: serviceOn(ours) }))).toBe('update');
  expect(chooseRollbackMethod(observation({ rollout: undefined, service: serviceOn(previous) }))).toBe('none');
  expect(chooseRollbackMethod(observation({ rollout: undefined, service: serviceOn(other) }))).toBe('none');
});

test('a deleted service cannot be rolled back', () => {
  expect(chooseRollbackMethod(observation({ service: undefined }))).toBe('superseded');
});

test('it is never an update while the service is on another revision than ours, which would overwrite a newer deployment', () => {
  for (const status of [...statuses, 'PAUSED'])
    for (const taskDefinition of [previous, other])
      expect(chooseRollbackMethod(observation({ rollout: rollout({ status }), service: serviceOn(taskDefinition) }))).not.toBe('update');
});

test('a rollout that ECS stopped without a reason is stopped again while reads may not show what replaced it', () => {
  const stopped = observation({ rollout: rollout({ status: 'STOPPED' }), mayBeStale: true });

  expect(chooseRollbackMethod(stopped)).toBe('stop');
  expect(chooseRollbackMethod({ ...stopped, rollout: rollout({ status: 'STOPPED', isBreakerTriggered: true }) })).toBe('update');
  expect(chooseRollbackMethod({ ...stopped, rollout: rollout({ status: 'STOPPED', triggeredAlarms: ['web-5xx'] }) })).toBe('update');
  expect(chooseRollbackMethod({ ...stopped, newestServiceRevision: 'revision of another deployer' })).toBe('superseded');
});
