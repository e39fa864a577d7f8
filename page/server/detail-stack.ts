import type { AnswerTo, StackClient } from '../../cli/stack-client.js';
import type { Time } from './budget.js';
import type { DetailReads } from './detail-reads.js';
import type { HistoryRecords } from './history-records.js';
import type { Live } from './join-source.js';

/** What the views of one thing, and those of the past, are answered with. */
export type Stack = {
  readonly client: Pick<StackClient, 'query' | 'settings'>;
  readonly live: Pick<Live, 'overview' | 'listen' | 'samples'>;
  readonly time: Time;
  readonly reads: DetailReads;
  readonly records: HistoryRecords;
  readonly installation: () => Promise<AnswerTo<'installation'>>;
};
