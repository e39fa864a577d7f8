import type { InProgress } from '../../core/query/answers.js';
import { deploymentSummary } from '../../core/query/deployment-view.js';
import { releaseSummary } from '../../core/query/release-view.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { leaseOf } from './deployment-views.js';
import { openRecords } from './open-records.js';
import type { Asked } from './reads.js';

/** What is in progress. It costs one Query and a GetItem for each record, however many services there are. */
export const progress = async (asked: Asked): Promise<InProgress> => {
  const { releases, deployments, unreadable } = await openRecords(asked);
  return {
    releases: releases.map(releaseSummary),
    deployments: await mapInBatches(
      deployments,
      async (record) => deploymentSummary(record, { lease: await leaseOf(asked, record), now: asked.now }),
      (_, error) => {
        throw error;
      },
    ),
    ...(unreadable.length > 0 && { unreadable }),
  };
};
