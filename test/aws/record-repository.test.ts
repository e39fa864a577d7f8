import type { DeploymentRecord } from '../../core/records/records.js';
import { unfinished } from '../../core/result/result.js';
import { deploymentRecord, execution, later } from '../core/given.js';
import { givenTable } from '../support/given-table.js';

const service = 'production/web';
const record = (startedAt: string) => `service#${service} deployment#${startedAt}#web-1`;

test.each([
  ['2026-11-23T12:00:05Z', '2026-11-23T12:00:05.400Z'],
  ['2026-11-23T12:00:05.400Z', '2026-11-23T12:00:06Z'],
  ['2026-11-23T12:00:05.000Z', '2026-11-23T12:00:05Z'],
])('a release that started at %s finds its deployment of %s, with or without milliseconds', async (since, startedAt) => {
  const { records } = givenTable({ records: { [record(startedAt)]: deploymentRecord() } });

  expect(await records.deploymentNamed(service, 'web-1', since)).toMatchObject({ name: record(startedAt) });
});

test('a release does not find a deployment that started before it', async () => {
  const { records } = givenTable({ records: { [record('2026-11-23T12:00:04Z')]: deploymentRecord() } });

  expect(await records.deploymentNamed(service, 'web-1', '2026-11-23T12:00:05Z')).toBeUndefined();
});

describe('a visit', () => {
  const name = record('2026-11-23T12:00:05Z');
  const visit = (number: number, retry = 0) => ({ number, retry });
  const given = (changes: Partial<DeploymentRecord> = {}) => givenTable({ records: { [name]: deploymentRecord(changes) } });

  test('enters the record, the same or a later one again', async () => {
    const { records, record: read } = given();

    expect(await records.enter(name, execution, visit(1))).toMatchObject({ service, visit: 1000 });
    for (const one of [visit(1), visit(1, 1), visit(2), visit(17, 3)]) expect(await records.enter(name, execution, one)).toBeDefined();
    expect(await read(name)).toMatchObject({ visit: 17_003 });
  });

  test.each<[string, Partial<DeploymentRecord>, 'late' | 'lost']>([
    ['a later one has entered', { visit: 5000 }, 'late'],
    ['its retry has entered', { visit: 4002 }, 'late'],
    ['the record is closed', { endedAt: later, visit: 1000 }, 'lost'],
    ['another execution has resumed the deployment', { execution: `${execution}-2`, visit: 7000 }, 'lost'],
    ['another execution has it, though no step has entered', { execution: `${execution}-2` }, 'lost'],
  ])('neither enters nor writes once %s', async (_, changes, why) => {
    const { records, record: read, writes } = given(changes);

    expect(await records.enter(name, execution, visit(4, 1))).toBe(why);
    expect(await records.write(name, visit(4, 1), { revision: 'web:9' })).toBe(false);
    expect(await records.markAttempt(name, 'updateAttempt', visit(4, 1), { updateRequestedAt: later })).toBe(false);
    await records.skip(name, visit(4, 1), unfinished);
    await records.reopen(name, visit(4, 1));
    expect(writes).toEqual([]);
    expect(await read(name)).toEqual(deploymentRecord(changes));
  });

  test('of the execution that resumes a deployment takes it, unless it is closed or another one has taken it', async () => {
    const taken = { execution: `${execution}-2`, resumptions: 1, visit: 5000 };
    const takeOver = async (changes: Partial<DeploymentRecord>) => {
      const { records, record: read } = given(changes);
      return [await records.takeOver(name, execution, taken), await read(name)];
    };

    expect(await takeOver({ visit: 4001 })).toEqual([true, deploymentRecord(taken)]);
    for (const changes of [{ execution: `${execution}-3` }, { endedAt: later }])
      expect(await takeOver(changes)).toEqual([false, deploymentRecord(changes)]);
  });

  test('writes only after it has entered', async () => {
    const { records } = given({ visit: 3000 });

    expect(await records.write(name, visit(4), { revision: 'web:9' })).toBe(false);
    await records.enter(name, execution, visit(4));
    expect(await records.write(name, visit(4), { revision: 'web:9' })).toBe(true);
  });

  test('of a closed record does not write, though it is still the last one', async () => {
    const { records } = given();

    await records.enter(name, execution, visit(4));
    await records.close(name, { endedAt: later, result: unfinished }, 0);
    expect(await records.write(name, visit(4), { revision: 'web:9' })).toBe(false);
  });

  test('of a record that does not exist fails', async () => {
    await expect(givenTable().records.enter(name, execution, visit(1))).rejects.toMatchObject({ name: 'NoSuchRecord' });
  });

  test('makes at most one attempt with its retries, and another one only if the call was refused', async () => {
    const { records, record: read } = given();
    const attempt = async (number: number, retry = 0) => {
      await records.enter(name, execution, visit(number, retry));
      return records.markAttempt(name, 'updateAttempt', visit(number, retry), { updateRequestedAt: later });
    };

    expect(await attempt(4)).toBe(true);
    expect(await attempt(4)).toBe(false);
    expect(await attempt(4, 1)).toBe(false);
    await records.write(name, visit(4, 1), { updateAttempt: 0 });
    expect(await attempt(4, 2)).toBe(true);
    expect(await attempt(5)).toBe(true);
    expect(await records.markAttempt(name, 'rollbackAttempt', visit(5), {})).toBe(true);
    expect(await read(name)).toMatchObject({ updateAttempt: 5, rollbackAttempt: 5 });
  });

  test('of AcquireLease does not skip a deployment that another one let proceed', async () => {
    const { records, record: read } = given({ revision: 'web:8' });

    await records.enter(name, execution, visit(4));
    await records.skip(name, visit(4), unfinished);
    expect(await read(name)).not.toHaveProperty('result');
  });
});
