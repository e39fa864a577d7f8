import type { History } from '../../core/query/answers.js';
import { deploymentSummary } from '../../core/query/deployment-view.js';
import { releaseSummary } from '../../core/query/release-view.js';
import type { QueryRequest } from '../../core/query/request.js';
import { type HistoryOf, historyUntil, type Key } from '../../core/records/record-name.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { leaseOf } from './deployment-views.js';
import { rejectUnknownRepository, rejectUnknownService } from './known-names.js';
import type { Asked } from './reads.js';
import { deploymentOf, readable, releaseOf } from './records.js';

const defaultLimit = 20;

/** What continues a history: the sort key of its last item, encoded so that no caller parses it. */
const cursorOf = ({ sk }: Key): string => Buffer.from(sk).toString('base64url');

/** @throws RefusedQuery NOT_CONFIGURED for a name that has no history either @throws RejectedInput for a `next` that no answer had */
export const history = async (asked: Asked, request: Extract<QueryRequest, { query: 'history' }>): Promise<History> => {
  const { limit = defaultLimit, next } = request;
  const of: HistoryOf = 'service' in request ? { service: request.service } : { repository: request.repository };
  const before = next === undefined ? undefined : Buffer.from(next, 'base64url').toString();
  if (historyUntil(of, before) === undefined) throw new RejectedInput('"next" is not one that an answer of this history had; leave it out');
  const page = await firstOf(asked.history.newestFirst(of, limit + 2, before), limit + 1);
  if (page.length === 0 && before === undefined) rejectUnknown(asked, of);
  const items = page.slice(0, limit);
  const [last] = items.slice(-1);
  const rest = page.length > limit && last ? { next: cursorOf(last) } : {};
  return { ...('service' in of ? await deployments(asked, items) : releases(items)), ...rest };
};

const firstOf = async (items: AsyncGenerator<Key>, count: number): Promise<Key[]> => {
  const first: Key[] = [];
  for await (const item of items) if (first.push(item) === count) break;
  return first;
};

/** One that was taken out of slipway.yml keeps its history. */
const rejectUnknown = ({ configuration }: Asked, of: HistoryOf): void =>
  'service' in of ? rejectUnknownService(configuration, of.service) : rejectUnknownRepository(configuration, of.repository);

type Unreadable = Required<Pick<History, 'unreadable' | 'unreadableNames'>>;

const unreadableOf = (others: Unreadable): Partial<Unreadable> => (others.unreadable.length > 0 ? others : {});

const releases = (items: readonly Key[]): History => {
  const { records, ...others } = readable(items, releaseOf);
  return { releases: records.map(releaseSummary), ...unreadableOf(others) };
};

const deployments = async (asked: Asked, items: readonly Key[]): Promise<History> => {
  const { records, ...others } = readable(items, deploymentOf);
  const summaries = await mapInBatches(
    records,
    async (record) => deploymentSummary(record, { lease: await leaseOf(asked, record), now: asked.now }),
    (_, error) => {
      throw error;
    },
  );
  return { deployments: summaries, ...unreadableOf(others) };
};
