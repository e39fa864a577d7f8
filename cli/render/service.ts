import { imageName } from '../../core/image/image-name.js';
import { shortDigest } from '../../core/image/image-reference.js';
import { startedBy } from '../../core/notification/wording.js';
import type { DeploymentSummary, ServiceStatus } from '../../core/query/answers.js';
import { toPaste } from './entry.js';
import { labelled } from './layout.js';
import { operationText, phaseText, resultText } from './marks.js';
import type { Style } from './style.js';
import { relative, relativeAndTime } from './times.js';

/** All that is known of one service, beside what needs an operator. */
export const serviceLines = ({ service, sources, current, queued, last }: ServiceStatus, style: Style): string[] => {
  const { now, width, colors } = style;
  const fact = (label: string, text: string) => labelled(label, text, width, '  ');
  return [
    colors.bold(service),
    ...sources.flatMap(({ repository, lastDeployed, withheld, quarantine }) => [
      ...(lastDeployed
        ? fact(
            'runs',
            `${imageName(repository, lastDeployed.tag, lastDeployed.digest)}, pushed ${relativeAndTime(lastDeployed.pushedAt, now)}`,
          )
        : fact('runs', `no image of ${repository} that Slipway has deployed`)),
      ...(withheld
        ? fact('kept back', `${imageName(repository, withheld.tag, withheld.digest)}, pushed ${relative(withheld.pushedAt, now)}`)
        : []),
      ...quarantine
        .toReversed()
        .flatMap(({ digest, reason, at }) =>
          fact('quarantine', `${shortDigest(digest)} of ${repository}, ${relative(at, now)}: ${reason}`),
        ),
    ]),
    ...(current
      ? [
          ...fact('now', `${phaseText[current.phase]}: ${deploymentText(current, now)}`),
          ...toPaste(style, 'show', current.id).map(indented),
        ]
      : []),
    ...queued.flatMap(({ id, since, repository }) =>
      fact('waiting', `${id}, since ${relative(since, now)}${repository && `, of ${repository}`}`),
    ),
    ...(last
      ? [
          ...fact('last', deploymentText(last, now)),
          ...(last.result ? [...fact('', resultText(last.result)), ...fact('', last.result.message)] : []),
          ...toPaste(style, 'show', last.id).map(indented),
        ]
      : fact('last', 'no deployment has ended')),
  ];
};

const indented = (command: string): string => `${' '.repeat(14)}${command}`;

/** `deployment of my-learn-app:main-7 (a1b2c3d4a1b2), ended 3 min ago, started by a push` */
const deploymentText = ({ operation, image, startedAt, endedAt, trigger }: DeploymentSummary, now: Date): string =>
  [
    `${operationText[operation]}${image ? ` of ${imageName(image.repository, image.tag, image.digest)}` : ''}`,
    endedAt === undefined ? `began ${relative(startedAt, now)}` : `ended ${relative(endedAt, now)}`,
    `started by ${startedBy(trigger)}`,
  ].join(', ');
