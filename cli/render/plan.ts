import { differenceText, imagesOf } from '../../core/notification/waiting-text.js';
import { andMore } from '../../core/notification/wording.js';
import type { Explanation } from '../../core/policy/explain.js';
import type { PlannedService } from '../../core/preflight/differences.js';
import { isFrozen, windowText } from '../../core/release/window-messages.js';
import { duration, moment } from '../../core/result/moment.js';
import type { Plan, PlannedTask } from '../../functions/shared/plan.js';
import { clean } from './clean.js';
import { explanationLines } from './explanation.js';
import { labelled, paragraph, sections } from './layout.js';
import { type Mark, markOf } from './marks.js';
import type { Style } from './style.js';
import { relative } from './times.js';

/** What a push of the image would do now: the rules, then for each stage its gates, tasks, findings and differences. */
export const planLines = (plan: Plan, style: Style): string[] => {
  const { image, explain, stages } = clean(plan);
  const passedOver = explain.filter(({ stage }) => !stages.some((one) => one.stage === stage));
  return sections(
    [style.colors.bold(image)],
    ...stages.map((stage) => stageLines(stage, explain, style)),
    passedOver.length === 0 ? [] : ['Not deployed:', ...explanationLines(passedOver, style)],
    stages.length > 0 ? [] : ['No stage takes this image: a push of it changes nothing.'],
  );
};

type PlannedStage = Plan['stages'][number];

const stageLines = (planned: PlannedStage, explain: Plan['explain'], style: Style): string[] => {
  const { stage, gates, beforeTasks, findings, services } = planned;
  const skips = new Map(explain.filter((one) => one.stage === stage && !one.isDeployed).map((one) => [one.service, one]));
  return [
    style.colors.bold(stage),
    ...gateLines(gates, style),
    ...beforeTasks.flatMap((task) => marked('ahead', taskText(task), style)),
    ...findings.flatMap((finding) =>
      marked(
        finding.severity === 'block' ? 'failed' : 'waiting',
        `${finding.severity === 'block' ? 'refused' : 'warning'}, ${finding.code}: ${finding.message}`,
        style,
      ),
    ),
    ...services.flatMap((service) => serviceLines(service, skips.get(service.service), style)),
  ];
};

const marked = (mark: Mark, text: string, style: Style): string[] => {
  const [first = '', ...rest] = paragraph(text, style.width, '    ');
  return [`  ${markOf(mark, style)} ${first.slice(4)}`, ...rest];
};

const gateLines = ({ requires, approval, window, freeze = [], opening, scan }: PlannedStage['gates'], style: Style): string[] => {
  const gate = (label: string, text: string) => labelled(label, text, style.width, '  ');
  return [
    ...(requires === undefined ? [] : gate('requires', `the image has succeeded in ${requires}`)),
    ...(scan ? gate('scan', `${scanActions[scan.action]}: ${scan.message}`) : []),
    ...(approval ? gate('approval', `by an operator, within ${duration(approval.timeoutSeconds)}`) : []),
    ...(window ? gate('window', windowText(window)) : []),
    ...freeze.flatMap((one) => gate('freeze', isFrozen(one))),
    ...(opening ? gate('', openingText(opening, style)) : []),
  ];
};

const scanActions = { pass: 'passes', wait: 'waits', end: 'refuses it' } as const;

const openingText = (opening: NonNullable<PlannedStage['gates']['opening']>, { now, colors }: Style): string => {
  if (opening.isOpen) return colors.green('open now');
  const opens =
    opening.opensAt === undefined
      ? 'does not open within 400 days'
      : `opens ${relative(opening.opensAt, now)} (${moment(opening.opensAt)})`;
  return colors.yellow(`closed now${opening.because === 'freeze' ? ' by a freeze' : ''}; ${opens}`);
};

const taskText = ({ of, service, container, command, timeoutSeconds }: PlannedTask): string =>
  `before task ${of === 'stage' ? `of the stage, like ${service}` : `of ${service}`}${container === undefined ? '' : ` in ${container}`}: ${command.join(' ')} (within ${duration(timeoutSeconds)})`;

/** A difference is a line of its own, whose parts are values to compare. */
const serviceLines = (service: PlannedService, skip: Explanation | undefined, style: Style): string[] => {
  const { differences, isRunning } = service;
  if (skip && !isRunning) return marked('skipped', `${service.service} is skipped (${skip.code}): ${skip.message}`, style);
  return [
    ...marked(isRunning ? 'good' : 'moving', `${service.service}: ${imagesOf(service)}`, style),
    ...differences.shown.flatMap((difference) => paragraph(differenceText(difference), style.width, '      ')),
    ...andMore(differences.more, 'difference').map((rest) => `      ${rest}`),
  ];
};
