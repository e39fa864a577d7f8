import fc from 'fast-check';
import { type DeploymentResult, deploymentsOf, nextStage, releaseResult, stageDecision } from '../../../core/release/release-plan.js';
import { type Outcome, outcomes, type Reason, unfinished } from '../../../core/result/result.js';
import { releaseRecord, resultWith, startedAt } from '../given.js';

describe('a stage', () => {
  test('is decided with the names of its executions', () => {
    expect(stageDecision('proceed', 'record', releaseRecord(), 'production')).toEqual({
      action: 'proceed',
      record: 'record',
      stage: 'production',
      services: [
        { service: 'production/web', name: 'production-web-1', delaySeconds: 0 },
        { service: 'production/worker', name: 'production-worker-1', delaySeconds: 0 },
      ],
      parallel: 20,
      result: unfinished,
    });
  });

  test('that the release does not plan has no deployments', () => {
    expect(deploymentsOf(releaseRecord(), 'other')).toEqual([]);
  });
});

const ended = (service: string, outcome: Outcome, reason?: Reason): DeploymentResult => ({
  service,
  record: { result: resultWith(outcome, reason && { reason }), updateRequestedAt: startedAt },
});
const alreadyRunning = (service: string) => ended(service, 'SKIPPED', 'ALREADY_RUNNING');
const onHold = (service: string) => ended(service, 'SKIPPED', 'ON_HOLD');

describe('the stage after a stage', () => {
  test.each<[string, DeploymentResult[], string | undefined]>([
    ['that succeeded', [ended('a', 'SUCCEEDED')], 'production'],
    ['that already runs it', [alreadyRunning('a'), ended('b', 'SUCCEEDED')], 'production'],
    ['that was skipped for another reason', [onHold('a')], undefined],
    ['that was superseded', [ended('a', 'SUPERSEDED')], undefined],
    ['that failed', [ended('a', 'SUCCEEDED'), ended('b', 'FAILED')], undefined],
    ['that was rolled back', [ended('a', 'ROLLED_BACK')], undefined],
    ['of which one left no record', [ended('a', 'SUCCEEDED'), { service: 'b', record: undefined }], undefined],
    ['of which one did not report a result', [{ service: 'b', record: { updateRequestedAt: startedAt } }], undefined],
  ])('%s', (_, results, next) => {
    expect(nextStage(releaseRecord(), 'staging', results)).toBe(next);
  });

  test('that is the last does not exist', () => {
    expect(nextStage(releaseRecord(), 'production', [ended('a', 'SUCCEEDED')])).toBeUndefined();
  });
});

describe('the result of a release is', () => {
  test.each<[string, DeploymentResult[], object]>([
    [
      'succeeded',
      [ended('a', 'SUCCEEDED'), ended('b', 'SUCCEEDED')],
      { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '2 of 2 services run it' },
    ],
    [
      'succeeded if some services ran it already',
      [alreadyRunning('a'), ended('b', 'SUCCEEDED')],
      { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '2 of 2 services run it' },
    ],
    [
      'skipped if all services ran it already',
      [alreadyRunning('a'), alreadyRunning('b')],
      { outcome: 'SKIPPED', reason: 'ALREADY_RUNNING', message: 'a: x' },
    ],
    [
      'skipped for what kept one service from it, if the others ran it already',
      [alreadyRunning('a'), onHold('b')],
      { outcome: 'SKIPPED', reason: 'ON_HOLD', message: 'b: x' },
    ],
    ['skipped if all services were skipped', [onHold('a'), onHold('b')], { outcome: 'SKIPPED', reason: 'ON_HOLD', message: 'a: x' }],
    [
      'partial if one service runs it and another is on hold',
      [ended('a', 'SUCCEEDED'), onHold('b')],
      { outcome: 'PARTIAL', reason: 'ON_HOLD', message: 'b: x' },
    ],
    [
      'superseded if one service was superseded and another skipped',
      [onHold('a'), ended('b', 'SUPERSEDED')],
      { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT', message: 'b: x' },
    ],
    [
      'that of its worst deployment',
      [ended('a', 'FAILED'), ended('b', 'ROLLED_BACK', 'UNHEALTHY'), ended('c', 'SUCCEEDED')],
      { outcome: 'ROLLED_BACK', reason: 'UNHEALTHY', message: 'b: x' },
    ],
    [
      'that of its worst deployment, with its runbook entry',
      [
        ended('a', 'SUCCEEDED'),
        {
          service: 'b',
          record: { result: { ...resultWith('ROLLBACK_FAILED'), runbook: 'ROLLBACK_STOPPED' }, updateRequestedAt: startedAt },
        },
      ],
      { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', message: 'b: x', runbook: 'ROLLBACK_STOPPED' },
    ],
    [
      'failed if a deployment left no record',
      [ended('a', 'SUCCEEDED'), { service: 'b', record: undefined }],
      { outcome: 'FAILED', reason: 'AWS_ERROR', message: expect.stringMatching(/^b: .*no record/) },
    ],
    [
      'failed if a deployment neither changed its service nor reported a result',
      [{ service: 'b', record: {} }],
      { outcome: 'FAILED', reason: 'ABORTED', message: expect.stringMatching(/^b: .*did not report/) },
    ],
    [
      'unknown if a deployment may have changed its service and did not report a result',
      [{ service: 'b', record: { updateRequestedAt: startedAt } }],
      { outcome: 'UNKNOWN', reason: 'ABORTED', message: expect.stringMatching(/^b: .*did not report/), runbook: 'RESULT_MISSING' },
    ],
    [
      'skipped, not succeeded, if there was nothing to deploy',
      [],
      { outcome: 'SKIPPED', reason: 'NOT_CONFIGURED', message: expect.stringContaining('slipway.yml') },
    ],
  ])('%s', (_, results, result) => {
    expect(releaseResult(results)).toEqual(result);
  });

  /** Only releases have the outcome PARTIAL. */
  const ofDeployments = outcomes.filter((outcome) => outcome !== 'PARTIAL');
  const anyDeployments = fc.array(
    fc.oneof(
      fc.constantFrom(...ofDeployments).map((outcome) => ended('a', outcome, outcome === 'SKIPPED' ? 'ON_HOLD' : undefined)),
      fc.constant(alreadyRunning('a')),
      fc.constant<DeploymentResult>({ service: 'a', record: undefined }),
    ),
    { maxLength: 5 },
  );
  const outcomesOf = (results: readonly DeploymentResult[]) =>
    results.map(({ record }) => (record?.result?.reason === 'ALREADY_RUNNING' ? 'ran it' : record?.result?.outcome));

  test('succeeded only if every deployment succeeded or ran it already, and at least one succeeded', () => {
    fc.assert(
      fc.property(anyDeployments, (results) => {
        if (releaseResult(results).outcome !== 'SUCCEEDED') return;
        expect(outcomesOf(results)).toContain('SUCCEEDED');
        expect(outcomesOf(results).filter((outcome) => outcome !== 'SUCCEEDED' && outcome !== 'ran it')).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('partial only if one deployment succeeded and none failed', () => {
    fc.assert(
      fc.property(anyDeployments, (results) => {
        if (releaseResult(results).outcome !== 'PARTIAL') return;
        expect(outcomesOf(results)).toContain('SUCCEEDED');
        expect(outcomesOf(results)).toContain('SKIPPED');
        expect(outcomesOf(results).filter((outcome) => outcome !== 'SUCCEEDED' && outcome !== 'SKIPPED' && outcome !== 'ran it')).toEqual(
          [],
        );
      }),
      { numRuns: 1000 },
    );
  });
});
