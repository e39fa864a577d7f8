import type { InstallationAnswer, ServiceStatus } from '../../core/query/answers.js';
import type { HistoryRecord, Problem, ServiceDetail, ServiceRow, SourceImage } from '../api.js';

export type ServiceParts = {
  readonly at: string;
  readonly row: ServiceRow;
  /** Absent if the stack did not answer it. */
  readonly status?: ServiceStatus;
  readonly installation?: InstallationAnswer;
  /** The newest first. */
  readonly history: readonly HistoryRecord[];
  readonly problems: readonly Problem[];
};

const imageOf = (repository: string, { tag, digest }: Omit<SourceImage, 'repository'>): SourceImage => ({
  repository,
  ...(tag !== undefined && { tag }),
  digest,
});

const knownGoodOf = ({ sources }: ServiceStatus, row: ServiceRow): ServiceDetail['knownGood'] =>
  sources
    .flatMap(({ repository, knownGood = [] }) => {
      const running = row.sources.find((one) => one.repository === repository)?.digest;
      // An image that was deployed more than once runs in its newest revision.
      const newest = knownGood.findIndex(({ digest }) => digest === running);
      return knownGood.map((good, index) => ({
        ...imageOf(repository, good),
        revision: good.revision,
        at: good.at,
        runsNow: index === newest,
      }));
    })
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at));

const stagesOf = (service: string, { repositories }: InstallationAnswer): ServiceDetail['stages'] =>
  repositories.flatMap(({ repository, stages }) =>
    stages
      .filter(({ services }) => services.some((one) => one.service === service))
      .map(({ name, isProduction }) => ({ repository, stage: name, isProduction })),
  );

/** The answer for the view of one service. */
export const serviceDetail = ({ at, row, status, installation, history, problems }: ServiceParts): ServiceDetail => {
  const { current, leaseSince } = status ?? {};
  return {
    at,
    row,
    knownGood: status ? knownGoodOf(status, row) : [],
    ...(current && { lease: { id: current.id, since: leaseSince ?? current.startedAt } }),
    queued: status?.queued ?? [],
    withheld: (status?.sources ?? []).flatMap(({ repository, withheld }) =>
      withheld ? [{ ...imageOf(repository, withheld), pushedAt: withheld.pushedAt }] : [],
    ),
    stages: installation ? stagesOf(row.id, installation) : [],
    history,
    problems,
  };
};
