import type { DeploymentView, ReleaseView, StageView } from '../../core/query/answers.js';
import { isAlreadyRunning, type Result } from '../../core/result/result.js';
import { exitStatuses, exitStatusOf } from '../exit-status.js';
import * as messages from './messages.js';
import type { End, FollowOptions } from './state.js';

const ofResult = (result: Result, { id, consoleUrl: link }: Pick<ReleaseView, 'id' | 'consoleUrl'>): End => {
  const status = exitStatusOf(result);
  return {
    kind: 'end',
    status,
    code: result.reason,
    message: messages.resultText(result),
    result,
    ...(status !== exitStatuses.ok && { ...(link && { link }), commands: [['show', id]] }),
  };
};

export const endOfDeployment = (view: DeploymentView): End | undefined => view.result && ofResult(view.result, view);

/** Has the stage the image, by this release or before it? A stage that was rolled back with a later one has not. */
const isReached = ({ state, services }: StageView): boolean => {
  if (services.some(({ undo }) => undo)) return false;
  return state === 'succeeded' || (state === 'skipped' && services.every(({ deployment }) => isAlreadyRunning(deployment?.result)));
};

/** How the command ends with what the release has come to; undefined while it goes on. */
export const endOfRelease = (view: ReleaseView, { until, endsAtGates }: FollowOptions): End | undefined => {
  if (until !== undefined) return endWithStage(view, until);
  if (view.result) return ofResult(view.result, view);
  return endsAtGates ? endAtGate(view) : undefined;
};

const endWithStage = (view: ReleaseView, until: string): End | undefined => {
  const stage = view.stages.find(({ name }) => name === until);
  if (stage && isReached(stage))
    return { kind: 'end', status: exitStatuses.ok, code: 'STAGE_SUCCEEDED', message: messages.stageReached(until) };
  if (!view.result) return undefined;
  const end = ofResult(view.result, view);
  if (end.status !== exitStatuses.ok) return end;
  const reason = view.passedOver.find(({ stage }) => stage === until)?.message;
  return {
    kind: 'end',
    status: exitStatuses.skipped,
    code: 'STAGE_REQUIRED',
    message: messages.stageMissed(until, reason),
    result: view.result,
    commands: [['show', view.id]],
  };
};

/** A job of CI does not wait for people, or for the morning: what it deployed is deployed. */
const endAtGate = ({ waiting, stages, repository, image, consoleUrl: link }: ReleaseView): End | undefined => {
  const done = stages.filter(isReached).map(({ name }) => name);
  if (!waiting || waiting.for === 'scan' || done.length === 0) return undefined;
  const digest = image ? ['--digest', image.digest] : [];
  const decisions = ['approve', 'reject'].map((verb) => [verb, repository, waiting.stage, ...digest]);
  return {
    kind: 'end',
    status: exitStatuses.ok,
    code: waiting.for === 'approval' ? 'WAITING_FOR_APPROVAL' : 'WAITING_FOR_WINDOW',
    message: messages.waitsAtGate(waiting, done),
    ...(link && { link }),
    ...(waiting.for === 'approval' && { commands: decisions }),
  };
};
