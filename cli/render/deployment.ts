import { imageName } from '../../core/image/image-name.js';
import { secondsBetween } from '../../core/notification/seconds-between.js';
import { beforeTaskText, startedBy } from '../../core/notification/wording.js';
import type { DeploymentView } from '../../core/query/answers.js';
import { executionNameOf } from '../../core/records/record-name.js';
import { duration } from '../../core/result/moment.js';
import { clean } from './clean.js';
import { toPaste } from './entry.js';
import { evidenceLines } from './evidence.js';
import { labelled, paragraph, sections } from './layout.js';
import { markOfResult, operationText, paintOf, phaseText, progressText, resultText } from './marks.js';
import type { Style } from './style.js';
import { relativeAndTime } from './times.js';

/** One deployment: how it ended or what it does now, from what to what, and the evidence of a failure. */
export const deploymentLines = (view: DeploymentView, style: Style): string[] => {
  const deployment = clean(view);
  const evidence = evidenceLines(deployment, style, '  ');
  return sections(headLines(deployment, style), factLines(deployment, style), evidence, commands(deployment, style));
};

const headLines = (deployment: DeploymentView, style: Style): string[] => {
  const { service, operation, image, result, phase, progress, beforeTask } = deployment;
  const { colors, width } = style;
  const what = `${operationText[operation]}${image ? ` of ${imageName(image.repository, image.tag, image.digest)}` : ''}`;
  const now = `${colors.cyan(phaseText[phase])}${progress ? `  ${progressText(progress, style)}` : ''}`;
  return [
    colors.bold(service),
    ...paragraph(what, width, '  '),
    ...(result ? paragraph(paintOf(markOfResult(result), colors)(resultText(result, beforeTask && true)), width, '  ') : [`  ${now}`]),
    ...(result?.outcome === 'SUCCEEDED' ? paragraph(result.message, width, '  ') : []),
  ];
};

const factLines = (deployment: DeploymentView, { now, width }: Style): string[] => {
  const { id, stage, release, image, trigger, startedAt, endedAt, revision, previousRevision, previousImage, beforeTask, verification } =
    deployment;
  const fact = (label: string, text: string | undefined) => labelled(label, text ?? '', width, '  ');
  const ended = endedAt === undefined ? '' : `${relativeAndTime(endedAt, now)}, after ${duration(secondsBetween(startedAt, endedAt))}`;
  return [
    ...fact('started', `${relativeAndTime(startedAt, now)}, by ${startedBy(trigger)}`),
    ...fact('ended', ended),
    ...fact('stage', stage),
    ...fact('revision', revision),
    ...fact('before', [previousRevision, previousImage].filter(Boolean).join(', ')),
    ...fact('digest', image?.digest),
    ...fact('commit', [image?.commit, image?.sourceUrl].filter(Boolean).join(' of ')),
    ...(beforeTask?.outcome === 'SUCCEEDED' ? paragraph(beforeTaskText(beforeTask), width, '  ') : []),
    ...(verification && endedAt === undefined ? fact('verifies', verificationText(verification, now)) : []),
    ...fact('release', release && executionNameOf(release)),
    ...fact('id', id),
  ];
};

const verificationText = ({ since, url, verifier }: NonNullable<DeploymentView['verification']>, now: Date): string =>
  [`began ${relativeAndTime(since, now)}`, url, verifier].filter(Boolean).join('; ');

const commands = ({ service, release, endedAt, consoleUrl }: DeploymentView, style: Style): string[] => [
  ...toPaste(style, 'logs', service).map(indented),
  ...(release === undefined ? [] : toPaste(style, 'show', executionNameOf(release)).map(indented)),
  ...(endedAt === undefined ? toPaste(style, 'cancel', service).map(indented) : []),
  ...(consoleUrl === '' ? [] : [indented(consoleUrl)]),
];

const indented = (line: string): string => `  ${line}`;
