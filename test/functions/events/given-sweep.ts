import type { Publication } from '../../../aws/topic.js';
import type { ExecutionState } from '../../../core/housekeeping/sweep.js';
import type { DeploymentRecord, ReleaseRecord } from '../../../core/records/records.js';
import { sweep } from '../../../functions/events/sweep.js';
import { configuration } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { givenTokens } from '../given-waiting.js';

export const time = '2026-11-23T13:00:00Z';
export const now = '2026-11-23T13:00:00.000Z';
export const name = 'service#production/web deployment#2026-11-23T12:00:00.000Z#production-web-1';
export const aborted: ExecutionState = { isRunning: false, endedAt: new Date('2026-11-23T12:30:00Z'), status: 'ABORTED' };

type Record = DeploymentRecord | ReleaseRecord;
export const pending = <R extends Record>(record: R): R => ({ ...record, pending: 'yes' });

/** The sweep over these items; `over` are ends of the names of executions that have ended, `closed` the tokens of those. */
export const given = (
  items: NonNullable<Parameters<typeof givenTable>[0]>,
  stateOf: (execution: string) => ExecutionState = () => aborted,
  over: readonly string[] = [],
  closed: readonly string[] = [],
) => {
  const table = givenTable(items);
  const published: Publication[] = [];
  const topic = {
    arn: 'arn:aws:sns:eu-west-1:123456789012:slipway-dev',
    publish: async (publication: Publication) => void published.push(publication),
  };
  const started: string[] = [];
  const executions = {
    describe: async (arn: string) => stateOf(arn),
    start: async (machine: string, wanted: string, input: object) => {
      const start = `${machine} ${wanted} ${JSON.stringify(input)}`;
      if (!started.includes(start)) started.push(start);
      return { execution: `${machine.replace('stateMachine', 'execution')}:${wanted}`, isOver: over.some((end) => wanted.includes(end)) };
    },
  };
  const { tokens, taken } = givenTokens(...closed);
  const run = sweep({
    ...table,
    configuration,
    tokens,
    machine: 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-release',
    executions,
    topic,
  });
  return { table, topic, executions, published, started, taken, run };
};
