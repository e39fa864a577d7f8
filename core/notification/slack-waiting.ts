import {
  type Block,
  escaped,
  field,
  fits,
  limits,
  link,
  markdown,
  type Room,
  roomBeside,
  type SlackMessage,
  section,
  sectionsOf,
} from './slack-blocks.js';
import type { WaitingMessage } from './waiting-message.js';
import {
  afterwards,
  commandLine,
  differenceText,
  findingText,
  headingOf,
  imagesOf,
  namesOfOperator,
  waitingTitleOf,
} from './waiting-text.js';
import { moment, startedBy } from './wording.js';

const colour = '#1264a3';

/** A time that Slack shows in each reader's own zone (Slack docs, "Formatting text for app surfaces", dates). */
const date = (time: string): string => `<!date^${Math.floor(Date.parse(time) / 1000)}^{date_short_pretty} at {time}|${moment(time)}>`;

/** The lines of a service with so many of its differences. */
const ofService = ({ service, from, to, differences, more, consoleUrl }: WaitingMessage['services'][number], most: number): string[] => {
  const rest = more + Math.max(0, differences.length - most);
  return [
    `*${link(consoleUrl, service)}* ${escaped(imagesOf({ from, to }), 800)}`,
    ...differences.slice(0, most).map((difference) => `• ${escaped(differenceText(difference), 300)}`),
    ...(rest > 0 ? [`• and ${rest} more differences`] : []),
  ];
};

/** The findings, and the services with all that fits: their differences, else their images, else as many as there is room for. */
const details = ({ findings, services, unlisted = 0 }: WaitingMessage, room: Room): Block[] => {
  const found = [
    ...findings.slice(0, findingLimit).map((finding) => `• ${escaped(findingText(finding), 150)}`),
    ...(findings.length > findingLimit ? [`• and ${findings.length - findingLimit} more findings`] : []),
  ];
  const shown = (most: number, end: number): Block[] => {
    const rest = unlisted + services.length - end;
    const more = rest > 0 ? [`and ${rest} more services`] : [];
    return [...sectionsOf(found), ...sectionsOf([...services.slice(0, end).flatMap((service) => ofService(service, most)), ...more])];
  };
  const all = services.length;
  const choices = [
    ...[5, 2].map((most) => () => shown(most, all)),
    ...Array.from({ length: all + 1 }, (_, left) => () => shown(0, all - left)),
  ];
  for (const choice of choices) {
    const blocks = choice();
    if (fits(blocks, room)) return blocks;
  }
  return [];
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
        ...field('Passed', passed.join(', ')),
        ...field('Account', `${account} in ${region}`),
      ],
    },
    section(escaped(afterwards(message), 1000)),
  ];
  const foot: Block[] = [
    ...asks.map((ask) => section(`*To ${ask.input.command} it*\n\`\`\`${commandLine(ask, region)}\`\`\``)),
    { type: 'context', elements: [markdown(`${escaped(namesOfOperator, 200)} ${link(consoleUrl, 'execution')} · ${escaped(id, 300)}`)] },
  ];
  const room = roomBeside([...head, ...foot], limits);
  return {
    ...plainSlackWaitingMessageOf(message),
    attachments: [{ color: colour, blocks: [...head, ...details(message, room), ...foot] }],
  };
};
