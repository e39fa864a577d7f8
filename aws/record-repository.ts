import type { RecordName } from '../core/records/record-name.js';
import { claimKey, deploymentsSince, isRecordOf, type Key, keyOf, nameOfKey } from '../core/records/record-name.js';
import { type DeploymentRecord, type ReleaseRecord, schema } from '../core/records/records.js';
import type { Claim } from '../core/release/claim-digest.js';
import type { Table } from './table.js';

/** What was done: a record of each deployment and each release, and the claims of releases on their digests. */
export class RecordRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Opens a record; opened before by the same execution, it is left as it is. */
  async open(name: RecordName, record: DeploymentRecord | ReleaseRecord): Promise<void> {
    await this.#table.putOnce({ ...keyOf(name), schema, ...record });
  }

  async deployment(name: RecordName): Promise<DeploymentRecord> {
    return this.#required<DeploymentRecord>(name);
  }

  async release(name: RecordName): Promise<ReleaseRecord> {
    return this.#required<ReleaseRecord>(name);
  }

  async update(name: RecordName, changes: Partial<DeploymentRecord> | Partial<ReleaseRecord>): Promise<void> {
    const changed = await this.#table.change(keyOf(name), { set: changes }, { condition: 'attribute_exists(pk)' });
    if (!changed) throw this.#noSuch(name);
  }

  /** Notes the revision, the first one of this base: a late second run must not hide what is sent and watched. */
  async saveRevision(name: RecordName, previousRevision: string, changes: Partial<DeploymentRecord>): Promise<void> {
    await this.#table.change(
      keyOf(name),
      { set: { previousRevision, ...changes } },
      {
        condition: 'attribute_not_exists(revision) OR previousRevision <> :previousRevision',
        values: { ':previousRevision': previousRevision },
      },
    );
  }

  /**
   * Notes, before it is made, a call that changes the service: `sent` is the attribute that keeps when its state was
   * entered. False where another run of the same visit has noted it already, or the deployment has ended: then it is not made.
   */
  async markAttempt(
    name: RecordName,
    sent: 'updateAttemptId' | 'rollbackAttemptId',
    now: string,
    changes: Partial<DeploymentRecord>,
  ): Promise<boolean> {
    const changed = await this.#table.change(
      keyOf(name),
      { set: { ...changes, [sent]: now } },
      {
        condition: 'attribute_not_exists(endedAt) AND (attribute_not_exists(#sent) OR #sent <> :now)',
        names: { '#sent': sent },
        values: { ':now': now },
      },
    );
    return changed !== undefined;
  }

  /** Notes how it ended, and lets it expire. A closed record stays as it is; it is `open` until that is told. */
  async close(name: RecordName, ending: Partial<DeploymentRecord> | Partial<ReleaseRecord>, expiresAt: number): Promise<void> {
    await this.#table.change(keyOf(name), { set: { ...ending, expiresAt } }, { condition: 'attribute_not_exists(endedAt)' });
  }

  /** Takes a closed record off the index of open ones, for nothing is owed any more; `told` is when its end was told. */
  async markDone(name: RecordName, notifiedAt: { readonly notifiedAt?: string } = {}): Promise<void> {
    await this.#table.change(keyOf(name), { set: notifiedAt, remove: ['pending'] }, { condition: 'attribute_exists(endedAt)' });
  }

  /** The deployment of this name that was started since then. */
  async deploymentNamed(
    service: string,
    execution: string,
    since: string,
  ): Promise<(DeploymentRecord & { readonly name: RecordName }) | undefined> {
    const records = await this.#table.query<DeploymentRecord & Key>({ range: deploymentsSince(service, since) });
    const found = records.find((key) => isRecordOf(key, execution));
    return found && { ...found, name: nameOfKey(found) };
  }

  /** Claims a digest for a release. Answers the holder's execution: one's own, or another's. */
  async claim(repository: string, digest: string, { execution, pushedAt, record }: Claim, instead?: string): Promise<string> {
    const claimed = await this.#table.change(
      claimKey(repository, digest),
      { set: { execution, pushedAt, record, schema } },
      {
        condition: 'attribute_not_exists(execution) OR execution = :instead',
        values: { ':instead': instead ?? 'nobody' },
      },
    );
    return claimed ? execution : ((await this.claimed(repository, digest))?.execution ?? '');
  }

  async claimed(repository: string, digest: string): Promise<Claim | undefined> {
    return this.#table.get<Claim>(claimKey(repository, digest));
  }

  /** Notes a later push of a claimed digest. */
  async recordLaterClaimPush(repository: string, digest: string, { execution, pushedAt }: Claim): Promise<void> {
    await this.#table.change(
      claimKey(repository, digest),
      { set: { pushedAt } },
      { condition: 'execution = :holder', values: { ':holder': execution } },
    );
  }

  /** Gives a claim back, if it is one's own. */
  async releaseClaim(repository: string, digest: string, execution: string): Promise<void> {
    await this.#table.delete(claimKey(repository, digest), { condition: 'execution = :mine', values: { ':mine': execution } });
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
