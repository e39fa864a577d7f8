import { moment } from '../result/moment.js';
import {
  type Block,
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
} from './slack-blocks.js';
import type { WaitingMessage } from './waiting-message.js';
import {
  afterwards,
  differenceText,
  findingText,
  headingOf,
  imagesOf,
  namesOfOperator,
  plannedTaskTexts,
  waitingTitleOf,
} from './waiting-text.js';
import { andMore, ignoredByHand, startedBy } from './wording.js';

const colour = '#1264a3';

/** A time that Slack shows in each reader's own zone (Slack docs, "Formatting text for app surfaces", dates). */
const date = (time: string): string => `<!date^${Math.floor(Date.parse(time) / 1000)}^{date_short_pretty} at {time}|${moment(time)}>`;

/** The lines of a service with so many of its differences. */
const ofService = (change: WaitingMessage['services'][number], most: number): string[] => {
  const { service, differences, more, consoleUrl } = change;
  const rest = more + Math.max(0, differences.length - most);
  return [
    `*${link(consoleUrl, service)}* ${escaped(imagesOf(change), 800)}`,
    ...differences.slice(0, most).map((difference) => `• ${escaped(differenceText(difference), 300)}`),
    ...andMore(rest, 'difference').map((more) => `• ${more}`),
  ];
};

/** The before tasks, the findings, and the services with all that fits: so many of their differences, else their images, else their names. */
const details = (message: WaitingMessage, room: Room): Block[] => {
  const { findings, services, unlisted = 0 } = message;
  const found = [
    ...plannedTaskTexts(message).map((text) => `• ${escaped(text, 300)}`),
    ...findings.slice(0, findingLimit).map((finding) => `• ${escaped(findingText(finding), 150)}`),
    ...andMore(findings.length - findingLimit, 'finding').map((more) => `• ${more}`),
  ];
  const whole = (most: number): string[] => [...services.flatMap((service) => ofService(service, most)), ...andMore(unlisted, 'service')];
  const names = (most: number): string[] => {
    const shown = services.slice(0, most).map(({ service }, index) => escaped(service, 200) + (index + 1 < services.length ? ',' : ''));
    const lines = shown.map((_, index) => (index % 10 === 0 ? shown.slice(index, index + 10).join(' ') : ''));
    return [...lines.filter(Boolean), ...andMore(unlisted + services.length - shown.length, 'service')];
  };
  const choices = [whole(5), whole(2), whole(0), ...[200, 100, 50, 20, 10, 0].map(names)];
  return choices.map((lines) => [...sectionsOf(found), ...sectionsOf(lines)]).find((blocks) => fits(blocks, room)) ?? [];
};

const findingLimit = 10;

/** The text alone: what Slack accepts even if it refuses the blocks. */
export const plainSlackWaitingMessageOf = (message: WaitingMessage): Pick<SlackMessage, 'text'> => ({
  text: escaped(`${headingOf(message)} until ${moment(message.waiting.until)}: ${waitingTitleOf(message)}`, 1000),
});

/** Renders the notification of a release that waits within Slack's limits ("Block Kit"). */
export const slackWaitingMessageOf = (message: WaitingMessage): SlackMessage => {
  const { waiting, account, region, trigger, commit = '', sourceUrl = '', passed, asks, consoleUrl, id } = message;
  const head: Block[] = [
    { type: 'header', text: { type: 'plain_text', text: escaped(`${headingOf(message)}: ${waitingTitleOf(message)}`, 150) } },
    {
      type: 'section',
      fields: [
        markdown(`*Until*\n${date(waiting.until)}`),
        ...field('Image', message.to),
        ...field('Started by', startedBy(trigger)),
        ...field('Commit', [commit, sourceUrl].filter(Boolean).join(' of ')),
        ...field('Ignored', ignoredByHand(message)),
        ...field('Passed', passed.join(', ')),
        ...field('Account', `${account} in ${region}`),
      ],
    },
    section(escaped(afterwards(message), 1000)),
  ];
  const foot: Block[] = [
    ...pasteSections(asks.map(({ input, line }) => ({ to: `${input.command} it`, line }))),
    { type: 'context', elements: [markdown(`${escaped(namesOfOperator, 200)} ${link(consoleUrl, 'execution')} · ${escaped(id, 300)}`)] },
  ];
  const room = roomBeside([...head, ...foot], limits);
  return {
    ...plainSlackWaitingMessageOf(message),
    attachments: [{ color: colour, blocks: [...head, ...details(message, room), ...foot] }],
  };
};
