import type { Publication } from '../../../aws/topic.js';
import { notify } from '../../../functions/notification/notify.js';
import { deploymentRecord, execution, later, releaseExecution, releaseRecord, startedAt } from '../../core/given.js';
import { literalLedger, noTrouble, sdkError, unknown } from '../given.js';

const deployment = 'service#production/web deployment#1';
const release = 'repository#my-learn-app release#1';
const succeeded = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 tasks run it' } as const;
const input = {
  service: 'production/web',
  record: deployment,
  release: '',
  resumes: '',
  result: succeeded,
  caught: noTrouble,
  isClosed: true,
  execution,
  startedAt,
  now: later,
};
const ofRelease = { ...input, service: '', record: release, execution: releaseExecution };

const given = (records = literalLedger({ [deployment]: deploymentRecord() })) => {
  const published: Publication[] = [];
  const run = notify({
    records,
    topic: {
      publish: async (publication) => {
        published.push(publication);
      },
    },
  });
  return { records, published, run };
};

test('a deployment is published once, as text and as data, and noted as told', async () => {
  const { records, published, run } = given();

  expect(await run(input)).toMatchObject({ notifiedAt: 'now' });
  expect(published).toHaveLength(1);
  expect(published[0]).toMatchObject({
    subject: 'SUCCEEDED: my-learn-app main-7 (a1b2c3d4a1b2) on production/web',
    attributes: { outcome: 'SUCCEEDED', stage: 'production', service: ['production/web'] },
  });
  expect(published[0]?.text).toContain('3 of 3 tasks run it');
  expect(JSON.parse(published[0]?.json ?? '')).toMatchObject({ id: execution, result: succeeded });
  expect(records.records[deployment]?.notifiedAt).toBe(later);
});

const closed = deploymentRecord({ pending: 'yes', result: succeeded, endedAt: later });

test.each([
  ['when it is told', closed, input, undefined],
  ['when its release tells it', closed, { ...input, release }, undefined],
  ['when it was told before', { ...closed, notifiedAt: later }, input, undefined],
  ['but not where it is not closed', deploymentRecord({ pending: 'yes' }), input, 'yes'],
  ['but not where closing it failed', closed, { ...input, isClosed: false }, 'yes'],
] as const)('a record leaves the index of open ones %s', async (_, record, state, open) => {
  const { records, run } = given(literalLedger({ [deployment]: record }));

  await run(state);

  expect(records.records[deployment]?.pending).toBe(open);
});

test('a note that fails once is written again, so that nothing is told twice', async () => {
  const records = literalLedger({ [deployment]: closed });
  const { markDone } = records;
  let failures = 1;
  Object.assign(records, {
    markDone: async (...given: Parameters<typeof markDone>) => {
      if (failures-- > 0) throw sdkError('InternalServerError', 'try again', 500);
      await markDone(...given);
    },
  });

  await given(records).run(input);

  expect(records.records[deployment]).toMatchObject({ notifiedAt: later });
});

test('run twice, it publishes once', async () => {
  const { published, run } = given();

  await run(input);

  expect(await run(input)).toMatchObject({ notifiedAt: 'before' });
  expect(published).toHaveLength(1);
});

test('a deployment within a release leaves the telling to it', async () => {
  const { published, run } = given();

  expect(await run({ ...input, release })).toMatchObject({ notifiedAt: 'by its release' });
  expect(published).toEqual([]);
});

test('a deployment that was gone on with after its release had ended tells for itself', async () => {
  const records = literalLedger({
    [deployment]: deploymentRecord({ updateRequestedAt: startedAt, endedAt: later }),
    [release]: releaseRecord({ endedAt: startedAt, notifiedAt: startedAt }),
  });
  const { published, run } = given(records);

  expect(await run({ ...input, release })).toMatchObject({ notifiedAt: 'now' });
  expect(published[0]).toMatchObject({ attributes: { service: ['production/web'], stage: 'production' } });
  expect(records.records[deployment]?.notifiedAt).toBe(later);
});

test('one that ended before its release did leaves the telling to it', async () => {
  const { published, run } = given(
    literalLedger({
      [deployment]: deploymentRecord({ updateRequestedAt: startedAt, endedAt: startedAt }),
      [release]: releaseRecord({ endedAt: later, notifiedAt: later }),
    }),
  );

  expect(await run({ ...input, release })).toMatchObject({ notifiedAt: 'by its release' });
  expect(published).toEqual([]);
});

test('a release is published with a line for every deployment that left a record', async () => {
  const { records, published, run } = given(
    literalLedger({
      [release]: releaseRecord(),
      'service#staging/web deployment#1#staging-web-1': deploymentRecord({ service: 'staging/web', result: succeeded }),
      'service#production/web deployment#1#production-web-1': deploymentRecord({
        result: { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: 'x' },
      }),
    }),
  );

  expect(await run({ ...ofRelease, result: { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: 'production/web: x' } })).toMatchObject({
    notifiedAt: 'now',
  });
  expect(published[0]?.attributes).toEqual({ outcome: 'ROLLED_BACK', stage: 'staging', service: ['staging/web', 'production/web'] });
  expect(records.records[release]?.notifiedAt).toBe(later);
});

test('an execution that was refused before it had a record is told all the same', async () => {
  const { published, run } = given(literalLedger());
  const result = { outcome: 'FAILED', reason: 'INVALID_INPUT', message: 'the input is empty' } as const;

  expect(await run({ ...input, service: '', record: '', result })).toMatchObject({ notifiedAt: 'now' });
  expect(published[0]).toMatchObject({ subject: 'FAILED: a deployment', attributes: { outcome: 'FAILED', stage: '', service: [] } });
});

test('people hear what is known though the table cannot be read or written', async () => {
  const refuse = async () => {
    throw sdkError('AccessDeniedException');
  };
  const { published, run } = given({ ...literalLedger(), deployment: refuse, release: refuse, deploymentNamed: refuse, update: refuse });

  expect(await run(input)).toMatchObject({ notifiedAt: 'now' });
  expect(await run(ofRelease)).toMatchObject({ notifiedAt: 'now' });
  expect(published.map(({ attributes }) => attributes.service)).toEqual([['production/web'], []]);
});

test('an end that nobody found is told by what failed', async () => {
  const { published, run } = given(literalLedger({ [deployment]: deploymentRecord({ updateRequestedAt: startedAt }) }));

  await run({ ...input, result: unknown, caught: { state: 'CloseDeployment', error: 'TransientAwsError', cause: 'x' } });

  expect(published[0]?.attributes.outcome).toBe('UNKNOWN');
  expect(published[0]?.text).toMatch(/CloseDeployment.*TransientAwsError: x/);
});

test('what the topic refuses is an error, and nothing is noted as told', async () => {
  const { records } = given();
  const run = notify({
    records,
    topic: {
      publish: async () => {
        throw sdkError('AuthorizationErrorException');
      },
    },
  });

  await expect(run(input)).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
  expect(records.records[deployment]?.notifiedAt).toBeUndefined();
});

describe.each([
  ['whose name is not known', ''],
  ['whose name is known', 'service#production/web deployment#never'],
])('an execution that failed before it opened a record %s', (_, record) => {
  const unopened = { ...input, record, result: { ...succeeded, outcome: 'FAILED' as const }, execution: 'arn:x:other' };

  test('leaves the telling to the release that started it', async () => {
    const { published, run } = given(literalLedger({ [release]: releaseRecord({ pending: 'yes' }) }));

    expect(await run({ ...unopened, release })).toMatchObject({ notifiedAt: 'by its release' });
    expect(published).toEqual([]);
  });

  test('tells itself where its release has ended and does not tell', async () => {
    const { records, published, run } = given(literalLedger({ [release]: releaseRecord({ endedAt: startedAt }) }));

    expect(await run({ ...unopened, release })).toMatchObject({ notifiedAt: 'now' });
    expect(published).toHaveLength(1);
    expect(records.writes).toEqual([]);
  });

  test('tells itself where a person named a release that is not there', async () => {
    expect(await given().run({ ...unopened, release: 'repository#x release#y' })).toMatchObject({ notifiedAt: 'now' });
  });

  test('leaves the telling to the one that resumes next, for the record is open still', async () => {
    const { published, run } = given(literalLedger({ [deployment]: deploymentRecord({ pending: 'yes', updateRequestedAt: startedAt }) }));

    expect(await run({ ...unopened, resumes: deployment })).toMatchObject({ notifiedAt: 'by who resumes it next' });
    expect(published).toEqual([]);
  });

  test('tells itself where there is nothing to resume', async () => {
    expect(await given().run({ ...unopened, resumes: 'service#x deployment#y' })).toMatchObject({ notifiedAt: 'now' });
  });
});
