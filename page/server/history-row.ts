import type { DeploymentSummary, History, ReleaseSummary } from '../../core/query/answers.js';
import { executionNameOf, keyOf, kindOfRecord, type RecordName, startedAtOf } from '../../core/records/record-name.js';
import type { HistoryRecord } from '../api.js';

/** A row, and the release that its deployment is of. */
export type IndexedRecord = { readonly row: HistoryRecord; readonly release?: RecordName };

/** Rows of one answer of the query `history`; what cannot be read is a row that says why. */
export const rowsOf = (answer: History): IndexedRecord[] => [
  ...('deployments' in answer ? answer.deployments.map(ofDeployment) : answer.releases.map(ofRelease)),
  ...(answer.unreadableNames ?? []).map((name, index) => ofUnreadable(name, answer.unreadable?.[index] ?? '')),
];

const ofDeployment = (one: DeploymentSummary): IndexedRecord => ({
  row: {
    name: one.name,
    id: one.id,
    kind: 'deployment',
    service: one.service,
    ...(one.image && { repository: one.image.repository, image: one.image }),
    stage: one.stage,
    operation: one.operation,
    phase: one.phase,
    ...common(one),
  },
  ...(one.release !== undefined && { release: one.release }),
});

const ofRelease = (one: ReleaseSummary): IndexedRecord => ({
  row: {
    name: one.name,
    id: one.id,
    kind: 'release',
    repository: one.repository,
    ...(one.stage !== undefined && { stage: one.stage }),
    ...(one.image && { image: one.image }),
    phase: one.endedAt === undefined ? 'starting' : 'ended',
    ...common(one),
  },
});

const common = ({ result, trigger, startedAt, endedAt }: Pick<ReleaseSummary, 'result' | 'trigger' | 'startedAt' | 'endedAt'>) => ({
  ...(result && { outcome: result.outcome, reason: result.reason, message: result.message }),
  trigger,
  startedAt,
  ...(endedAt !== undefined && { endedAt }),
});

/** All that is known of it is in its name. */
const ofUnreadable = (name: RecordName, why: string): IndexedRecord => {
  const of = keyOf(name).pk.replace(/^\w+#/, '');
  const kind = kindOfRecord(name) ?? 'deployment';
  return {
    row: {
      name,
      id: executionNameOf(name),
      kind,
      ...(kind === 'deployment' ? { service: of } : { repository: of }),
      phase: 'ended',
      trigger: { kind: 'push' },
      startedAt: startedAtOf(name),
      unreadable: { why },
    },
  };
};
