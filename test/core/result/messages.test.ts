import * as messages from '../../../core/result/messages.js';
import { crashes, digest, execution, later, noEvidence, startedAt } from '../given.js';
import { hook, observation, other, ours, previous, rollout, serviceOn } from '../rollout/observations.js';

const failure = '3 tasks failed';
const ann = { by: 'ann', reason: 'wrong image' };
const succeeded = { ...observation(), overwritten: [] };
const rollback = { current: previous, previousRevision: previous, isLastGood: false, overwritten: [] };

/** Every message with the facts that it states, in order. */
const facts: Record<keyof typeof messages, readonly (readonly [message: string, ...facts: string[]])[]> = {
  and: [[messages.and(failure, 'more'), failure, '; more']],

  serviceDeleted: [[messages.serviceDeleted(), 'deleted']],
  superseded: [
    [messages.superseded(other), 'newer', 'web:9'],
    [messages.superseded(other, failure), failure, 'newer', 'web:9'],
  ],
  alarmsFired: [[messages.alarmsFired(['web-5xx', 'web-slow']), 'web-5xx, web-slow', 'fired']],
  stoppedInEcs: [
    [messages.stoppedInEcs('a user requested it'), 'stopped in ECS', 'a user requested it'],
    [messages.stoppedInEcs(''), 'stopped in ECS', 'no reason given'],
  ],
  awaitsHook: [
    [messages.awaitsHook(hook), 'waits for', 'ecs-pause-1', 'POST_SCALE_UP', 'ContinueServiceDeployment', 'ROLLBACK', later],
    [messages.awaitsHook({ ...hook, stage: '', expiresAt: '' }), 'ecs-pause-1: answer it with ContinueServiceDeployment'],
  ],
  hookFailed: [
    [messages.hookFailed({ ...hook, status: 'TIMED_OUT' }, 'rolled back'), 'ecs-pause-1 timed out', 'rolled back'],
    [messages.hookFailed({ ...hook, status: 'FAILED' }, ''), 'ecs-pause-1 failed'],
  ],
  tasksFailed: [
    [messages.tasksFailed(crashes), '3 tasks failed', '3 × exit 1 in app'],
    [messages.tasksFailed({ ...noEvidence, failedTasks: 1 }), '1 task failed', 'ECS'],
    [messages.tasksFailed(crashes, true), '3 tasks failed', 'further tasks would fail'],
  ],
  launchFailed: [
    [
      messages.launchFailed({ count: 2, reason: 'CANNOT_START', message: 'no role', isPermanent: true }),
      'could not launch 2 tasks',
      'no role',
    ],
  ],
  nothingRunsAfterFailures: [[messages.nothingRunsAfterFailures(crashes), '3 tasks failed', '3 × exit 1 in app', 'desired count is 0']],
  gaveUp: [
    [messages.gaveUp('circuit breaker'), 'circuit breaker'],
    [messages.gaveUp(''), 'ECS', 'no reason', 'events'],
  ],
  placementTimedOut: [[messages.placementTimedOut('no CPU'), 'placementTimeout', 'no CPU']],
  rolloutTimedOut: [
    [messages.rolloutTimedOut(undefined), 'timeout'],
    [messages.rolloutTimedOut(failure), 'timeout', failure],
  ],
  rolloutNeverListed: [[messages.rolloutNeverListed(), 'ECS did not list', 'timeout']],
  updateNeverArrived: [[messages.updateNeverArrived(), 'did not reach ECS', 'timeout', 'not changed', 'again']],
  otherRevision: [[messages.otherRevision(other, ours), 'web:9', 'web:8']],
  otherDigest: [[messages.otherDigest(digest), digest]],
  running: [
    [messages.running(succeeded), '3 of 3 tasks'],
    [messages.running({ ...succeeded, service: serviceOn(ours, 0) }), 'nothing is running', 'desired count is 0'],
    [
      messages.running({ ...succeeded, service: { ...serviceOn(ours), runningCount: 1, hasEarlySuccess: true } }),
      '1 of 3 tasks',
      '2 tasks were still starting',
      'early success criteria',
    ],
    [
      messages.running({
        ...succeeded,
        rollout: rollout({ ignoredAlarms: ['web-5xx'] }),
        service: serviceOn(other),
        overwritten: [previous],
      }),
      'web-5xx did not guard the rollout',
      'replaced web:7',
      'deploy that again',
      'newer deployment',
      'web:9',
    ],
  ],
  succeededDespite: [
    [messages.succeededDespite(messages.running(succeeded), failure), '3 of 3 tasks', 'warning: 3 tasks failed', 'ECS completed', 'before'],
  ],

  rolledBack: [
    [messages.rolledBack(failure, rollback), failure, 'back on web:7'],
    [messages.rolledBack(failure, { ...rollback, current: other }), failure, 'back on web:9', 'not on web:7'],
    [messages.rolledBack(failure, { ...rollback, current: other, isLastGood: true }), 'web:9', 'last known good', 'not on web:7'],
    [messages.rolledBack(failure, { ...rollback, overwritten: [other] }), failure, 'back on web:7', 'replaced web:9'],
  ],
  rollbackNotVisible: [[messages.rollbackNotVisible(failure, ours), failure, 'rolled back', 'still on web:8']],
  ecsRollbackFailed: [
    [messages.ecsRollbackFailed(failure, 'no capacity'), failure, 'ECS failed', 'no capacity'],
    [messages.ecsRollbackFailed(failure, ''), failure, 'no reason given'],
  ],
  rollbackTimedOut: [[messages.rollbackTimedOut(), 'rollback', 'timeout']],
  rollbackStopped: [
    [messages.rollbackStopped('by a user'), 'stopped', 'by a user'],
    [messages.rollbackStopped(undefined), 'stopped', 'no reason given'],
  ],
  rollbackReverted: [
    [messages.rollbackReverted(previous, 'no capacity'), 'reverted', 'web:7', 'no capacity'],
    [messages.rollbackReverted(previous, undefined), 'web:7', 'no reason given'],
  ],
  rollbackCallFailed: [[messages.rollbackCallFailed(failure, 'denied'), failure, 'rollback failed', 'denied']],
  serviceUnchanged: [[messages.serviceUnchanged(), 'not changed']],
  supersededBeforeRollback: [[messages.supersededBeforeRollback(failure), failure, 'newer deployment', 'nothing was rolled back']],
  deletedBeforeRollback: [[messages.deletedBeforeRollback(failure), failure, 'deleted']],

  rolledBackByOperator: [
    [
      messages.rolledBackByOperator('3 of 3 tasks run it', { from: 'app:v2', to: 'app:v1', isQuarantined: true }),
      'app:v2',
      'app:v1',
      '3 of 3',
      'app:v2 is quarantined',
    ],
    [messages.rolledBackByOperator('3 of 3 tasks run it', { from: 'app:v2', to: 'app:v1', isQuarantined: false }), 'app:v1', '3 of 3'],
  ],
  resumed: [[messages.resumed('3 of 3 tasks run it', 'its execution timed out'), '3 of 3', 'timed out', 'resumed']],
  cancelled: [
    [messages.cancelled(ann), 'cancelled by ann', 'wrong image'],
    [messages.cancelled({ by: 'ann' }), 'cancelled by ann'],
    [messages.cancelled({}), 'cancelled by an operator'],
  ],
  cancelledBeforeUpdate: [[messages.cancelledBeforeUpdate(ann), 'cancelled by ann', 'wrong image', 'not changed']],
  held: [
    [messages.held('production/web', undefined), 'of production/web', 'kept back', 'released'],
    [messages.held('*', startedAt), 'every service', 'kept back', '2026-11-23 12:00 UTC'],
  ],
  unheld: [
    [messages.unheld('production/web', { wasHeld: true, keptBack: 0, isStillHeld: true }), 'production/web', 'released', 'stays on hold'],
    [messages.unheld('*', { wasHeld: true, keptBack: 1, isStillHeld: false, failed: ['no', 'never'] }), 'repeat the command', 'no; never'],
    [messages.unheld('*', { wasHeld: false, keptBack: 1, isStillHeld: false }), 'every service', 'not on hold', '1 image'],
  ],
  holdEnded: [
    [messages.holdEnded('production/web', startedAt, 2), 'hold of production/web ended', '2026-11-23 12:00 UTC', '2 images'],
    [messages.holdEnded('*', startedAt, 0), 'every service'],
  ],
  cancelRequested: [
    [messages.cancelRequested(execution), 'rolls back what it has updated', 'otherwise changes nothing', execution],
    [messages.cancelRequested(execution, 'waitedFor'), 'a before task that runs is waited for', '"stopTask": true', execution],
    [messages.cancelRequested(execution, 'stopped'), 'a before task that runs is stopped', execution],
  ],

  strategyNotAllowed: [
    [messages.strategyNotAllowed('production/web', 'CANARY'), 'production/web', 'ROLLING', 'strategies: [CANARY]', 'slipway.yml'],
  ],
  shortServiceArn: [
    [messages.shortServiceArn('production/web', 'arn:aws:ecs:::service/web'), 'production/web', 'arn:aws:ecs:::service/web', 'migrate'],
  ],

  alreadyRunning: [[messages.alreadyRunning('a1b2c3d4a1b2'), 'a1b2c3d4a1b2', 'already running']],
  onHold: [
    [messages.onHold({ ...ann, at: startedAt }), 'on hold', startedAt, 'ann', 'wrong image', 'by hand'],
    [messages.onHold({ at: startedAt, until: later }), 'on hold', startedAt, `until ${later}`, 'deployed when the hold ends'],
  ],
  quarantined: [
    [messages.quarantined({ reason: 'CRASHED', at: startedAt }), 'quarantined', startedAt, 'CRASHED', '"force": true'],
    [
      messages.quarantined({
        reason: 'CRASHED',
        at: startedAt,
        others: [
          { repository: 'my-proxy', digest },
          { repository: 'my-tool', digest },
        ],
      }),
      'until another image of my-proxy or my-tool',
    ],
  ],
  operatorWaiting: [
    [messages.operatorWaiting({ execution: 'web-1', since: startedAt }), 'another operator', startedAt, 'web-1'],
    [messages.operatorWaiting({ by: 'ada', reason: 'too slow', execution: 'web-1', since: startedAt }), 'ada', 'too slow'],
  ],
  olderPush: [
    [messages.olderPush(startedAt, { tag: 'main-8', at: later }), 'older', startedAt, 'main-8', later, 'by hand'],
    [messages.olderPush(startedAt, { at: messages.sameSecond() }), 'older', startedAt, 'and what runs', 'same second'],
  ],
  sameSecond: [[messages.sameSecond(), 'same second', 'higher digest']],
  externalChange: [[messages.externalChange(startedAt, other, later), 'older', startedAt, 'another deployer', 'web:9', later, 'by hand']],
  replacedInQueue: [[messages.replacedInQueue('main-8'), 'main-8', 'first']],
  leaseLost: [[messages.leaseLost(), 'another deployment', 'lease']],
  rollbackDelegated: [[messages.rollbackDelegated(failure), 'asked to roll back', failure]],
  containerLost: [[messages.containerLost('proxy'), 'no container proxy', '"taskDefinition"']],
  duplicateRollback: [[messages.duplicateRollback(), 'another rollback']],

  notUpdatedYet: [[messages.notUpdatedYet('a record'), 'a record', 'not changed', 'sweep']],
  stillHeld: [[messages.stillHeld('a record', execution), 'a record', execution]],
  resumedElsewhere: [[messages.resumedElsewhere('a record'), 'a record', 'another execution']],
  deploymentLost: [[messages.deploymentLost('a record'), 'a record', 'ended', 'resumed']],
  alreadyEnded: [[messages.alreadyEnded('a record'), 'a record', 'ended']],
  takenOver: [[messages.takenOver(), 'execution ended', 'another deployment', 'lease']],

  malformedEvent: [[messages.malformedEvent('time is "x"'), 'time is "x"', 'Amazon ECR']],
  notAPush: [[messages.notAPush('source is "x"', 'aws.ecr'), 'source is "x"', 'aws.ecr']],
  notAnImage: [[messages.notAnImage('my-learn-app:v1.2.3', 'application/x'), 'my-learn-app:v1.2.3', 'no container image', 'application/x']],
  noTag: [[messages.noTag('my-learn-app'), 'my-learn-app', 'no tag']],
  servicesRunning: [[messages.servicesRunning(2, 3), '2 of 3 services']],
  ofService: [[messages.ofService('production/web', failure), 'production/web', failure]],
  noService: [[messages.noService(), 'slipway.yml', 'no service']],
  noRecord: [[messages.noRecord(), 'no record']],
  noResult: [[messages.noResult(), 'did not report a result']],
  repositoryNotConfigured: [
    [messages.repositoryNotConfigured('other', ['one', 'two'], undefined), 'other', 'slipway.yml', 'one, two', 'add it'],
    [messages.repositoryNotConfigured('on', ['one', 'two'], 'one'), 'repository on', 'slipway.yml', 'mean one', 'add it'],
  ],
  tagGone: [[messages.tagGone('main-7', 'my-learn-app'), 'main-7', 'no longer', 'my-learn-app']],
  imageGone: [[messages.imageGone(digest, 'my-learn-app'), digest, 'no longer', 'my-learn-app']],
  tagMoved: [[messages.tagMoved('main-7', digest), 'main-7', 'moved', digest]],
  releaseInProgress: [[messages.releaseInProgress('a1b2', execution), 'a1b2', 'in progress', execution]],
  releasedBefore: [[messages.releasedBefore(execution), 'released before', execution]],

  stepFailed: [
    [messages.stepFailed('Notify', 'States.Timeout', 'denied'), 'Notify', 'States.Timeout', 'denied'],
    [messages.stepFailed('Notify', 'States.Timeout', ''), 'Notify', 'States.Timeout'],
  ],
  notVisible: [[messages.notVisible('denied'), 'denied', 'unknown', 'check the service']],
  endedBeforeUpdate: [[messages.endedBeforeUpdate('its execution ended'), 'its execution ended', 'before', 'changed']],
  notResumable: [[messages.notResumable('its execution ended'), 'its execution ended', 'after', 'changed', 'resume']],
  endedBeforeStart: [[messages.endedBeforeStart('its execution ended'), 'its execution ended', 'before it began']],
  endedAfter: [[messages.endedAfter('its execution ended', 1, 3), 'its execution ended', '1 of 3 services']],
};

test.each(Object.entries(facts).flatMap(([name, rows]) => rows.map(([message, ...stated]) => ({ name, message, stated }))))(
  '$name states its facts in order: $message',
  ({ message, stated }) => {
    const positions = stated.map((fact) => message.indexOf(fact));

    expect(positions).not.toContain(-1);
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
  },
);

test('no message is empty, ends with a full stop, or leaves a fact out as undefined', () => {
  for (const [message] of Object.values(facts).flat()) expect(message).toMatch(/^(?!.*(?:undefined|null|\[object)).*[^.\s:;,]$/);
});
