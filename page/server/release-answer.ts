import type { DeploymentSummary, ReleaseView } from '../../core/query/answers.js';
import type { ReleaseDetail } from '../api.js';
import { releaseHref } from '../client/routes.js';
import type { Stack } from './detail-stack.js';
import { notFound, orNothing } from './not-found.js';
import { Panels } from './panels.js';
import { queryRead } from './problems.js';
import { comparedService, releaseDetail } from './release-detail.js';

/** Records of a service among which the one before a release is looked for. */
const lookedThrough = 20;

/** @throws PageError NOT_FOUND */
export const releaseAnswer = async (stack: Stack, repository: string, execution: string): Promise<ReleaseDetail> => {
  const { services: rows } = await stack.live.overview();
  const { release, at } = (await orNothing(stack.client.query('release', { release: execution }))) ?? {};
  if (!release || at === undefined || release.repository !== repository) throw await missing(stack, repository, execution, release);
  const panels = new Panels(at);
  const [configuration, deployments] = await Promise.all([
    panels.read(queryRead('stack'), stack.installation),
    panels.read(queryRead('history'), () => deploymentsBeside(stack, release)),
  ]);
  return releaseDetail({
    at,
    release,
    ...(configuration && { installation: configuration }),
    rows,
    deployments: deployments ?? [],
    problems: panels.problems,
  });
};

const deploymentsBeside = async ({ client }: Stack, release: ReleaseView): Promise<readonly DeploymentSummary[]> => {
  const service = comparedService(release);
  const history = service === undefined ? undefined : await client.query('history', { service, limit: lookedThrough });
  return history && 'deployments' in history ? history.deployments : [];
};

/** `other` has the name, but is of another repository. */
const missing = async ({ live, records }: Stack, repository: string, execution: string, other: ReleaseView | undefined) => {
  const { releases } = await live.overview();
  const known = [...releases, ...(records.known?.rows ?? []).filter(({ kind }) => kind === 'release')];
  const candidates = other ? [other] : known.filter((one) => one.repository === repository);
  const ids = candidates.map(({ id }) => id);
  return notFound('release', execution, ids, (id) => releaseHref(other?.repository ?? repository, id));
};
