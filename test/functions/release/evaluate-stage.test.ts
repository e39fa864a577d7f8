import { type Outcome, reasonsByOutcome } from '../../../core/result/result.js';
import { evaluateStage } from '../../../functions/release/evaluate-stage.js';
import { deploymentRecord, digest, later, registry, releaseRecord } from '../../core/given.js';
import { literalLedger } from '../given.js';

const name = 'repository#my-learn-app release#1';
const deployed = (service: string, execution: string, outcome: Outcome) => ({
  [`service#${service} deployment#1#${execution}`]: deploymentRecord({
    service,
    result: { outcome, reason: reasonsByOutcome[outcome][0], message: `${outcome} it is` },
  }),
});
const given = (...others: object[]) => {
  const records = literalLedger(Object.assign({ [name]: releaseRecord() }, ...others));
  return { records, run: (stage: string) => evaluateStage({ records })({ record: name, stage, now: later }) };
};
const staging = (outcome: Outcome) => deployed('staging/web', 'staging-web-1', outcome);

test('past a stage that succeeded it names the next, and notes it', async () => {
  const { records, run } = given(staging('SUCCEEDED'));

  expect(await run('staging')).toMatchObject({
    action: 'proceed',
    record: name,
    stage: 'production',
    services: [
      { service: 'production/web', name: 'production-web-1', image: `${registry}/my-learn-app:main-7@${digest}` },
      { service: 'production/worker', name: 'production-worker-1', image: `${registry}/my-learn-app:main-7@${digest}` },
    ],
  });
  expect(records.records[name]?.stage).toBe('production');
});

test('run twice, it answers the same', async () => {
  const { run } = given(staging('SUCCEEDED'));

  expect(await run('staging')).toEqual(await run('staging'));
});

test('a stage that was rolled back ends the release, and the next is not touched', async () => {
  const { records, run } = given(staging('ROLLED_BACK'));

  expect(await run('staging')).toEqual({
    action: 'finish',
    record: name,
    stage: 'staging',
    services: [],
    result: { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: 'staging/web: ROLLED_BACK it is' },
  });
  expect(records.writes).toEqual([]);
});

test('past the last stage it ends as the worst of all stages', async () => {
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

test('a deployment that left no record is a failure', async () => {
  expect(await given().run('staging')).toMatchObject({
    action: 'finish',
    result: { outcome: 'FAILED', reason: 'AWS_ERROR' },
  });
});

test('a record of another execution of the same service does not count', async () => {
  expect(await given(deployed('staging/web', 'another', 'SUCCEEDED')).run('staging')).toMatchObject({ result: { outcome: 'FAILED' } });
});
