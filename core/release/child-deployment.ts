import * as messages from '../lease/messages.js';
import { isRecordOf, keyOf, type RecordName } from '../records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, ReleaseStage, StageDeployment, Undo } from '../records/records.js';
import { type Result, resultOf } from '../result/result.js';
import { isImageDeployment } from '../task-definition/revision-to-copy.js';

/** Executions that resume a deployment have names of their own; its record keeps the name of the first one. */
const isOf = (record: RecordName, { name }: StageDeployment): boolean => isRecordOf(keyOf(record), name);

/** The stage in whose plan the deployment of this record is; undefined for one that undoes another, or that is not the release's. */
export const stageOf = ({ stages = [] }: ReleaseRecord, record: RecordName): ReleaseStage | undefined =>
  stages.find(({ deployments }) => deployments.some((one) => isOf(record, one)));

/** The stage whose before task the deployment of this record runs; undefined for every other one. */
export const stageBefore = ({ stages = [] }: ReleaseRecord, record: RecordName): ReleaseStage | undefined =>
  stages.find(({ before }) => before !== undefined && isOf(record, before));

/** What the deployment of this record undoes; undefined for one of a stage. */
export const undoOf = ({ rollback }: ReleaseRecord, record: RecordName): Undo | undefined =>
  rollback?.deployments.find((one) => isOf(record, one));

/** Is it the record of one of these deployments? */
export const isAmong = (deployments: readonly StageDeployment[], record: RecordName): boolean =>
  deployments.some((one) => isOf(record, one));

/** The deployments of a stage but for those of a service. */
export const siblingsOf = ({ stages = [] }: ReleaseRecord, stage: string, service: string): readonly StageDeployment[] =>
  stages.find(({ name }) => name === stage)?.deployments.filter((one) => one.service !== service) ?? [];

/** The result of a deployment that has not begun when another service of its stage fails; undefined if it may begin. */
export const stageFailedResult = (
  { stageFailure }: Pick<ReleaseRecord, 'stageFailure'>,
  record: Pick<DeploymentRecord, 'operation' | 'stage' | 'updateRequestedAt'>,
): Result | undefined =>
  stageFailure?.stage === record.stage && isImageDeployment(record) && record.updateRequestedAt === undefined
    ? resultOf('FAILED', 'STAGE_FAILED', messages.stageFailed(stageFailure.service))
    : undefined;
