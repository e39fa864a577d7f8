import type { DeploymentSummary, ImageView, InstallationAnswer, ReleaseView, StageView } from '../../core/query/answers.js';
import type { Problem, ReleaseDetail, ServiceRow } from '../api.js';
import { releaseTimeline } from './release-timeline.js';
import { commitUrl, compareUrl } from './source-links.js';

export type ReleaseParts = {
  readonly at: string;
  readonly release: ReleaseView;
  readonly installation?: InstallationAnswer;
  /** Of all services. */
  readonly rows: readonly ServiceRow[];
  /** Deployments of the service that is compared, the newest first: `comparedService`. */
  readonly deployments: readonly DeploymentSummary[];
  readonly problems: readonly Problem[];
};

/** The stage that changes next, or else the last one. */
const nextStage = ({ stages }: ReleaseView): StageView | undefined =>
  stages.find(({ state }) => state !== 'succeeded' && state !== 'skipped') ?? stages.at(-1);

/** The service whose image before the release stands for that of its next stage. */
export const comparedService = (release: ReleaseView): string | undefined => nextStage(release)?.services[0]?.service;

/** What the service ran before this release came to it; of the row, if the newest records do not say it. */
const beforeOf = ({ release, rows, deployments }: ReleaseParts): ImageView | undefined => {
  const service = comparedService(release);
  const own = nextStage(release)?.services[0]?.deployment?.startedAt;
  const isBefore = ({ image, result, startedAt, release: of }: DeploymentSummary): boolean =>
    image?.repository === release.repository &&
    image.digest !== release.image?.digest &&
    result?.outcome === 'SUCCEEDED' &&
    of !== release.name &&
    (own === undefined || startedAt < own);
  const recorded = deployments.find(isBefore)?.image;
  if (recorded) return recorded;
  const runs = rows.find(({ id }) => id === service)?.sources.find(({ repository }) => repository === release.repository);
  return runs && runs.digest !== release.image?.digest ? runs : undefined;
};

const gatesOf = ({ repository, stages }: ReleaseView, installation: InstallationAnswer): ReleaseDetail['gates'] => {
  const names = new Set(stages.map(({ name }) => name));
  return (installation.repositories.find((one) => one.repository === repository)?.stages ?? [])
    .filter(({ name }) => names.size === 0 || names.has(name))
    .map(({ name, requires, hasApproval, hasWindow, hasBeforeTask, onFailure, services }) => ({
      stage: name,
      ...(requires !== undefined && { requires }),
      hasApproval,
      hasWindow,
      hasBeforeTask: hasBeforeTask ?? services.some((one) => one.hasBeforeTask),
      hasVerification: services.some((one) => one.hasVerification),
      ...(onFailure !== undefined && { onFailure }),
    }));
};

/** The answer for the view of one release. */
export const releaseDetail = (parts: ReleaseParts): ReleaseDetail => {
  const { at, release, installation, rows, problems } = parts;
  const { image, waiting, stages } = release;
  const services = new Set(stages.flatMap((stage) => stage.services.map(({ service }) => service)));
  const before = beforeOf(parts);
  const commit = image && commitUrl(image);
  const compare = image && before && compareUrl(before, image);
  return {
    at,
    release,
    rows: rows.filter(({ id }) => services.has(id)),
    gates: installation ? gatesOf(release, installation) : [],
    ...(waiting && { waiting }),
    ...(image?.created !== undefined && { createdAt: image.created }),
    ...(before && { before }),
    ...(commit !== undefined && { commitUrl: commit }),
    ...(compare !== undefined && { compareUrl: compare }),
    timeline: releaseTimeline(release),
    isOpen: release.endedAt === undefined,
    problems,
  };
};
