import { type Outcome, reasonsByOutcome } from '../../../core/result/result.js';
import { evaluateStage } from '../../../functions/release/evaluate-stage.js';
import { deploymentRecord, later, releaseRecord } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';

const name = 'repository#my-learn-app release#1';
const deployed = (service: string, execution: string, outcome: Outcome) => ({
  [`service#${service} deployment#${later}#${execution}`]: deploymentRecord({
    service,
    result: { outcome, reason: reasonsByOutcome[outcome][0], message: `ended ${outcome}` },
  }),
});
const given = (...others: object[]) => {
  const table = givenTable({ records: Object.assign({ [name]: releaseRecord() }, ...others) });
  return { table, run: (stage: string) => evaluateStage(table)({ record: name, stage, action: 'proceed', now: later }) };
};
const staging = (outcome: Outcome) => deployed('staging/web', 'staging-web-1', outcome);

test('answers and records the next stage after a stage that succeeded', async () => {
  const { table, run } = given(staging('SUCCEEDED'));

  expect(await run('staging')).toMatchObject({
    action: 'proceed',
    record: name,
    stage: 'production',
    services: [
      { service: 'production/web', name: 'production-web-1' },
      { service: 'production/worker', name: 'production-worker-1' },
    ],
  });
  expect((await table.record(name))?.stage).toBe('production');
});

test('answers the same if it runs twice', async () => {
  const { run } = given(staging('SUCCEEDED'));

  expect(await run('staging')).toEqual(await run('staging'));
});

test('ends the release after a stage that was rolled back, and starts no other stage', async () => {
  const { table, run } = given(staging('ROLLED_BACK'));

  expect(await run('staging')).toEqual({
    action: 'finish',
    record: name,
    stage: 'staging',
    services: [],
    result: { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: expect.stringMatching(/staging\/web.*ended ROLLED_BACK/) },
  });
  expect(table.writes).toEqual([]);
});

test('ends the release after its last stage with the worst result of all stages', async () => {
  const web = deployed('production/web', 'production-web-1', 'SUCCEEDED');
  const worker = (outcome: Outcome) => deployed('production/worker', 'production-worker-1', outcome);

  expect(await given(staging('SUCCEEDED'), web, worker('SUCCEEDED')).run('production')).toMatchObject({
    action: 'finish',
    result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED' },
  });
  expect(await given(staging('SUCCEEDED'), web, worker('SUPERSEDED')).run('production')).toMatchObject({
    result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' },
  });
});

test('counts a deployment without a record as failed', async () => {
  expect(await given().run('staging')).toMatchObject({
    action: 'finish',
    result: { outcome: 'FAILED', reason: 'AWS_ERROR' },
  });
});

test('ignores a record of another execution for the same service', async () => {
  expect(await given(deployed('staging/web', 'another', 'SUCCEEDED')).run('staging')).toMatchObject({ result: { outcome: 'FAILED' } });
});
