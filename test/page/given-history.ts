import type { DeploymentSummary, History, ReleaseSummary } from '../../core/query/answers.js';
import type { Part, ReadHistory } from '../../page/server/history-index.js';

export const minute = (count: number): string => new Date(Date.parse('2026-11-02T09:00:00Z') + count * 60_000).toISOString();

const digest = `sha256:${'a'.repeat(64)}`;

export const deploymentAt = (start: number, service = 'production/web', more: Partial<DeploymentSummary> = {}): DeploymentSummary => ({
  name: `service#${service} deployment#${minute(start)}#run-${start}`,
  id: `run-${start}`,
  service,
  stage: 'production',
  operation: 'image',
  image: { repository: 'web', tag: `main-${start}`, digest },
  trigger: { kind: 'push' },
  startedAt: minute(start),
  endedAt: minute(start + 5),
  phase: 'ended',
  result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: 'it runs' },
  ...more,
});

export const releaseAt = (start: number, more: Partial<ReleaseSummary> = {}): ReleaseSummary => ({
  name: `repository#web release#${minute(start)}#release-${start}`,
  id: `release-${start}`,
  repository: 'web',
  trigger: { kind: 'push' },
  pushedAt: minute(start),
  startedAt: minute(start),
  endedAt: minute(start + 1),
  result: { outcome: 'PARTIAL', reason: 'QUARANTINED', message: 'its digest is in quarantine' },
  ...more,
});

/** A stack with these records, by parts, which answers `size` of them at once. */
export const givenRecords = (all: { deployments?: DeploymentSummary[]; releases?: ReleaseSummary[] }, size = 100) => {
  const reads: Part[] = [];
  const read: ReadHistory = async (part, limit, next = '0') => {
    reads.push(part);
    const own = 'service' in part ? all.deployments?.filter(({ service }) => service === part.service) : all.releases;
    const sorted = (own ?? []).toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
    const end = Number(next) + Math.min(size, limit);
    const rows = sorted.slice(Number(next), end);
    const more = end < sorted.length ? { next: String(end) } : {};
    return ('service' in part ? { deployments: rows, ...more } : { releases: rows, ...more }) as History;
  };
  return { read, reads };
};
