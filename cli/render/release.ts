import { imageName } from '../../core/image/image-name.js';
import { secondsBetween } from '../../core/notification/seconds-between.js';
import { approvalText, startedBy } from '../../core/notification/wording.js';
import type { DeploymentView, ReleaseView, ServiceOfStage, StageView } from '../../core/query/answers.js';
import { executionNameOf } from '../../core/records/record-name.js';
import { duration } from '../../core/result/moment.js';
import type { Result } from '../../core/result/result.js';
import { nextStep } from '../../core/result/runbook.js';
import { clean } from './clean.js';
import { toPaste } from './entry.js';
import { evidenceLines } from './evidence.js';
import { labelled, paragraph, sections, tableRows } from './layout.js';
import { type Mark, markOf, markOfResult, markOfStage, paintOf, phaseText, progressText, resultText } from './marks.js';
import type { Style } from './style.js';
import { relativeAndTime } from './times.js';
import { waitOfStageText, waitText } from './wait.js';

/**
 * A release as a tree of its stages and services: how each ended or what it does now, with ECS's own counts and the log of what fails.
 * Texts from outside are made safe for a terminal.
 */
export const releaseLines = (view: ReleaseView, style: Style): string[] => {
  const release = clean(view);
  return sections(headLines(release, style), treeLines(release, style), remarks(release, style));
};

const headLines = (release: ReleaseView, style: Style): string[] => {
  const { repository, tag, image, trigger, startedAt, endedAt, isRollback, result, waiting, id } = release;
  const { colors, now, width } = style;
  const fact = (label: string, text: string) => labelled(label, text, width, '  ');
  const title = `${isRollback ? 'rollback of ' : ''}${imageName(repository, image?.tag ?? tag, image?.digest)}`;
  const commit = [image?.commit, image?.sourceUrl].filter(Boolean).join(' of ');
  return [
    colors.bold(title),
    ...(result
      ? resultLines(result, repeats(release, result), style)
      : paragraph(paintOf('moving', colors)(nowText(release, now)), width, '  ')),
    ...fact('started', `${relativeAndTime(startedAt, now)}, by ${startedBy(trigger)}`),
    ...(endedAt === undefined
      ? []
      : fact('ended', `${relativeAndTime(endedAt, now)}, after ${duration(secondsBetween(startedAt, endedAt))}`)),
    ...fact('commit', commit),
    ...fact('id', id),
    ...(waiting?.for === 'approval' && image ? approvalCommands(repository, waiting.stage, image.digest, style) : []),
  ];
};

const nowText = ({ waiting, stage }: ReleaseView, now: Date): string => {
  if (waiting) return waitText(waiting, now);
  return stage === undefined ? 'begins' : `deploys ${stage}`;
};

/** A release that ended because of a service has that service's message, which is in the tree. */
const repeats = ({ stages }: ReleaseView, { outcome }: Result): boolean =>
  outcome !== 'SUCCEEDED' && stages.some((stage) => servicesOf(stage).some(({ deployment }) => deployment?.result?.outcome === outcome));

const resultLines = (result: Result, isRepeated: boolean, { colors, width }: Style): string[] => {
  const step = nextStep(result);
  return [
    ...paragraph(paintOf(markOfResult(result), colors)(resultText(result)), width, '  '),
    ...(isRepeated ? [] : paragraph(result.message, width, '  ')),
    ...(step === '' ? [] : paragraph(colors.bold(`To do: ${step}`), width, '  ')),
  ];
};

const approvalCommands = (repository: string, stage: string, digest: string, style: Style): string[] =>
  ['approve', 'reject'].flatMap((verb) => toPaste(style, verb, repository, stage, '--digest', digest)).map((line) => `  ${line}`);

const treeLines = ({ stages, waiting }: ReleaseView, style: Style): string[] => {
  const rows = stages.map((stage) => servicesOf(stage).map((service) => ({ stage, service })));
  const aligned = tableRows(
    rows.flat().map(({ stage, service }) => rowOf(stage, service, style)),
    style.width,
    '    ',
  );
  return stages.flatMap((stage, place) => [
    `  ${markOf(markOfStage[stage.state], style)} ${stage.name}${waiting?.stage === stage.name ? `  ${style.colors.yellow(waitOfStageText(waiting, style.now))}` : ''}`,
    ...(rows[place] ?? []).flatMap(({ service }) => [...(aligned.shift() ?? []), ...belowRow(service, style)]),
  ]);
};

type Row = ServiceOfStage & { readonly isBefore?: true };

const servicesOf = ({ before, services }: StageView): Row[] => [...(before ? [{ ...before, isBefore: true as const }] : []), ...services];

const rowOf = (stage: StageView, { service, deployment, undo, isBefore }: Row, style: Style): string[] => {
  const [mark, text] = deployment ? stateOf(deployment, style) : notBegun(stage);
  // What was undone runs no more.
  return [`${markOf(undo && mark === 'good' ? 'skipped' : mark, style)} ${isBefore ? `before task, like ${service}` : service}`, text];
};

const notBegun = ({ state }: StageView): readonly [Mark, string] => ['ahead', markOfStage[state] === 'failed' ? 'not begun' : ''];

const stateOf = (deployment: DeploymentView, style: Style): readonly [Mark, string] => {
  const { result, startedAt, endedAt, phase, beforeTask } = deployment;
  if (result) {
    const mark = markOfResult(result);
    const took = endedAt === undefined ? '' : `, ${duration(secondsBetween(startedAt, endedAt))}`;
    return [mark, `${paintOf(mark, style.colors)(resultText(result, beforeTask && true))}${took}`];
  }
  const mark: Mark = phase === 'queued' ? 'waiting' : 'moving';
  return [
    mark,
    `${paintOf(phase === 'rollingBack' ? 'failed' : mark, style.colors)(phaseText[phase])}, ${duration(secondsBetween(startedAt, style.now.toISOString()))}`,
  ];
};

const belowRow = ({ deployment, undo }: Row, style: Style): string[] => {
  const indent = ' '.repeat(8);
  if (!deployment) return [];
  const { progress, result } = deployment;
  return [
    ...(progress ? [`${indent}${progressText(progress, style)}`] : []),
    ...(result?.outcome === 'SUCCEEDED' ? [] : evidenceLines(deployment, style, indent)),
    ...(undo ? undoLines(undo, style, indent) : []),
  ];
};

/** What undid the deployment of the row. */
const undoLines = (undo: DeploymentView, style: Style, indent: string): string[] => {
  const [mark, text] = stateOf(undo, style);
  return [`${indent}${markOf(mark, style)} then ${text}`, ...evidenceLines(undo, style, `${indent}  `)];
};

const remarks = ({ approvals, passedOver, warnings, other }: ReleaseView, style: Style): string[] => {
  const say = (text: string) => paragraph(text, style.width, '  ');
  return [
    ...approvals.flatMap((approval) => say(`approved: ${approvalText(approval)}`)),
    ...passedOver.flatMap(({ stage, message }) => say(`${stage} is passed over: ${message}`)),
    ...warnings.flatMap((warning) => say(style.colors.yellow(warning))),
    ...(other === undefined ? [] : say(`another release stands for it: ${executionNameOf(other)}`)),
  ];
};
