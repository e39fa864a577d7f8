import { meaningOfResult } from '../../core/notification/wording.js';
import type { Phase, Progress, StageState } from '../../core/query/answers.js';
import type { Operation } from '../../core/records/records.js';
import type { Outcome, Result } from '../../core/result/result.js';
import { isAlreadyRunning } from '../../core/result/result.js';
import { nextStep } from '../../core/result/runbook.js';
import type { Style } from './style.js';

/** What the reader sees first of a thing: does it run, move, wait, need an operator? Colour repeats what the mark says. */
export type Mark = 'good' | 'moving' | 'waiting' | 'ahead' | 'skipped' | 'failed' | 'urgent';

const still: Record<Mark, string> = { good: '✓', moving: '▸', waiting: '…', ahead: '·', skipped: '–', failed: '✗', urgent: '!' };
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;

export const paintOf = (mark: Mark, { bold, cyan, dim, green, red, yellow }: Style['colors']): ((text: string) => string) => {
  const urgent = (text: string) => bold(red(text));
  const paint = { good: green, moving: cyan, waiting: yellow, ahead: dim, skipped: yellow, failed: red, urgent }[mark];
  // The codes alone would be no empty text.
  return (text) => (text === '' ? '' : paint(text));
};

export const markOf = (mark: Mark, { colors, frame }: Style): string =>
  paintOf(mark, colors)(mark === 'moving' && frame !== undefined ? (frames[frame % frames.length] ?? still.moving) : still[mark]);

const ofOutcome: Record<Outcome, Mark> = {
  SUCCEEDED: 'good',
  PARTIAL: 'skipped',
  SKIPPED: 'skipped',
  SUPERSEDED: 'skipped',
  FAILED: 'failed',
  ROLLED_BACK: 'failed',
  ROLLBACK_FAILED: 'urgent',
  UNKNOWN: 'urgent',
};

/** What needs an operator is urgent; what runs the image already is good. */
export const markOfResult = (result: Result): Mark => {
  if (isAlreadyRunning(result)) return 'good';
  return nextStep(result) === '' ? ofOutcome[result.outcome] : 'urgent';
};

export const markOfStage: Record<StageState, Mark> = {
  ahead: 'ahead',
  waiting: 'waiting',
  running: 'moving',
  succeeded: 'good',
  skipped: 'skipped',
  failed: 'failed',
};

/** `failed and rolled back (CRASHED)`; the reason of a success that says no more than its outcome is left out. */
export const resultText = (result: Result, hasRunTask?: boolean): string => {
  const meaning = isAlreadyRunning(result) ? 'runs it already' : meaningOfResult(result, hasRunTask);
  return result.outcome === 'SUCCEEDED' || isAlreadyRunning(result) ? meaning : `${meaning} (${result.reason})`;
};

const outcomeWords: Record<Exclude<Outcome, 'SUCCEEDED'>, string> = {
  PARTIAL: 'deployed in part',
  SKIPPED: 'skipped',
  SUPERSEDED: 'superseded',
  FAILED: 'failed',
  ROLLED_BACK: 'rolled back',
  ROLLBACK_FAILED: 'rollback failed',
  UNKNOWN: 'final state unknown',
};

/** As `resultText`, for a column: `rolled back (CRASHED)`. */
export const shortResultText = (result: Result): string =>
  result.outcome === 'SUCCEEDED' || isAlreadyRunning(result) ? resultText(result) : `${outcomeWords[result.outcome]} (${result.reason})`;

export const phaseText: Record<Phase, string> = {
  starting: 'starting',
  queued: 'waits for another deployment',
  beforeTask: 'before task runs',
  updating: 'updating',
  rollingOut: 'rolling out',
  verifying: 'verifying',
  rollingBack: 'rolling back',
  ended: 'ended',
};

export const operationText: Record<Operation['kind'], string> = {
  image: 'deployment',
  redeploy: 'deployment of the same revision again',
  rollback: 'rollback by an operator',
  taskDefinition: 'deployment of a chosen task definition',
  releaseRollback: 'rollback with its release',
  beforeTask: 'before task of its stage',
};

const barWidth = 12;

/** `████████░░░░ 2/3 running, 1 pending`: ECS's own counts. A bar is full when all desired tasks run. */
export const progressText = ({ desired, running, pending, failed }: Progress, { colors }: Style): string => {
  const full = desired === 0 ? barWidth : Math.min(barWidth, Math.floor((running / desired) * barWidth));
  const bar = `${colors.cyan('█'.repeat(full))}${colors.dim('░'.repeat(barWidth - full))}`;
  const counts = [
    `${running}/${desired} running`,
    ...(pending > 0 ? [`${pending} pending`] : []),
    ...(failed > 0 ? [colors.red(`${failed} failed`)] : []),
  ];
  return `${bar} ${counts.join(', ')}`;
};
