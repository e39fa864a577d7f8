import { type Repository, repositoryOf } from '../../core/configuration/configuration.js';
import { sourceOf } from '../../core/lease/service-state.js';
import { explain, type Facts } from '../../core/policy/explain.js';
import type { ExplainAnswer } from '../../core/query/answers.js';
import type { QueryRequest } from '../../core/query/request.js';
import type { ServiceState } from '../../core/records/records.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { rejectUnknownRepository } from './known-names.js';
import type { Asked } from './reads.js';

/**
 * What a release of an image would do with each service, by slipway.yml and the table; by slipway.yml alone for a tag that does not
 * exist. Unlike a plan it reads no task definition: that a service runs the image is known if Slipway deployed it there last.
 * @throws RefusedQuery NOT_CONFIGURED for an unknown repository @throws UnreadableState
 */
export const explained = async (asked: Asked, request: Extract<QueryRequest, { query: 'explain' | 'plan' }>): Promise<ExplainAnswer> => {
  const { configuration, images } = asked;
  const { repository: name, tag, digest, byHand = false } = request;
  rejectUnknownRepository(configuration, name);
  const found = await images.pushed(name, digest === undefined ? { tag } : { digest });
  const repository = repositoryOf(configuration, name);
  if (!found || !repository) return { explain: explain(configuration, { repository: name, tag }) };
  const facts = await factsOf(asked, repository, found.digest, byHand);
  return {
    image: { repository: name, ...(tag !== undefined && { tag }), digest: found.digest },
    explain: explain(configuration, { repository: name, tag }, facts),
  };
};

/** Those of a push that arrives now, or of a start by hand. */
const factsOf = async (asked: Asked, repository: Repository, digest: string, isByHand: boolean): Promise<Facts> => {
  const { states, passed, now } = asked;
  const names = [...new Set(repository.stages.flatMap(({ services }) => services.map(({ service }) => service)))];
  const read = await mapInBatches(
    names,
    async (service) => ({ service, state: await states.of(service) }),
    (_, error) => {
      throw error;
    },
  );
  const running = await runningDigest(asked, repository.name, digest, read);
  return {
    digest,
    pushedAt: now,
    now,
    isByHand,
    passedStages: await passed.of(repository.name, digest),
    holdOfAll: (await states.of('*')).hold,
    services: new Map(read.map(({ service, state }) => [service, { state, runsDigest: running.has(service) }])),
  };
};

type Read = { readonly service: string; readonly state: ServiceState };

/** The services of which Slipway deployed the digest last, and that are still on a revision of that deployment. */
const runningDigest = async (
  { services }: Asked,
  repository: string,
  digest: string,
  read: readonly Read[],
): Promise<ReadonlySet<string>> => {
  const deployed = read.filter(({ state }) => sourceOf(state, repository).lastDeployed?.digest === digest);
  const described = await services.describe(deployed.map(({ service }) => service));
  const isOn = ({ service, state }: Read): boolean =>
    state.expectedRevisions?.includes(described.get(service)?.taskDefinition ?? '') ?? false;
  return new Set(deployed.filter(isOn).map(({ service }) => service));
};
