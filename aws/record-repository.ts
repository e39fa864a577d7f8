import type { RecordName } from '../core/records/record-name.js';
import { claimKey, deploymentsSince, isRecordOf, type Key, keyOf, nameOfKey } from '../core/records/record-name.js';
import { type DeploymentRecord, type ReleaseRecord, schema } from '../core/records/records.js';
import { attributesOfPushes, type Claim, pushAttribute, pushTo, readClaim } from '../core/release/claim-digest.js';
import type { Result } from '../core/result/result.js';
import { orderOf, type Visit } from '../core/step/visit.js';
import type { Change, Condition, Table } from './table.js';

/** The records of deployments and releases, and the claims of releases on digests. */
export class RecordRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Opens a record. One that an earlier invocation has opened stays as it is. */
  async open(name: RecordName, record: DeploymentRecord | ReleaseRecord): Promise<void> {
    await this.#table.putOnce({ ...keyOf(name), schema, ...record });
  }

  /** @throws Error `NoSuchRecord` if it does not exist */
  async deployment(name: RecordName): Promise<DeploymentRecord> {
    return this.#required<DeploymentRecord>(name);
  }

  /** @throws Error `NoSuchRecord` if it does not exist */
  async release(name: RecordName): Promise<ReleaseRecord> {
    return this.#required<ReleaseRecord>(name);
  }

  /**
   * Enters the record with a visit of a step, in the execution `by`: from then on, earlier invocations can no longer write to it.
   * Answers the record; or `late`, if a later invocation of the execution has entered it, so that no state waits for this one's
   * answer; or `lost`, if it is closed, or another execution's.
   * @throws Error `NoSuchRecord` if it does not exist
   */
  async enter(name: RecordName, by: string, visit: Visit): Promise<DeploymentRecord | 'late' | 'lost'> {
    const entered = await this.#table.change<DeploymentRecord>(
      keyOf(name),
      { set: { visit: orderOf(visit) } },
      {
        condition: 'attribute_not_exists(endedAt) AND execution = :execution AND (attribute_not_exists(#visit) OR #visit <= :visit)',
        names: { '#visit': 'visit' },
        values: { ':execution': by, ':visit': orderOf(visit) },
      },
    );
    if (entered) return entered;
    const { execution, endedAt } = await this.deployment(name);
    return execution === by && endedAt === undefined ? 'late' : 'lost';
  }

  /**
   * Saves which service of the stage that a release has in progress failed first. Answers the release, also when run again for that
   * service; undefined if another one failed before it, or the release has ended.
   */
  async failStage(name: RecordName, failure: NonNullable<ReleaseRecord['stageFailure']>): Promise<ReleaseRecord | undefined> {
    return this.#table.change<ReleaseRecord>(
      keyOf(name),
      { set: { stageFailure: failure } },
      {
        condition:
          'attribute_not_exists(endedAt) AND #stage = :stage AND (attribute_not_exists(stageFailure) OR stageFailure.service = :service)',
        names: { '#stage': 'stage' },
        values: { ':stage': failure.stage, ':service': failure.service },
      },
    );
  }

  /** Gives an open record of an ended execution to the one that resumes it; false if it is closed, or another's by now. */
  async takeOver(name: RecordName, from: string, taken: Pick<DeploymentRecord, 'execution' | 'resumptions' | 'visit'>): Promise<boolean> {
    const changed = await this.#table.change(
      keyOf(name),
      { set: taken },
      { condition: 'attribute_not_exists(endedAt) AND execution = :from', values: { ':from': from } },
    );
    return changed !== undefined;
  }

  /** Sets attributes; undefined ones stay as they are. @throws Error `NoSuchRecord` if the record does not exist */
  async update(name: RecordName, changes: Partial<DeploymentRecord> | Partial<ReleaseRecord>): Promise<void> {
    const changed = await this.#table.change(keyOf(name), { set: changes }, { condition: 'attribute_exists(pk)' });
    if (!changed) throw this.#noSuch(name);
  }

  /** Sets attributes if the invocation that entered the record is still the newest, and the record is open; else false. */
  async write(name: RecordName, visit: Visit, changes: Partial<DeploymentRecord>): Promise<boolean> {
    return this.#write(name, visit, { set: changes });
  }

  /**
   * Saves the result of a deployment that is skipped before it is closed; no-op if it has a revision: another invocation of
   * AcquireLease let it proceed.
   */
  async skip(name: RecordName, visit: Visit, result: Result): Promise<void> {
    await this.#write(name, visit, { set: { result } }, { condition: 'attribute_not_exists(revision)' });
  }

  /** Removes a result that does not apply after all. */
  async reopen(name: RecordName, visit: Visit): Promise<void> {
    await this.#write(name, visit, { remove: ['result'] });
  }

  /**
   * Saves a call that changes the service, before it is made; the attribute keeps the number of the visit. False if an earlier
   * invocation of the same visit has saved it, or this one is late: then the call must not be made.
   */
  async markAttempt(
    name: RecordName,
    attempt: 'updateAttempt' | 'rollbackAttempt',
    visit: Visit,
    changes: Partial<DeploymentRecord>,
  ): Promise<boolean> {
    return this.#write(
      name,
      visit,
      { set: { ...changes, [attempt]: visit.number } },
      {
        condition: '(attribute_not_exists(#attempt) OR #attempt <> :number)',
        names: { '#attempt': attempt },
        values: { ':number': visit.number },
      },
    );
  }

  async #write(name: RecordName, visit: Visit, change: Change, also?: Condition): Promise<boolean> {
    const changed = await this.#table.change(keyOf(name), change, {
      condition: ['attribute_not_exists(endedAt) AND #visit = :visit', ...(also ? [also.condition] : [])].join(' AND '),
      names: { '#visit': 'visit', ...also?.names },
      values: { ':visit': orderOf(visit), ...also?.values },
    });
    return changed !== undefined;
  }

  /** Saves the result, and when the record expires (epoch seconds); a closed record stays as it is. It is pending until `markDone`. */
  async close(name: RecordName, result: Partial<DeploymentRecord> | Partial<ReleaseRecord>, expiresAt: number): Promise<void> {
    await this.#table.change(keyOf(name), { set: { ...result, expiresAt } }, { condition: 'attribute_not_exists(endedAt)' });
  }

  /** Removes a closed record from the index of pending ones: its work is finished, and reported at `notifiedAt`, if at all. */
  async markDone(name: RecordName, changes: Pick<DeploymentRecord, 'notifiedAt'> = {}): Promise<void> {
    await this.#table.change(keyOf(name), { set: changes, remove: ['pending'] }, { condition: 'attribute_exists(endedAt)' });
  }

  /**
   * Saves that a release ends with the stages that were read, so that none can be added any more; without them, with any that were
   * added. False if one was added since they were read.
   */
  async decide(name: RecordName, seen?: ReleaseRecord['stages']): Promise<boolean> {
    const decided = await this.#table.change(
      keyOf(name),
      { set: { decided: true } },
      seen === undefined
        ? { condition: 'attribute_exists(pk)' }
        : { condition: 'size(#stages) = :seen', names: { '#stages': 'stages' }, values: { ':seen': seen.length } },
    );
    return decided !== undefined;
  }

  /** Moves a release on to its next stage; false if one was added since they were read: stages are added, and none is removed. */
  async advance(name: RecordName, from: string, to: string, seen: ReleaseRecord['stages']): Promise<boolean> {
    const advanced = await this.#table.change(
      keyOf(name),
      { set: { stage: to } },
      {
        condition: 'size(#stages) = :seen AND #stage IN (:from, :to)',
        names: { '#stages': 'stages', '#stage': 'stage' },
        values: { ':seen': seen?.length ?? 0, ':from': from, ':to': to },
      },
    );
    return advanced !== undefined;
  }

  /** Saves that a release has passed the gates of its stage; no-op once it has left that stage. */
  async noteBegun(name: RecordName, stage: string): Promise<void> {
    await this.#table.change(
      keyOf(name),
      { set: { begun: stage } },
      { condition: '#stage = :stage', names: { '#stage': 'stage' }, values: { ':stage': stage } },
    );
  }

  /** Saves what a release rolls back, and that no stage can be added any more; false if a plan is saved already, which stays as it is. */
  async planRollback(name: RecordName, rollback: NonNullable<ReleaseRecord['rollback']>): Promise<boolean> {
    const changed = await this.#table.change(
      keyOf(name),
      { set: { rollback, decided: true } },
      { condition: 'attribute_exists(pk) AND attribute_not_exists(#rollback)', names: { '#rollback': 'rollback' } },
    );
    return changed !== undefined;
  }

  /** The deployment whose execution has this name, started since then (ISO 8601); undefined if there is none. */
  async deploymentNamed(
    service: string,
    execution: string,
    since: string,
  ): Promise<(DeploymentRecord & { readonly name: RecordName }) | undefined> {
    const records = await this.#table.query<DeploymentRecord & Key>({ range: deploymentsSince(service, since) });
    const found = records.find((key) => isRecordOf(key, execution));
    return found && { ...found, name: nameOfKey(found) };
  }

  /**
   * Adds stages to the plan of a release in progress. False if it has ended, goes no further than its stage, or is not as it was read:
   * in that stage, with these stages.
   */
  async joinStages(name: RecordName, seen: ReleaseRecord, plan: Pick<ReleaseRecord, 'stages' | 'passedOver'>): Promise<boolean> {
    const changed = await this.#table.change(
      keyOf(name),
      { set: plan },
      {
        condition:
          'size(#stages) = :count AND stage = :stage AND attribute_not_exists(endedAt) AND attribute_not_exists(decided) AND attribute_not_exists(#rollback) AND attribute_not_exists(stageFailure)',
        names: { '#stages': 'stages', '#rollback': 'rollback' },
        values: { ':count': seen.stages?.length ?? 0, ':stage': seen.stage },
      },
    );
    return changed !== undefined;
  }

  /** Claims a digest for a release if it is free. */
  async claim(repository: string, digest: string, { execution, record, pushes }: Claim): Promise<boolean> {
    const claimed = await this.#table.change(
      claimKey(repository, digest),
      { set: { execution, record, ...attributesOfPushes(pushes), schema } },
      { condition: 'attribute_not_exists(execution)' },
    );
    return claimed !== undefined;
  }

  /** Takes a claim over from its holder; `beside` are the releases that it stands beside. The pushes stay. */
  async takeOverClaim(
    repository: string,
    digest: string,
    { execution, record }: Claim,
    from: Pick<Claim, 'execution'> & { readonly beside: readonly RecordName[] },
  ): Promise<boolean> {
    const isAlone = from.beside.length === 0;
    const taken = await this.#table.change(
      claimKey(repository, digest),
      { set: { execution, record, ...(!isAlone && { beside: from.beside }) }, ...(isAlone && { remove: ['beside'] }) },
      { condition: 'execution = :holder', values: { ':holder': from.execution } },
    );
    return taken !== undefined;
  }

  /** The claim on a digest; undefined if it is free. */
  async claimed(repository: string, digest: string): Promise<Claim | undefined> {
    const item = await this.#table.get<Claim>(claimKey(repository, digest));
    return item && readClaim(item);
  }

  /** Saves later pushes of a claimed digest, by stage; false if another holder has it, or one of them has changed since it was read. */
  async recordLaterPushes(repository: string, digest: string, seen: Claim, later: Claim['pushes']): Promise<boolean> {
    const stages = Object.keys(later);
    const before = stages.map((stage) => pushTo(seen, stage));
    const changed = await this.#table.change(
      claimKey(repository, digest),
      { set: attributesOfPushes(later) },
      {
        condition: [
          'execution = :holder',
          ...before.map((at, n) => (at === undefined ? `attribute_not_exists(#p${n})` : `#p${n} = :p${n}`)),
        ].join(' AND '),
        names: Object.fromEntries(stages.map((stage, n) => [`#p${n}`, pushAttribute(stage)])),
        values: { ':holder': seen.execution, ...Object.fromEntries(before.flatMap((at, n) => (at === undefined ? [] : [[`:p${n}`, at]]))) },
      },
    );
    return changed !== undefined;
  }

  /**
   * Releases a claim; no-op for other holders. A release that gave it up while it was in progress, and still is, has it again, so that
   * later pushes find it.
   */
  async releaseClaim(repository: string, digest: string, execution: string): Promise<void> {
    const claimed = await this.claimed(repository, digest);
    if (claimed?.execution !== execution) return;
    const [record, ...beside] = claimed.beside ?? [];
    const isMine = { condition: 'execution = :mine', values: { ':mine': execution } };
    if (record === undefined) return this.#table.delete(claimKey(repository, digest), isMine);
    const heir = await this.#table.get<ReleaseRecord>(keyOf(record));
    const rest = beside.length > 0 ? { set: { beside } } : { set: {}, remove: ['beside'] };
    const isOpen = heir !== undefined && heir.endedAt === undefined;
    const set = { ...rest.set, ...(isOpen && { execution: heir.execution, record }) };
    await this.#table.change(claimKey(repository, digest), { ...rest, set }, isMine);
    // One that ended between the two writes has released nothing.
    const ended = isOpen ? await this.#table.get<ReleaseRecord>(keyOf(record)) : undefined;
    if (!isOpen || ended?.endedAt !== undefined) await this.releaseClaim(repository, digest, ended?.execution ?? execution);
  }

  async #required<T>(name: RecordName): Promise<T> {
    const item = await this.#table.get<T>(keyOf(name));
    if (!item) throw this.#noSuch(name);
    return item;
  }

  #noSuch(name: RecordName): Error {
    const message = `the table ${this.#table.name} has no record ${name}; it is opened by the execution's first step`;
    return Object.assign(new Error(message), { name: 'NoSuchRecord' });
  }
}
