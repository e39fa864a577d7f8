import type { Publication } from '../../../aws/topic.js';
import type { Trigger } from '../../../core/records/records.js';
import { unfinished } from '../../../core/result/result.js';
import { notify } from '../../../functions/notification/notify.js';
import { deploymentRecord, digest, execution, later, releaseExecution, releaseRecord, startedAt, stateOf } from '../../core/given.js';
import { failedTask } from '../../core/notification/given-messages.js';
import { givenTable } from '../../support/given-table.js';
import { nothingCaught, sdkError } from '../given-failure.js';

const deployment = 'service#production/web deployment#1';
const release = 'repository#my-learn-app release#1';
const succeeded = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 tasks run it' } as const;
const rolledBack = { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: 'x' } as const;
const input = {
  service: 'production/web',
  repository: '',
  record: deployment,
  result: succeeded,
  caught: nothingCaught,
  isClosed: true,
  execution,
  startedAt,
  now: later,
};
const ofRelease = { ...input, service: '', repository: 'my-learn-app', record: release, execution: releaseExecution };

const given = (records: NonNullable<Parameters<typeof givenTable>[0]>['records'] = { [deployment]: deploymentRecord() }) => {
  const table = givenTable({ records });
  const published: Publication[] = [];
  const topic = { publish: async (publication: Publication) => void published.push(publication) };
  return { table, published, topic, run: notify({ ...table, topic }) };
};

test('publishes a deployment once, as text and as data, and records when', async () => {
  const { table, published, run } = given();

  expect(await run(input)).toMatchObject({ isPublished: true });
  expect(published).toHaveLength(1);
  expect(published[0]).toMatchObject({
    subject: 'SUCCEEDED: my-learn-app:main-7 (a1b2c3d4a1b2) on production/web',
    attributes: { outcome: 'SUCCEEDED', stage: 'production', service: ['production/web'] },
  });
  expect(published[0]?.text).toContain('3 of 3 tasks run it');
  expect(JSON.parse(published[0]?.json ?? '')).toMatchObject({ id: execution, result: succeeded });
  expect((await table.record(deployment))?.notifiedAt).toBe(later);
});

const closed = deploymentRecord({ pending: 'yes', result: succeeded, endedAt: later });

test.each([
  ['is done after it was reported', closed, input, undefined],
  ['is done if it was reported before', { ...closed, notifiedAt: later }, input, undefined],
  ['remains pending if it is not closed', deploymentRecord({ pending: 'yes' }), input, 'yes'],
  ['remains pending if closing it failed', closed, { ...input, isClosed: false }, 'yes'],
] as const)('a record %s', async (_, record, state, pending) => {
  const { table, run } = given({ [deployment]: record });

  await run(state);

  expect((await table.record(deployment))?.pending).toBe(pending);
});

test('records the report at the second attempt if the first one fails, so that the sweep does not repeat it', async () => {
  const { table, run } = given({ [deployment]: closed });
  jest.spyOn(table.records, 'markDone').mockRejectedValueOnce(sdkError('InternalServerError', 'try again', 500));

  await run(input);

  expect(await table.record(deployment)).toMatchObject({ notifiedAt: later });
});

test('publishes once if it runs twice', async () => {
  const { published, run } = given();

  await run(input);

  expect(await run(input)).toMatchObject({ isPublished: false });
  expect(published).toHaveLength(1);
});

test('publishes a release with a line for every deployment that has a record', async () => {
  const { table, published, run } = given({
    [release]: releaseRecord(),
    [`service#staging/web deployment#${later}#staging-web-1`]: deploymentRecord({ service: 'staging/web', result: succeeded }),
    [`service#production/web deployment#${later}#production-web-1`]: deploymentRecord({ result: rolledBack }),
  });

  expect(await run({ ...ofRelease, result: rolledBack })).toMatchObject({ isPublished: true });
  expect(published[0]?.attributes).toMatchObject({ outcome: 'ROLLED_BACK', stage: 'staging', service: ['staging/web', 'production/web'] });
  expect((await table.record(release))?.notifiedAt).toBe(later);
});

test('the before task of a stage is reported beside the services, and its service is named to subscribers', async () => {
  const failed = { outcome: 'FAILED', reason: 'BEFORE_TASK', message: 'exit 3' } as const;
  const stages = [{ name: 'production', deployments: [], before: { service: 'production/web', name: 'production-web-0' } }];
  const { published, run } = given({
    [release]: releaseRecord({ stages, stage: 'production' }),
    [`service#production/web deployment#${later}#production-web-0`]: deploymentRecord({ result: failed, beforeTask: failedTask }),
  });

  await run({ ...ofRelease, result: failed });

  expect(published[0]?.attributes).toMatchObject({ outcome: 'FAILED', service: ['production/web'] });
  expect(published[0]?.text).toContain('before task of production: failed, exit 3');
  expect(JSON.parse(published[0]?.json ?? '')).toMatchObject({ services: [], beforeTasks: [{ service: 'production/web' }] });
});

test.each([
  ['a push', { reason: 'ALREADY_RUNNING' }, {}, true],
  ['an operator', { reason: 'ALREADY_RUNNING' }, { trigger: { kind: 'hand', by: 'ada' } }, false],
  ['a push that was approved', { reason: 'OLDER_PUSH' }, { approvals: [{ stage: 'production', at: later }] }, false],
  ['a tag of production alone', { reason: 'STAGE_REQUIRED' }, {}, false],
  ['a push that changed something', { outcome: 'PARTIAL', reason: 'ON_HOLD' }, {}, false],
] as const)('a skipped release is quiet unless it was asked for: %s', async (_, end, changes, quiet) => {
  const result = { outcome: 'SKIPPED', message: 'x', ...end } as const;
  const { published, run } = given({ [release]: releaseRecord({ stages: [], result, ...changes }) });

  await run({ ...ofRelease, result });

  expect(published[0]?.attributes.quiet).toBe(quiet);
});

const unmatched = { outcome: 'SKIPPED', reason: 'TAG_NOT_MATCHED', message: 'tag x matches none of v*' } as const;
const withTrigger = (kind: Trigger['kind']) => releaseRecord({ pending: 'yes', result: unmatched, endedAt: later, trigger: { kind } });

test.each(['push', 'replication', 'pullThroughCache', 'reconcile'] as const)(
  'a tag of a %s that no stage takes is in the history only',
  async (kind) => {
    const { table, published, run } = given({ [release]: withTrigger(kind) });

    expect(await run({ ...ofRelease, result: unmatched })).toEqual({ isPublished: false, result: unmatched });
    expect(published).toEqual([]);
    expect(await table.record(release)).toMatchObject({ result: unmatched });
    expect((await table.record(release))?.pending).toBeUndefined();
  },
);

test.each([
  ['an operator started', withTrigger('hand'), unmatched],
  ['a hold had kept back', withTrigger('releasedHold'), unmatched],
  ['was pushed, and skipped for another reason,', releaseRecord(), { ...unmatched, reason: 'TAG_MOVED' }],
] as const)('what %s is reported', async (_, record, result) => {
  const { published, run } = given({ [release]: { ...record, result } });

  await run({ ...ofRelease, result });

  expect(published).toHaveLength(1);
});

test('publishes what undid the deployments of a release with them', async () => {
  const deployed = `service#staging/web deployment#${later}#staging-web-1`;
  const undo = { service: 'staging/web', name: 'staging-web-undo', undoes: deployed };
  const undone = { outcome: 'SUCCEEDED', reason: 'ROLLED_BACK_WITH_RELEASE', message: 'back on web:7' } as const;
  const { published, run } = given({
    [release]: releaseRecord({ rollback: { of: 'repository#my-learn-app release#1#push-1', deployments: [undo] } }),
    [deployed]: deploymentRecord({ service: 'staging/web', result: succeeded }),
    [`service#staging/web deployment#${later}#staging-web-undo`]: deploymentRecord({ service: 'staging/web', result: undone }),
    [`service#production/web deployment#${later}#production-web-1`]: deploymentRecord({ result: rolledBack }),
  });

  await run({ ...ofRelease, result: rolledBack });

  expect(published[0]?.attributes.service).toEqual(['staging/web', 'production/web']);
  expect(JSON.parse(published[0]?.json ?? '').services).toMatchObject([
    { result: succeeded, undo: { result: undone } },
    { result: rolledBack },
  ]);
});

test('publishes an execution that was rejected before it had a record', async () => {
  const { table, published, run } = given({});
  const result = { outcome: 'FAILED', reason: 'INVALID_INPUT', message: 'the input is empty' } as const;

  expect(await run({ ...input, service: '', record: '', result })).toMatchObject({ isPublished: true });
  expect(published[0]).toMatchObject({ subject: 'FAILED: a deployment', attributes: { outcome: 'FAILED', stage: '', service: [] } });
  expect(table.writes).toEqual([]);
});

test.each([
  ['', 'FAILED: a release'],
  ['my-learn-app', 'FAILED: a release of my-learn-app'],
  ['a'.repeat(100_000), `FAILED: a release of ${'a'.repeat(78)}`],
])('publishes a release that was rejected, with the repository that its input names: %#', async (repository, subject) => {
  const { published, run } = given({});
  const result = { outcome: 'FAILED', reason: 'INVALID_INPUT', message: 'x' } as const;

  await run({ ...ofRelease, repository, record: '', result });

  expect(published[0]?.subject).toBe(subject);
  expect(published[0]?.json.length).toBeLessThan(2000);
});

test('says on which services the image is in quarantine', async () => {
  const state = stateOf({ quarantine: [{ digest, reason: 'CRASHED', at: later }] });
  const table = givenTable({ records: { [deployment]: deploymentRecord({ result: rolledBack }) }, states: { 'production/web': state } });
  const texts: string[] = [];
  const topic = { publish: async ({ text }: Publication) => void texts.push(text) };

  await notify({ ...table, topic })(input);

  expect(texts).toHaveLength(1);
  expect(texts[0]).toContain('\n  the image is in quarantine on this service\n');
});

test('says on which service the image is in quarantine because the before task of a stage failed there', async () => {
  const failed = { outcome: 'FAILED', reason: 'BEFORE_TASK', message: 'exit 3' } as const;
  const stages = [{ name: 'production', deployments: [], before: { service: 'production/web', name: 'production-web-0' } }];
  const records = {
    [release]: releaseRecord({ stages, stage: 'production' }),
    [`service#production/web deployment#${later}#production-web-0`]: deploymentRecord({ result: failed, beforeTask: failedTask }),
  };
  const state = stateOf({ quarantine: [{ digest, reason: 'CRASHED', at: later }] });
  const textWith = async (states: NonNullable<Parameters<typeof givenTable>[0]>['states']) => {
    const texts: string[] = [];
    const publish = async ({ text }: Publication) => void texts.push(text);
    await notify({ ...givenTable({ records, ...(states && { states }) }), topic: { publish } })({ ...ofRelease, result: failed });
    return texts.join();
  };

  expect(await textWith({ 'production/web': state })).toContain('\nthe image is in quarantine on production/web\n');
  expect(await textWith({})).not.toContain('quarantine');
});

test('publishes what is known if the table can be neither read nor written', async () => {
  const { table, published, run } = given();
  for (const method of ['deployment', 'release', 'deploymentNamed', 'update', 'markDone'] as const)
    jest.spyOn(table.records, method).mockRejectedValue(sdkError('AccessDeniedException'));

  expect(await run(input)).toMatchObject({ isPublished: true });
  expect(await run(ofRelease)).toMatchObject({ isPublished: true });
  expect(published.map(({ attributes }) => attributes.service)).toEqual([['production/web'], []]);
});

test('publishes the failed step if the result is unknown', async () => {
  const { published, run } = given({ [deployment]: deploymentRecord({ updateRequestedAt: startedAt }) });

  await run({ ...input, result: unfinished, caught: { state: 'CloseDeployment', error: 'TransientAwsError', cause: 'x' } });

  expect(published[0]?.attributes.outcome).toBe('UNKNOWN');
  expect(published[0]?.text).toMatch(/CloseDeployment.*TransientAwsError: x/);
});

test('fails if the topic rejects the message, and does not record a report', async () => {
  const { table, topic, run } = given();
  jest.spyOn(topic, 'publish').mockRejectedValue(sdkError('AuthorizationErrorException'));

  await expect(run(input)).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
  expect((await table.record(deployment))?.notifiedAt).toBeUndefined();
});
