import { executionUrl } from '../notification/console-link.js';
import { nameOf } from '../records/execution-name.js';
import type { RecordName } from '../records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, ReleaseWait, StageDeployment, Undo } from '../records/records.js';
import { positionOf } from '../release/claim-digest.js';
import { type DeploymentResult, isStagePassed, releaseResult } from '../release/release-plan.js';
import { isSuccessfulOutcome } from '../result/result.js';
import type { DeploymentView, ReleaseSummary, ReleaseView, ServiceOfStage, StageState, StageView } from './answers.js';
import { imageView, type Named, resultView, triggerView } from './deployment-view.js';

/** What a release waits for now; undefined once it has passed the gates of its stage, or has ended. */
export const waitOf = ({ waiting, stage, begun, endedAt }: ReleaseRecord): ReleaseWait | undefined =>
  waiting !== undefined && endedAt === undefined && waiting.stage === stage && begun !== stage
    ? { stage: waiting.stage, for: waiting.for, since: waiting.since, until: waiting.until }
    : undefined;

/** Does it undo another release? One that undoes itself is none. */
export const isRollback = ({ name, rollback }: Named<Pick<ReleaseRecord, 'rollback'>>): boolean =>
  rollback !== undefined && rollback.of !== name;

/** The record of the release that stands for one that was skipped as its duplicate, or joined it. */
export const standsFor = ({ other, joining, result }: ReleaseRecord): RecordName | undefined =>
  other ?? (result?.reason === 'JOINED_RELEASE' ? joining : undefined);

export const releaseSummary = (record: Named<ReleaseRecord>): ReleaseSummary => {
  const { name, execution, repository, tag, image, trigger, pushedAt, startedAt, endedAt, stage, result } = record;
  const waiting = waitOf(record);
  return {
    name,
    id: nameOf(execution),
    repository,
    ...(tag !== undefined && { tag }),
    ...(image && { image: imageView(image) }),
    trigger: triggerView(trigger),
    pushedAt: pushedAt ?? startedAt,
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(stage !== undefined && stage !== '' && { stage }),
    ...(waiting && { waiting }),
    ...(isRollback(record) && { isRollback: true }),
    ...(endedAt !== undefined && result && { result: resultView(result) }),
  };
};

/** A deployment of a release, by the name of its execution. */
export type FoundDeployment = { readonly record: Named<DeploymentRecord>; readonly view: DeploymentView };
export type Deployments = ReadonlyMap<string, FoundDeployment>;

/** `stageOf` names the stages of what a rollback undoes, by the deployments' records. */
export type Beside = {
  readonly deployments: Deployments;
  readonly stageOf: (undone: RecordName) => string | undefined;
  readonly noticed?: readonly string[];
};

export const releaseView = (record: Named<ReleaseRecord>, { deployments, stageOf, noticed = [] }: Beside): ReleaseView => {
  const { passedOver = [], approvals = [], warnings = [], execution } = record;
  const other = standsFor(record);
  return {
    ...releaseSummary(record),
    stages: isRollback(record) ? undoneStages(record, deployments, stageOf) : stagesOf(record, deployments),
    passedOver: passedOver.map(({ stage, message }) => ({ stage, message })),
    approvals: approvals.map(({ stage, by, reason, at }) => ({
      stage,
      at,
      ...(by !== undefined && { by }),
      ...(reason !== undefined && { reason }),
    })),
    warnings: [...noticed, ...warnings],
    ...(other !== undefined && { other }),
    consoleUrl: executionUrl(execution),
  };
};

const ofStage = (deployments: Deployments, { service, name }: StageDeployment, undo?: Undo): ServiceOfStage => {
  const deployment = deployments.get(name)?.view;
  const undone = undo && deployments.get(undo.name)?.view;
  return { service, ...(deployment && { deployment }), ...(undone && { undo: undone }) };
};

const stagesOf = (record: ReleaseRecord, deployments: Deployments): StageView[] => {
  const undos = new Map((record.rollback?.deployments ?? []).map((undo) => [undo.undoes, undo]));
  const undoOf = ({ name }: StageDeployment): Undo | undefined => undos.get(deployments.get(name)?.record.name ?? '');
  return (record.stages ?? []).map((stage) => ({
    name: stage.name,
    state: stateOf(record, stage.name, stage.deployments, stage.before, deployments),
    ...(stage.before && { before: ofStage(deployments, stage.before) }),
    services: stage.deployments.map((one) => ofStage(deployments, one, undoOf(one))),
  }));
};

const stateOf = (
  record: ReleaseRecord,
  stage: string,
  planned: readonly StageDeployment[],
  before: StageDeployment | undefined,
  deployments: Deployments,
): StageState => {
  const position = positionOf(record, stage);
  if (position === 'ahead') return 'ahead';
  const task = before && resultsOf([before], deployments);
  // It keeps the stage from beginning unless it passed.
  if (task?.every(isEnded) && !isStagePassed(task)) return endState(task);
  const results = resultsOf(planned, deployments);
  if (position === 'waits' && results.every(({ record: one }) => one === undefined)) return waitState(record);
  const isOver = record.endedAt !== undefined || position === 'behind' || results.every(isEnded);
  return isOver ? endState(results) : 'running';
};

/** Before its gates: of a release that has ended there, how. */
const waitState = ({ endedAt, result }: ReleaseRecord): StageState => {
  if (endedAt === undefined) return 'waiting';
  return result !== undefined && isSuccessfulOutcome(result.outcome) ? 'skipped' : 'failed';
};

type Found = { readonly service: string; readonly record: Named<DeploymentRecord> | undefined };

const resultsOf = (planned: readonly StageDeployment[], deployments: Deployments): Found[] =>
  planned.map(({ service, name }) => ({ service, record: deployments.get(name)?.record }));

const isEnded = ({ record }: Found): boolean => record?.endedAt !== undefined;

const endState = (results: readonly DeploymentResult[]): StageState => {
  if (isStagePassed(results)) return 'succeeded';
  return isSuccessfulOutcome(releaseResult(results).outcome) ? 'skipped' : 'failed';
};

/** A rollback has no stages of its own: those of what it undoes. */
const undoneStages = (record: ReleaseRecord, deployments: Deployments, stageOf: Beside['stageOf']): StageView[] => {
  const undos = record.rollback?.deployments ?? [];
  const stageOfUndo = (undo: Undo): string =>
    stageOf(undo.undoes) ?? deployments.get(undo.name)?.record.stage ?? record.rollback?.stage ?? '';
  const names = [...new Set(undos.map(stageOfUndo))];
  return names.map((name) => {
    const planned = undos.filter((undo) => stageOfUndo(undo) === name);
    const results = resultsOf(planned, deployments);
    const isOver = record.endedAt !== undefined || results.every(isEnded);
    return { name, state: isOver ? endState(results) : 'running', services: planned.map((undo) => ofStage(deployments, undo)) };
  });
};
