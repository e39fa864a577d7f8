import { type RecordName, watchKey } from '../core/records/record-name.js';
import { schema } from '../core/records/records.js';
import {
  alarmAttribute,
  type CountedFailure,
  type Expected,
  groupAttribute,
  readWatchItem,
  type WatchItem,
} from '../core/rollout/watch-item.js';
import { orderOf, type Visit } from '../core/step/visit.js';
import type { Change, Condition, Table } from './table.js';

/** The deployment that watches a service. */
export type Watcher = { readonly record: RecordName; readonly execution: string };

/** The watch items, one a service. Each change is one conditional write, so that an event is written before it is answered. */
export class WatchItems {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Undefined if no deployment watches the service, or the item is one of another version. */
  async of(service: string): Promise<WatchItem | undefined> {
    const item = await this.#table.get<object>(watchKey(service));
    return item && readWatchItem(item);
  }

  /**
   * Opens the item for the lease holder. What happened before is news: it found no item. One that it has opened before stays as it is,
   * and so does that of a later holder.
   */
  async open(service: string, { record, execution }: Watcher, fencingToken: number): Promise<void> {
    await this.#table.replace(
      { ...watchKey(service), schema, record, execution, fencingToken, news: 1, seen: 0 },
      {
        condition: 'attribute_not_exists(pk) OR (#record <> :record AND fencingToken < :mine)',
        names: { '#record': 'record' },
        values: { ':record': record, ':mine': fencingToken },
      },
    );
  }

  /**
   * Gives the item to the execution that resumes the deployment, without the token of the ended one; what that had seen may not have
   * led to a look. No-op if it has the item already.
   */
  async takeOver(service: string, { record, execution }: Watcher): Promise<void> {
    await this.#ofRecord(
      service,
      record,
      { set: { execution }, add: { news: 1 }, remove: ['token'] },
      { condition: 'execution <> :execution', values: { ':execution': execution } },
    );
  }

  /**
   * Stores the token of a visit, before the visit looks. Answers the item with the news that the visit before did not know.
   * Undefined if the item is not this deployment's, or a later visit has stored its token.
   */
  async storeToken(service: string, { record, execution }: Watcher, visit: Visit, token: string): Promise<WatchItem | undefined> {
    return this.#ofRecord(
      service,
      record,
      { set: { token, visit: orderOf(visit) }, copy: { seenBefore: 'seen', seen: 'news' } },
      {
        condition: 'execution = :execution AND (attribute_not_exists(#visit) OR #visit <= :visit)',
        names: { '#visit': 'visit' },
        values: { ':execution': execution, ':visit': orderOf(visit) },
      },
    );
  }

  /** Saves by what the rollout is watched. */
  async expect(service: string, record: RecordName, expected: Partial<Expected>): Promise<void> {
    await this.#ofRecord(service, record, { set: expected });
  }

  /** Saves the ID of our rollout among the service's deployments. That it began is no news, if its event was here before. */
  async acknowledge(service: string, record: RecordName, deploymentId: string): Promise<void> {
    const item = await this.#ofRecord(service, record, { set: { deploymentId } });
    if (item?.began !== deploymentId || item.news !== item.seen + 1) return;
    await this.#ofRecord(service, record, { set: { seen: item.news } }, { condition: 'news = :known', values: { ':known': item.news } });
  }

  /** Counts a failed task unless it is counted; undefined if it is, or as many are counted as end the rollout. */
  async countFailure(service: string, record: RecordName, failure: CountedFailure, isNews: boolean): Promise<WatchItem | undefined> {
    const { task, description, isPermanent, set } = failure;
    return this.#ofRecord(
      service,
      record,
      {
        set,
        add: {
          failed: new Set([task]),
          [groupAttribute(description)]: 1,
          ...(isPermanent && { permanent: 1 }),
          ...(isNews && { news: 1 }),
        },
      },
      {
        condition:
          'attribute_not_exists(isRollingBack) AND (attribute_not_exists(failed) OR (NOT contains(failed, :task) AND size(failed) < #limit))',
        names: { '#limit': 'limit' },
        values: { ':task': task },
      },
    );
  }

  /** Notes that the log of a failed task says that every further one will fail. */
  async markPermanent(service: string, record: RecordName): Promise<void> {
    await this.#ofRecord(service, record, { set: { isPermanentByLog: true } });
  }

  /** From now on, no failure counts. Answers the item with those that do. */
  async beginRollback(service: string, record: RecordName): Promise<WatchItem | undefined> {
    return this.#ofRecord(service, record, { set: { isRollingBack: true } });
  }

  /**
   * Notes that something happened, and answers the item; undefined if no deployment watches. `began` is the ID of a deployment that has
   * begun: of our own that is no news. `completed` is the one that has completed last, `stoppedRun` the before task that stopped last.
   */
  async addNews(
    service: string,
    { began, ...last }: Pick<WatchItem, 'began' | 'completed' | 'stoppedRun'> = {},
  ): Promise<WatchItem | undefined> {
    const item = await this.#table.change<object>(
      watchKey(service),
      { add: { news: 1 }, set: { began, ...last } },
      {
        // An item of another version is left as it is.
        condition: `#schema = :schema${began === undefined ? '' : ' AND (attribute_not_exists(deploymentId) OR deploymentId <> :began)'}`,
        names: { '#schema': 'schema' },
        values: { ':schema': schema, ...(began !== undefined && { ':began': began }) },
      },
    );
    return item && readWatchItem(item);
  }

  /** ECS has completed the rollout: from now on alarms, and what waits for the lease, are news. */
  async beginVerification(service: string, record: RecordName, verifying: NonNullable<WatchItem['verifying']>): Promise<void> {
    await this.#ofRecord(service, record, { set: { verifying } });
  }

  /**
   * Notes that an alarm went into ALARM at that time, and answers the item. That is news to a verification alone; an event that comes
   * after a later one changes nothing.
   */
  async addAlarm(service: string, name: string, at: string): Promise<WatchItem | undefined> {
    const attribute = alarmAttribute(name);
    const write = async (isVerifying: boolean): Promise<object | undefined> =>
      this.#table.change<object>(
        watchKey(service),
        { set: { [attribute]: at }, ...(isVerifying && { add: { news: 1 } }) },
        {
          condition: `#schema = :schema AND ${isVerifying ? 'attribute_exists' : 'attribute_not_exists'}(verifying) AND (attribute_not_exists(#alarm) OR #alarm <= :at)`,
          names: { '#schema': 'schema', '#alarm': attribute },
          values: { ':schema': schema, ':at': at },
        },
      );
    // The verification may begin in between.
    const item = (await write(true)) ?? (await write(false)) ?? (await write(true));
    return item && readWatchItem(item);
  }

  /** Notes that a deployment waits which may end the verification of the service, and answers the item; undefined if none ends for it. */
  async addWaiting(service: string, { isByHand }: { readonly isByHand: boolean }): Promise<WatchItem | undefined> {
    const item = await this.#table.change<object>(
      watchKey(service),
      { add: { news: 1 } },
      {
        condition: `#schema = :schema AND ${isByHand ? 'attribute_exists(verifying)' : 'verifying = :yields'}`,
        names: { '#schema': 'schema' },
        values: { ':schema': schema, ...(!isByHand && { ':yields': 'yields' }) },
      },
    );
    return item && readWatchItem(item);
  }

  /** Ends the watch of a deployment; no-op for others. */
  async close(service: string, record: RecordName): Promise<void> {
    await this.#table.delete(watchKey(service), {
      condition: '#record = :record',
      names: { '#record': 'record' },
      values: { ':record': record },
    });
  }

  async #ofRecord(service: string, record: RecordName, change: Change, also?: Condition): Promise<WatchItem | undefined> {
    const item = await this.#table.change<object>(watchKey(service), change, {
      condition: ['#record = :record', ...(also ? [also.condition] : [])].join(' AND '),
      names: { '#record': 'record', ...also?.names },
      values: { ':record': record, ...also?.values },
    });
    return item && readWatchItem(item);
  }
}
