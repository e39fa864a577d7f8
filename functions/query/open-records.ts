import type { Named } from '../../core/query/deployment-view.js';
import { type Key, keyOf, kindOfRecord, type RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../../core/records/records.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import type { Asked } from './reads.js';
import { deploymentOf, readable, releaseOf } from './records.js';

export type OpenRecords = {
  readonly releases: readonly Named<ReleaseRecord>[];
  readonly deployments: readonly Named<DeploymentRecord>[];
  readonly unreadable: readonly string[];
};

/** Records in progress, the newest first: the index of pending records has them. */
export const openRecords = async ({ history, pending }: Asked): Promise<OpenRecords> => {
  const names = (await pending.names()).filter((name) => kindOfRecord(name) !== undefined);
  const read = await mapInBatches(
    names,
    (name) => history.read(name),
    (_, error) => {
      throw error;
    },
  );
  const items = read.flatMap((item) => item ?? []);
  const ofKind = (kind: string): Key[] => items.filter(({ pk, sk }) => kindOfRecord(`${pk} ${sk}`) === kind);
  const releases = readable(ofKind('release'), releaseOf);
  const deployments = readable(ofKind('deployment'), deploymentOf);
  return {
    releases: newestFirst(releases.records.filter(isOpen)),
    deployments: newestFirst(deployments.records.filter(isOpen)),
    unreadable: [...releases.unreadable, ...deployments.unreadable],
  };
};

/** The index is eventually consistent, and has records whose message is not yet sent. */
const isOpen = ({ endedAt }: { readonly endedAt?: string }): boolean => endedAt === undefined;

/** Sort keys begin with the kind and the time of the start. */
const newestFirst = <Item extends { readonly name: RecordName }>(items: readonly Item[]): Item[] =>
  [...items].sort((one, other) => (keyOf(one.name).sk < keyOf(other.name).sk ? 1 : -1));
