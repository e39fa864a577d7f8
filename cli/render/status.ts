import { imageName, shortName } from '../../core/image/image-name.js';
import { shortDigest } from '../../core/image/image-reference.js';
import type {
  Answered,
  DeploymentSummary,
  ReleaseSummary,
  RepositoryStatus,
  ServiceStatus,
  SourceView,
  StackView,
  StageStatus,
  Status,
} from '../../core/query/answers.js';
import { clean } from './clean.js';
import { entryLines, toPaste } from './entry.js';
import { sections, table, tableRows } from './layout.js';
import { type Mark, markOf, markOfResult, paintOf, phaseText, shortResultText } from './marks.js';
import { needLines } from './needs.js';
import { serviceLines } from './service.js';
import type { Style } from './style.js';
import { relative } from './times.js';
import { waitOfStageText, waitText } from './wait.js';

/** What needs an operator first, then what moves, then what runs where. Of one service, all that is known of it. */
export const statusLines = (answer: Answered<Status>, style: Style): string[] => {
  const status = clean(answer);
  const [only, ...others] = status.services;
  return sections(
    [headOf(status.stack, style)],
    headed('Needs you', needLines(status, style), style),
    headed('In progress', progress(status, style), style),
    ...(status.repositories.length + status.services.length === 0 ? [['slipway.yml of this stack names no repository.']] : []),
    ...status.repositories.map((repository) => repositoryLines(repository, status, style)),
    only && others.length === 0 ? serviceLines(only, style) : [],
  );
};

const headOf = ({ stage, account, region, version }: StackView, { colors }: Style): string =>
  `${colors.bold(`slipway-${stage}`)}${colors.dim(`  ${account} in ${region}, version ${version}`)}`;

const headed = (title: string, lines: readonly string[], { colors }: Style): string[] =>
  lines.length === 0 ? [] : [colors.bold(title), ...lines];

const progress = ({ repositories, services }: Status, style: Style): string[] => {
  // One that waits for approval moves once an operator has answered: it is among what needs that.
  const releases = repositories.flatMap((repository) => repository.releases.filter(({ waiting }) => waiting?.for !== 'approval'));
  const current = services.flatMap((service) => (service.current ? [{ ...service, current: service.current }] : []));
  const ofRelease = (name: string | undefined) => current.filter((one) => name !== undefined && one.current.release === name);
  const names = new Set<string | undefined>(releases.map(({ name }) => name));
  return [
    ...releases.flatMap((release) => [
      ...releaseLine(release, style),
      ...deploymentRows(ofRelease(release.name), '    ', style),
      ...toPaste(style, 'show', release.id).map((line) => `    ${line}`),
    ]),
    ...deploymentRows(
      current.filter((one) => !names.has(one.current.release)),
      '  ',
      style,
    ),
  ];
};

const releaseLine = ({ repository, tag, image, stage, startedAt, waiting, isRollback }: ReleaseSummary, style: Style): string[] => {
  const name = imageName(repository, image?.tag ?? tag, image?.digest);
  const where = waiting ? waitText(waiting, style.now) : stage === undefined ? 'begins' : `in ${stage}`;
  const text = `${isRollback ? 'rollback of ' : ''}${name}  ${where}; started ${relative(startedAt, style.now)}`;
  return entryLines({ mark: waiting ? 'waiting' : 'moving', text }, style);
};

type Moving = Pick<ServiceStatus, 'service' | 'queued'> & { readonly current: DeploymentSummary };

const deploymentRows = (moving: readonly Moving[], indent: string, style: Style): string[] =>
  table(
    moving.map(({ service, current, queued }) => [
      `${markOf('moving', style)} ${service}`,
      imageOf(current),
      `${phaseText[current.phase]}, began ${relative(current.startedAt, style.now)}${queued.length > 0 ? `; ${queued.length} queued` : ''}`,
    ]),
    style.width,
    indent,
  );

const imageOf = ({ image }: DeploymentSummary): string => (image ? shortName(image) : '');

const tagOf = ({ tag, digest }: { readonly tag?: string; readonly digest: string }): string => tag ?? shortDigest(digest);

const repositoryLines = ({ repository, stages }: RepositoryStatus, { services }: Status, style: Style): string[] => {
  const states = new Map(services.map((service) => [service.service, service]));
  const shown = stages.map((stage) => ({ stage, services: stage.services.flatMap((name) => states.get(name) ?? []) }));
  const rows = shown.flatMap((stage) => stage.services.map((service) => serviceRow(repository, service, style)));
  // Aligned across all stages, then put under each.
  const aligned = tableRows(rows, style.width, '    ');
  return [
    style.colors.bold(repository),
    ...shown
      .filter((stage) => stage.services.length > 0)
      .flatMap(({ stage, services }) => [`  ${stageHead(stage, style)}`, ...aligned.splice(0, services.length).flat()]),
  ];
};

const stageHead = ({ name, waiting }: StageStatus, { colors, now }: Style): string =>
  waiting ? `${name}  ${colors.yellow(`${shortName(waiting.image)} ${waitOfStageText(waiting, now)}`)}` : name;

/** `✓ production/web  main-7 (a1b2c3d4a1b2)  deployed, 3 min ago` */
const serviceRow = (repository: string, service: ServiceStatus, style: Style): string[] => {
  const source = service.sources.find((one) => one.repository === repository);
  const { mark, text } = stateOf(source, service, style.now);
  const runs = source?.lastDeployed ? shortName(source.lastDeployed) : style.colors.dim('nothing deployed yet');
  return [`${markOf(mark, style)} ${service.service}`, runs, mark === 'good' ? text : paintOf(mark, style.colors)(text)];
};

/** What moves, else how the newest deployment ended, as far as it is of this source. */
const stateOf = (source: SourceView | undefined, service: ServiceStatus, now: Date): { readonly mark: Mark; readonly text: string } => {
  const { unreadable, current, last } = service;
  if (unreadable !== undefined) return { mark: 'urgent', text: 'its state cannot be read' };
  if (current) return { mark: 'moving', text: [phaseText[current.phase], current.image && tagOf(current.image)].filter(Boolean).join(' ') };
  const deployed = source?.lastDeployed;
  if (!last?.result || (last.image && last.image.repository !== source?.repository))
    return deployed ? { mark: 'good', text: `pushed ${relative(deployed.pushedAt, now)}` } : { mark: 'ahead', text: '' };
  const when = last.endedAt === undefined ? '' : `, ${relative(last.endedAt, now)}`;
  const other = last.image && last.image.digest !== deployed?.digest ? `${tagOf(last.image)} ` : '';
  return { mark: markOfResult(last.result), text: `${other}${shortResultText(last.result)}${when}` };
};
