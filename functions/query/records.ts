import type { Named } from '../../core/query/deployment-view.js';
import * as messages from '../../core/query/messages.js';
import { RefusedQuery } from '../../core/query/refused-query.js';
import { executionArn, nameOf } from '../../core/records/execution-name.js';
import { parseDeployment, parseRelease } from '../../core/records/parse-record.js';
import { type HistoryOf, type Key, kindOfRecord, nameOfKey, type RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../../core/records/records.js';
import type { Asked } from './reads.js';

/** @throws RefusedQuery UNREADABLE for an item of another version */
export const deploymentOf = (item: Key): Named<DeploymentRecord> => {
  const parsed = parseDeployment(item);
  if (parsed.kind === 'unreadable') throw unreadable(item, parsed.why);
  return { ...parsed.record, name: nameOfKey(item) };
};

/** @throws RefusedQuery UNREADABLE for an item of another version */
export const releaseOf = (item: Key): Named<ReleaseRecord> => {
  const parsed = parseRelease(item);
  if (parsed.kind === 'unreadable') throw unreadable(item, parsed.why);
  return { ...parsed.record, name: nameOfKey(item) };
};

const unreadable = (item: Key, why: string): RefusedQuery => new RefusedQuery('UNREADABLE', messages.unreadable(nameOfKey(item), why));

type Readable<Record> = { readonly records: Record[]; readonly unreadable: string[]; readonly unreadableNames: RecordName[] };

/** The readable ones of several, and the names of the others and why they are not, in the same order. */
export const readable = <Record>(items: readonly Key[], read: (item: Key) => Record): Readable<Record> => {
  const records: Record[] = [];
  const unreadable: string[] = [];
  const unreadableNames: RecordName[] = [];
  for (const item of items) {
    try {
      records.push(read(item));
    } catch (error) {
      if (!(error instanceof RefusedQuery)) throw error;
      unreadable.push(error.message);
      unreadableNames.push(nameOfKey(item));
    }
  }
  return { records, unreadable, unreadableNames };
};

/**
 * A record by its name, or by the name or the ARN of its execution.
 * @throws RefusedQuery NOT_FOUND, or UNREADABLE for one of another version
 */
export const findDeployment = async (asked: Asked, given: string): Promise<Named<DeploymentRecord>> =>
  deploymentOf(await find(asked, 'deployment', given));

/** The same of a release. */
export const findRelease = async (asked: Asked, given: string): Promise<Named<ReleaseRecord>> =>
  releaseOf(await find(asked, 'release', given));

const find = async ({ history, starts, machines }: Asked, kind: 'deployment' | 'release', given: string): Promise<Key> => {
  const missing = new RefusedQuery('NOT_FOUND', messages.noRecord(kind, given));
  if (kindOfRecord(given) === kind) return (await history.read(given)) ?? reject(missing);
  const executionsOf = `${machines[kind].replace(':stateMachine:', ':execution:')}:`;
  const arn = executionArn.test(given) ? given : `${executionsOf}${given}`;
  // An execution of another machine, or no name of an execution, is not asked for: the role may not read it.
  if (!arn.startsWith(executionsOf) || !executionArn.test(arn)) throw missing;
  const start = await starts.of(arn);
  if (!start) throw missing;
  const { record, of } = startedFor(start.input);
  const found = record !== undefined ? await history.read(record) : of && (await history.named(of, nameOf(arn), start.startedAt));
  return found ?? reject(missing);
};

const reject = (error: Error): never => {
  throw error;
};

type StartInput = {
  readonly service?: unknown;
  readonly resume?: unknown;
  readonly repository?: unknown;
  readonly detail?: { readonly 'repository-name'?: unknown };
};

/** What the input of an execution names: the record that it resumes, or whose history its own record is in. */
const startedFor = (input: string): { readonly record?: string; readonly of?: HistoryOf } => {
  const { service, resume, repository, detail } = parsed(input);
  if (typeof resume === 'string' && kindOfRecord(resume) === 'deployment') return { record: resume };
  if (typeof service === 'string') return { of: { service } };
  const its = repository ?? detail?.['repository-name'];
  return typeof its === 'string' ? { of: { repository: its } } : {};
};

/** An execution may have been started with anything. */
const parsed = (input: string): StartInput => {
  try {
    return (JSON.parse(input) ?? {}) as StartInput;
  } catch {
    return {};
  }
};
