import { explain } from '../../core/policy/explain.js';
import type { ReleaseAnswer, ReleaseView } from '../../core/query/answers.js';
import type { Named } from '../../core/query/deployment-view.js';
import { releaseOfImage } from '../../core/query/release-of-image.js';
import { isRollback, releaseView, standsFor } from '../../core/query/release-view.js';
import type { QueryRequest } from '../../core/query/request.js';
import { executionNameOf, type RecordName } from '../../core/records/record-name.js';
import type { ReleaseRecord, StageDeployment } from '../../core/records/records.js';
import { positionOf } from '../../core/release/claim-digest.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { deploymentViews } from './deployment-views.js';
import { rejectUnknownRepository } from './known-names.js';
import { noticedOf } from './liveness.js';
import type { Asked } from './reads.js';
import { deploymentOf, findRelease, readable, releaseOf } from './records.js';

type Request = Extract<QueryRequest, { query: 'release' }>;
type OfImage = Extract<Request, { readonly repository: string }>;

/** @throws RefusedQuery NOT_FOUND for a name without a record, NOT_CONFIGURED for an image of an unknown repository, UNREADABLE */
export const release = async (asked: Asked, request: Request): Promise<ReleaseAnswer> =>
  'repository' in request ? ofImage(asked, request) : withOther(asked, await findRelease(asked, request.release));

const ofImage = async (asked: Asked, request: OfImage): Promise<ReleaseAnswer> => {
  const { configuration, images, history } = asked;
  const { repository, tag, digest } = request;
  rejectUnknownRepository(configuration, repository);
  const named = await images.pushed(repository, tag === undefined ? { digest } : { tag });
  const wanted = digest ?? named?.digest;
  const explained = tag === undefined ? {} : { explain: explain(configuration, { repository, tag }) };
  const image = named && { image: { repository, ...(tag !== undefined && { tag }), ...named } };
  if (wanted === undefined) return { ...image, ...explained };
  const pushedAt = named?.digest === wanted ? named.pushedAt : (await images.pushed(repository, { digest: wanted }))?.pushedAt;
  const since = request.since ?? pushedAt ?? sinceEver;
  const { records } = readable(await history.releasesOfDigest(repository, wanted, since), releaseOf);
  const found = releaseOfImage(records, { digest: wanted, tag, since });
  return { ...(found && (await withOther(asked, found))), ...image, ...explained };
};

/** Of an image that ECR has deleted, nothing says when it was pushed. */
const sinceEver = new Date(0).toISOString();

/** Releases that stand for one another in a row: a duplicate of one that was itself a duplicate. */
const longestRow = 5;

const withOther = async (asked: Asked, record: Named<ReleaseRecord>): Promise<ReleaseAnswer> => {
  let other: Named<ReleaseRecord> | undefined;
  for (let next = standsFor(record), left = longestRow; next !== undefined && left > 0; left--) {
    const item = await asked.history.read(next);
    const [found] = item ? readable([item], releaseOf).records : [];
    if (!found) break;
    other = found;
    next = standsFor(found);
  }
  return { release: await viewOf(asked, record), ...(other && { other: await viewOf(asked, other) }) };
};

const viewOf = async (asked: Asked, record: Named<ReleaseRecord>): Promise<ReleaseView> => {
  const planned = startedBy(record);
  const items = await mapInBatches(
    planned,
    ({ service, name }) => asked.history.named({ service }, name, record.startedAt),
    (_, error) => {
      throw error;
    },
  );
  const { records, unreadable } = readable(
    items.flatMap((item) => item ?? []),
    deploymentOf,
  );
  const views = await deploymentViews(asked, records);
  const deployments = new Map(
    records.flatMap((one, index) => {
      const view = views[index];
      return view ? [[executionNameOf(one.name), { record: one, view }]] : [];
    }),
  );
  return releaseView(record, {
    deployments,
    stageOf: await stagesOfUndone(asked, record),
    noticed: [...(await noticedOf(asked, record)), ...unreadable],
  });
};

/** The deployments that a release may have started by now: those of later stages have no record. */
const startedBy = (record: ReleaseRecord): StageDeployment[] => {
  const begun = (record.stages ?? []).filter(({ name }) => positionOf(record, name) !== 'ahead');
  return [
    ...begun.flatMap(({ before, deployments }) => [...(before ? [before] : []), ...deployments]),
    ...(record.rollback?.deployments ?? []),
  ];
};

/** The stages of what a rollback undoes are those of the release that it undoes. */
const stagesOfUndone = async ({ history }: Asked, record: Named<ReleaseRecord>): Promise<(undone: RecordName) => string | undefined> => {
  if (!isRollback(record) || !record.rollback) return () => undefined;
  const item = await history.read(record.rollback.of);
  const [undone] = item ? readable([item], releaseOf).records : [];
  return (name) => undone?.stages?.find(({ deployments }) => deployments.some((one) => one.name === executionNameOf(name)))?.name;
};
