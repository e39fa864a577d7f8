import type { InProgress, ReleaseSummary, RepositoryStatus } from '../../core/query/answers.js';
import type { ReleaseRow, ServiceKind, ServiceRow, StageProgress } from '../api.js';

/** By cluster, then name: a row keeps its place. Compared by code unit, the same on every machine. */
export const inOrder = (rows: readonly ServiceRow[]): ServiceRow[] =>
  [...rows].sort((one, other) => compare(one.cluster, other.cluster) || compare(one.name, other.name));

const compare = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

type Beside = {
  readonly repositories: readonly RepositoryStatus[];
  readonly deployments: InProgress['deployments'];
  readonly rows: ReadonlyMap<string, ServiceRow>;
};

/** Releases under way with how far each of their stages is. */
export const releaseRow = (release: ReleaseSummary, beside: Beside): ReleaseRow => {
  const stages = beside.repositories.find(({ repository }) => repository === release.repository)?.stages ?? [];
  const moving = movingRows(release, beside);
  return {
    ...release,
    stages: stages.map((stage, index) => {
      const reached = stages.findIndex(({ name }) => name === release.stage);
      return stageProgress(release, stage, { index, reached, moving, rows: beside.rows });
    }),
    doing: doing(release, moving),
  };
};

/** Rows of the services that deployments of it hold now. */
const movingRows = (release: ReleaseSummary, { deployments, rows }: Beside): ServiceRow[] =>
  deployments.filter((one) => one.release === release.name).flatMap(({ service }) => rows.get(service) ?? []);

type Place = {
  readonly index: number;
  readonly reached: number;
  readonly moving: readonly ServiceRow[];
  readonly rows: ReadonlyMap<string, ServiceRow>;
};

const stageProgress = (
  release: ReleaseSummary,
  { name, services }: RepositoryStatus['stages'][number],
  { index, reached, moving, rows }: Place,
): StageProgress => {
  const of = services.length;
  const runs = services.filter((service) => rows.get(service)?.sources.some(({ digest }) => digest === release.image?.digest)).length;
  if (index > reached) return { name, state: 'ahead', done: 0, of };
  if (index < reached) return { name, state: 'succeeded', done: runs, of };
  if (release.waiting) return { name, state: 'waiting', kind: release.waiting.for, done: 0, of };
  const [first] = moving;
  const tasks = tasksOf(moving);
  // What a rollback undoes is not what its services run.
  const done = release.isRollback ? of - moving.length : runs;
  return { name, state: 'running', ...(first && { kind: first.state.kind }), done, of, ...(tasks && { tasks }) };
};

const tasksOf = (moving: readonly ServiceRow[]): StageProgress['tasks'] => {
  const counted = moving.filter(({ state }) => state.of !== undefined);
  if (counted.length === 0) return undefined;
  const sum = (member: 'done' | 'of'): number => counted.reduce((total, { state }) => total + (state[member] ?? 0), 0);
  return { done: sum('done'), of: sum('of') };
};

/** The most urgent first: what the text of a release says of several services. */
const urgency: readonly ServiceKind[] = ['rollingBack', 'verifying', 'rollingOut', 'beforeTask', 'starting', 'queued'];

const doing = (release: ReleaseSummary, moving: readonly ServiceRow[]): ReleaseRow['doing'] => {
  if (release.waiting) return { kind: release.waiting.for };
  const rank = ({ state }: ServiceRow): number => urgency.indexOf(state.kind);
  const [first] = moving.filter((row) => rank(row) >= 0).sort((one, other) => rank(one) - rank(other));
  if (!first) return { kind: 'starting' };
  const { kind, done, of, starting } = first.state;
  return {
    kind,
    service: first.id,
    ...(done !== undefined && { done }),
    ...(of !== undefined && { of }),
    ...(starting !== undefined && { starting }),
  };
};
