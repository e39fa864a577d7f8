import type { SourceView } from '../../core/query/answers.js';

type KnownGood = NonNullable<SourceView['knownGood']>[number];

/** Where a rollback of a service goes, as far as its state says it. */
export type RollbackTarget = {
  readonly source: SourceView;
  /** Absent: the revision that ran before, if it is known. */
  readonly target?: KnownGood;
  /** Known good images between what runs and the target, which are in quarantine. */
  readonly skipped: readonly KnownGood[];
};

/** The source that a rollback changes: the named one, else the one that was deployed last. */
const sourceOf = (sources: readonly SourceView[], repository: string | undefined): SourceView | undefined => {
  if (repository !== undefined) return sources.find((one) => one.repository === repository);
  const at = ({ knownGood: [newest] = [] }: SourceView): string => newest?.at ?? '';
  return [...sources].sort((one, other) => at(other).localeCompare(at(one)))[0];
};

/** As revisionToCopy of core/task-definition decides once the rollback has the lease: what runs may be another revision then. */
export const rollbackTarget = (sources: readonly SourceView[], repository: string | undefined): RollbackTarget | undefined => {
  const source = sourceOf(sources, repository);
  if (!source) return undefined;
  const { knownGood = [], lastDeployed, quarantine } = source;
  const isRunning = ({ digest }: KnownGood): boolean => digest === lastDeployed?.digest;
  const older = knownGood.slice(knownGood.findIndex(isRunning) + 1).filter((one) => !isRunning(one));
  const isBad = ({ digest }: KnownGood): boolean => quarantine.some((one) => one.digest === digest);
  const position = older.findIndex((one) => !isBad(one));
  const target = older[position];
  return { source, skipped: position < 0 ? older : older.slice(0, position), ...(target && { target }) };
};
