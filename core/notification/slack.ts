import { duration } from '../result/moment.js';
import type { Outcome, Result } from '../result/result.js';
import { nextStep } from '../result/runbook.js';
import type { BeforeTaskReport } from './before-task-report.js';
import { byNeed, lastResultOf } from './last-result.js';
import type { Message, ServiceReport } from './message.js';
import {
  type Block,
  code,
  escaped,
  field,
  fits,
  limits,
  link,
  markdown,
  pasteSections,
  type Room,
  roomBeside,
  type SlackMessage,
  section,
  sectionsOf,
  toPaste,
} from './slack-blocks.js';
import {
  andMore,
  approvalText,
  beforeTaskText,
  durationText,
  headlineOf,
  ignoredByHand,
  isNotBegun,
  meaningOf,
  messagesOf,
  notBegunText,
  operatorText,
  remarksOf,
  startedBy,
  titleOf,
  verificationTexts,
} from './wording.js';

const colours: Record<Outcome, string> = {
  SUCCEEDED: '#2eb67d',
  PARTIAL: '#daa038',
  SKIPPED: '#9e9e9e',
  SUPERSEDED: '#9e9e9e',
  FAILED: '#e8912d',
  ROLLED_BACK: '#e8912d',
  ROLLBACK_FAILED: '#e01e5a',
  UNKNOWN: '#e01e5a',
};

const toDo = (result: Result): string[] => (nextStep(result) ? [`*To do* ${escaped(nextStep(result), 300)}`] : []);

const endOf = ({ result: { outcome, reason }, durationSeconds }: Pick<ServiceReport, 'result' | 'durationSeconds'>): string =>
  `${outcome} · ${reason} · ${duration(durationSeconds)}`;

const lastLines = (container: string, lines: readonly string[]): Block[] =>
  lines.length > 0 ? [section(`Last lines of ${escaped(container, 100)}:\n${code(lines)}`)] : [];

/** The log of a before task that did not succeed, and what to paste into a shell. */
const detailsOf = ({ container, log, commands }: BeforeTaskReport): Block[] => [...lastLines(container, log), ...toPaste(commands)];

const ofService = (report: ServiceReport): Block[] => {
  const { service, undo, from, revision, beforeTask, failures, events, warnings = [], logs, consoleUrl } = report;
  const images = [from && `before: ${escaped(from, 400)}`, revision && `revision: ${escaped(revision, 300)}`].filter(Boolean);
  const head = [`*${link(consoleUrl, service)}* ${endOf(report)}`, ...(undo ? [`then ${endOf(undo)}`] : []), ...images].join(' · ');
  const lines = [
    head,
    ...messagesOf(report).map((message) => escaped(message, 600)),
    ...toDo(lastResultOf(report)),
    ...(beforeTask ? [escaped(beforeTaskText(beforeTask), 400)] : []),
    ...verificationTexts(report).map((text) => `• ${escaped(text, 300)}`),
    ...failures.slice(0, 5).map(({ count, description: failure }) => `• ${count} × ${escaped(failure, 150)}`),
    ...events.slice(0, 2).map((event) => `• ECS: ${escaped(event, 150)}`),
    ...warnings.slice(0, 2).map((warning) => `• ${escaped(warning, 100)}`),
  ];
  const [first] = sectionsOf(lines.filter(Boolean));
  return [...(first ? [first] : []), ...(beforeTask ? detailsOf(beforeTask) : []), ...(logs ? lastLines(logs.container, logs.lines) : [])];
};

/** A service that does not get blocks of its own. */
const lineOf = (report: ServiceReport): string => {
  const { service, result, undo, consoleUrl } = report;
  const ends = [result, ...(undo ? [undo.result] : [])].map(({ outcome, reason }) => `${outcome} · ${reason}`).join(', then ');
  return `${link(consoleUrl, service)} ${ends}: ${escaped(lastResultOf(report).message, 120)}`;
};

/**
 * The blocks of the services. If they are too many or too long, as many as fit keep theirs, beginning with the first ones, which
 * need an operator most; the next ones get a line, and the rest is counted.
 */
const ofServices = ({ services, unlisted = 0 }: Pick<Message, 'services' | 'unlisted'>, room: Room): Block[] => {
  const all = services.flatMap(ofService);
  if (unlisted === 0 && fits(all, room)) return all;
  const listed = services.slice(0, listLimit);
  const whole = listed.slice(0, room.blocks).map(ofService);
  const lines = listed.map(lineOf);
  const shown = (most: number, end: number): Block[] => {
    const rest = unlisted + services.length - end;
    const more = andMore(rest, 'service').map((text): Block => ({ type: 'context', elements: [markdown(text)] }));
    return [...whole.slice(0, most).flat(), ...sectionsOf(lines.slice(most, end)), ...more];
  };
  const choices = [
    ...whole.map((_, left) => shown(whole.length - left, lines.length)),
    ...lines.map((_, left) => shown(0, lines.length - left)),
  ];
  return choices.find((blocks) => fits(blocks, room)) ?? [];
};

/** Services that are named at all if not every one has blocks of its own. */
const listLimit = 20;

/** The text alone: what Slack accepts even if it refuses the blocks. */
export const plainSlackMessageOf = (message: Message): Pick<SlackMessage, 'text'> => ({
  text: escaped(`${headlineOf(message)}: ${meaningOf(message)}${message.result.message ? `. ${message.result.message}` : ''}`, 1000),
});

/** Remarks about the release, as many as fit into half of the room. */
const remarks = (message: Message, { blocks, characters }: Room): Block[] => {
  const all = remarksOf(message).map((remark) => `• ${escaped(remark, 300)}`);
  const notBegun = notBegunText(message.services);
  const lines = [...(notBegun ? [`• ${escaped(notBegun, 600)}`] : []), ...all];
  const shown = (most: number): Block[] =>
    sectionsOf([...lines.slice(0, most), ...andMore(lines.length - most, 'remark').map((more) => `• ${more}`)]);
  const half = { blocks, characters: Math.floor(characters / 2) };
  return [10, 5, 2, 0].map(shown).find((one) => fits(one, half)) ?? [];
};

/** The before tasks of stages, a line each, and as many details as fit beside the services. */
const ofBeforeTasks = ({ beforeTasks = [] }: Message, { blocks, characters }: Room): Block[] => {
  const lines = sectionsOf(
    beforeTasks.slice(-listLimit).map(({ stage, beforeTask }) => `• ${escaped(beforeTaskText(beforeTask, stage), 400)}`),
  );
  const details = beforeTasks.flatMap(({ beforeTask }) => detailsOf(beforeTask));
  const most = { blocks: Math.floor(blocks / 2), characters: Math.floor(characters / 2) };
  return [[...lines, ...details], lines].find((shown) => fits(shown, most)) ?? [];
};

/** The message of the result, unless that of a service says it. */
const messageSection = ({ result, services }: Message): Block[] => {
  const isSaid = services.some((service) => lastResultOf(service).reason === result.reason);
  return isSaid || result.message === '' ? [] : [section([escaped(result.message, 1000), ...toDo(result)].join('\n'))];
};

/** Renders a notification within Slack's limits ("Block Kit"): 3,000 characters a section, 10 fields of 2,000, a header of 150. */
export const slackMessageOf = (message: Message): SlackMessage => {
  const {
    result,
    account,
    region,
    trigger,
    commit = '',
    sourceUrl = '',
    approvals = [],
    services,
    unlisted = 0,
    lines = [],
    consoleUrl,
    id,
  } = message;
  const head: Block[] = [
    { type: 'header', text: { type: 'plain_text', text: escaped(`${titleOf(message)}: ${meaningOf(message)}`, 150) } },
    {
      type: 'section',
      fields: [
        ...field('Outcome', `${result.outcome} · ${result.reason}`),
        ...field('Image', message.to),
        ...(message.command && trigger?.kind === 'hand' ? field('By', operatorText(trigger)) : field('Started by', startedBy(trigger))),
        ...field('Ignored', ignoredByHand(message)),
        ...field('Approved', approvals.map(approvalText).join('; ')),
        ...(message.command ? [] : field('Took', durationText(message))),
        ...field('Commit', [commit, sourceUrl].filter(Boolean).join(' of ')),
        ...field('Account', `${account} in ${region}`),
      ],
    },
    ...messageSection(message),
  ];
  const foot: Block[] = [
    ...pasteSections(lines),
    {
      type: 'context',
      elements: [markdown(`${link(consoleUrl, message.command ? 'console' : 'execution')} · ${escaped(id, 300)}`)],
    },
  ];
  const room = roomBeside([...head, ...foot], limits);
  const before = ofBeforeTasks(message, room);
  const about = [...before, ...remarks(message, roomBeside(before, room))];
  const begun = { services: services.filter((service) => !isNotBegun(service)).toSorted(byNeed), unlisted };
  const blocks = [...head, ...about, ...ofServices(begun, roomBeside(about, room)), ...foot];
  return { ...plainSlackMessageOf(message), attachments: [{ color: colours[result.outcome], blocks }] };
};
