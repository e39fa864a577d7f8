import { imageName } from '../../core/image/image-name.js';
import { shortDigest } from '../../core/image/image-reference.js';
import { operatorText } from '../../core/notification/wording.js';
import type { RepositoryStatus, ServiceStatus, SourceView, StageStatus, Status } from '../../core/query/answers.js';
import type { Hold } from '../../core/records/records.js';
import { isAlreadyRunning } from '../../core/result/result.js';
import { nextStep } from '../../core/result/runbook.js';
import { type Entry, entryLines, toPaste } from './entry.js';
import type { Style } from './style.js';
import { relative } from './times.js';

/** What an operator has to decide or to repair, the most urgent first. */
export const needLines = (status: Status, style: Style): string[] =>
  [
    ...status.services.flatMap((service) => uncertain(service, style)),
    ...status.services.flatMap(({ service, unreadable }): Entry[] =>
      unreadable === undefined ? [] : [{ mark: 'urgent', text: `${service}: its state cannot be read`, details: [unreadable] }],
    ),
    ...status.repositories.flatMap((repository) => repository.stages.flatMap((stage) => approval(repository, stage, style))),
    ...(status.holdOfAll ? [held('*', status.holdOfAll, [], style)] : []),
    ...status.services.flatMap(({ service, hold, sources }) => (hold ? [held(service, hold, sources, style)] : [])),
    ...status.services.flatMap((service) => quarantines(service, style)),
  ].flatMap((entry) => entryLines(entry, style));

/** A newest deployment that left the service in a state that Slipway could not make sure of. */
const uncertain = ({ service, last }: ServiceStatus, style: Style): Entry[] => {
  if (!last?.result || nextStep(last.result) === '') return [];
  const { id, result, image, endedAt } = last;
  const what = image ? ` of ${imageName(image.repository, image.tag, image.digest)}` : '';
  return [
    {
      mark: 'urgent',
      text: `${service}: ${result.outcome}${what}${endedAt === undefined ? '' : `, ${relative(endedAt, style.now)}`}`,
      details: [result.message, `To do: ${nextStep(result)}`],
      commands: toPaste(style, 'show', id),
    },
  ];
};

const approval = ({ repository }: RepositoryStatus, { name, waiting }: StageStatus, style: Style): Entry[] => {
  if (waiting?.for !== 'approval') return [];
  const { image, until } = waiting;
  const words = [repository, name, '--digest', image.digest];
  return [
    {
      mark: 'waiting',
      text: `${imageName(image.repository, image.tag, image.digest)} waits for approval before ${name}; without an answer it ends ${relative(until, style.now)}`,
      commands: [...toPaste(style, 'approve', ...words), ...toPaste(style, 'reject', ...words)],
    },
  ];
};

const held = (service: string, hold: Hold, sources: readonly SourceView[], style: Style): Entry => {
  const end = hold.until === undefined ? '' : `, ends ${relative(hold.until, style.now)}`;
  const keptBack = sources.flatMap(({ repository, withheld }) =>
    withheld
      ? [`It keeps back ${imageName(repository, withheld.tag, withheld.digest)}, pushed ${relative(withheld.pushedAt, style.now)}`]
      : [],
  );
  return {
    mark: 'waiting',
    text: `${service === '*' ? 'every service' : service} is on hold since ${relative(hold.at, style.now)}${end}, by ${operatorText(hold)}`,
    details: keptBack,
    commands: toPaste(style, 'unhold', service),
  };
};

/** The newest quarantine of each source, until a deployment of the service has succeeded since. */
const quarantines = ({ service, sources, last }: ServiceStatus, { now }: Style): Entry[] => {
  const isBehind = (at: string): boolean =>
    last?.result !== undefined && (last.result.outcome === 'SUCCEEDED' || isAlreadyRunning(last.result)) && last.startedAt > at;
  return sources.flatMap(({ repository, quarantine }): Entry[] => {
    const newest = quarantine.at(-1);
    if (!newest || isBehind(newest.at)) return [];
    const text = `${service}: ${repository} ${shortDigest(newest.digest)} is quarantined (${newest.reason}), ${relative(newest.at, now)}: push a fixed image`;
    return [{ mark: 'failed', text }];
  });
};
