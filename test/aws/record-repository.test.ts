import { RecordRepository } from '../../aws/record-repository.js';
import { Table } from '../../aws/table.js';
import { deploymentRecord } from '../core/given.js';

/** Answers as DynamoDB does: sort keys are compared as text. */
const tableWith = (sks: readonly string[]): Table => {
  const table = new Table({ region: 'eu-west-1', maxAttempts: 1 }, 'slipway-dev');
  return Object.assign(table, {
    query: async ({ values }: { values: { ':pk': string; ':since': string; ':end': string } }) =>
      sks.filter((sk) => sk >= values[':since'] && sk <= values[':end']).map((sk) => ({ ...deploymentRecord(), pk: values[':pk'], sk })),
  });
};

test.each([
  ['2026-11-23T12:00:05Z', '2026-11-23T12:00:05.400Z'],
  ['2026-11-23T12:00:05.400Z', '2026-11-23T12:00:06Z'],
  ['2026-11-23T12:00:05.000Z', '2026-11-23T12:00:05Z'],
])('a release that was started at %s finds its deployment of %s, with or without milliseconds', async (since, startedAt) => {
  const records = new RecordRepository(tableWith([`deployment#${startedAt}#web-1`]));

  expect(await records.deploymentNamed('production/web', 'web-1', since)).toMatchObject({
    name: `service#production/web deployment#${startedAt}#web-1`,
  });
});
