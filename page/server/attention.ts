import type { DeploymentSummary, RepositoryStatus } from '../../core/query/answers.js';
import { executionNameOf } from '../../core/records/record-name.js';
import type { Result } from '../../core/result/result.js';
import { runbookOf } from '../../core/result/runbook.js';
import type { Attention, ServiceRow } from '../api.js';

/** Messages of a dead-letter queue; `since` is when they were first seen. */
export type LostMessages = { readonly queue: string; readonly count: number; readonly since: string };

type Facts = {
  readonly rows: readonly ServiceRow[];
  /** The deployment that left a service in need of an operator, by service. */
  readonly decisive: ReadonlyMap<string, DeploymentSummary>;
  readonly repositories: readonly RepositoryStatus[];
  readonly lost: readonly LostMessages[];
  /** The present time, for what has no time of its own. */
  readonly seenAt: (id: string) => string;
};

/** What needs an operator: failed rollbacks, unknown ends, approvals, lost messages, items that cannot be read; each the oldest first. */
export const attentionOf = (facts: Facts): Attention[] => [
  ...inNeed(facts, 'failed'),
  ...inNeed(facts, 'unknown'),
  ...approvals(facts.repositories),
  ...facts.lost
    .filter(({ count }) => count > 0)
    .map(({ queue, count, since }) => ({ id: `lostMessages:${queue}`, kind: 'lostMessages' as const, queue, count, since })),
  ...facts.rows.filter(({ state }) => state.kind === 'unreadable').map((row) => unreadable(row, facts.seenAt)),
];

const oldestFirst = <Item extends { readonly since: string }>(items: readonly Item[]): Item[] =>
  [...items].sort((one, other) => Date.parse(one.since) - Date.parse(other.since));

const inNeed = ({ rows, decisive }: Facts, kind: 'failed' | 'unknown'): Attention[] =>
  oldestFirst(
    rows
      .filter(({ state }) => state.kind === kind)
      .flatMap((row) => {
        const deployment = decisive.get(row.id);
        return hasResult(deployment) ? [ended(row, deployment, kind)] : [];
      }),
  );

type Ended = DeploymentSummary & { readonly result: Result };

const hasResult = (deployment: DeploymentSummary | undefined): deployment is Ended => deployment?.result !== undefined;

const ended = (row: ServiceRow, { id, result, endedAt, startedAt }: Ended, kind: 'failed' | 'unknown'): Attention => {
  const runbook = runbookOf(result);
  return {
    id: `${kind}:${row.id}:${id}`,
    kind,
    since: endedAt ?? startedAt,
    service: row.id,
    deployment: id,
    outcome: result.outcome,
    reason: result.reason,
    message: result.message,
    toDo: runbook?.nextStep ?? '',
    ...(runbook && { runbook: runbook.anchor }),
    ...(row.running !== undefined && { running: row.running }),
    ...(row.desired !== undefined && { desired: row.desired }),
  };
};

const approvals = (repositories: readonly RepositoryStatus[]): Attention[] =>
  oldestFirst(
    repositories.flatMap(({ repository, stages }) =>
      stages.flatMap(({ name: stage, services, waiting }) => {
        if (waiting?.for !== 'approval') return [];
        const { image, since, until, release } = waiting;
        const execution = executionNameOf(release);
        const id = `approval:${repository}:${stage}:${execution}`;
        return [{ id, kind: 'approval' as const, since, repository, image, stage, services, release: execution, until }];
      }),
    ),
  );

const unreadable = ({ id: service, state }: ServiceRow, seenAt: (id: string) => string): Attention => {
  const id = `unreadable:${service}`;
  return { id, kind: 'unreadable', since: seenAt(id), service, message: state.message ?? '' };
};
