import type { ContextBlock, DividerBlock, HeaderBlock, MrkdwnElement, PlainTextElement, SectionBlock } from '@slack/types';
import type { Outcome, Result } from '../result/result.js';
import { nextStep } from '../result/runbook.js';
import { duration, type Message, meaningOf, type ServiceReport, startedBy, titleOf } from './message.js';

type Text = PlainTextElement | MrkdwnElement;
type Block = HeaderBlock | SectionBlock | ContextBlock | DividerBlock;

/** The body of an incoming webhook: blocks, and plain text for notifications and clients without blocks. */
export type SlackMessage = {
  readonly text: string;
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly Block[] }[];
};

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

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Escapes text so that nothing from outside links or mentions (Slack docs, "Escaping text"). The limit counts the escaped text:
 * Slack refuses a message that is too long.
 */
const escaped = (text: string, limit: number): string => {
  let shown = '';
  for (const character of text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')) {
    const next = escapes[character] ?? character;
    if (shown.length + next.length >= limit) return `${shown}…`;
    shown += next;
  }
  return shown;
};

// Verbatim: Slack does not turn text that looks like a link or a mention into one.
const markdown = (text: string): Text => ({ type: 'mrkdwn', text, verbatim: true });

const field = (label: string, value: string): Text[] => (value === '' ? [] : [markdown(`*${label}*\n${escaped(value, 400)}`)]);

/** A code block with the last lines that fit; backticks are replaced, so that no line closes it. */
const code = (lines: readonly string[]): string => {
  const shown = lines.map((text) => escaped(text.replaceAll('`', "'"), 200)).slice(-20);
  while (shown.join('\n').length > 2500) shown.shift();
  return `\`\`\`${shown.join('\n')}\`\`\``;
};

const toDo = (result: Result): string[] => (nextStep(result) ? [`*To do* ${escaped(nextStep(result), 300)}`] : []);

const ofService = (report: ServiceReport): Block[] => {
  const { service, result, from, durationSeconds, failures, events, warnings = [], logs, consoleUrl } = report;
  const head = `*<${consoleUrl}|${escaped(service, 200)}>* ${result.outcome} · ${result.reason} · ${duration(durationSeconds)}${from ? ` · before: ${escaped(from, 150)}` : ''}`;
  const lines = [
    head,
    escaped(result.message, 600),
    ...toDo(result),
    ...failures.slice(0, 5).map(({ count, description: failure }) => `• ${count} × ${escaped(failure, 150)}`),
    ...events.slice(0, 2).map((event) => `• ECS: ${escaped(event, 150)}`),
    ...warnings.slice(0, 2).map((warning) => `• ${escaped(warning, 100)}`),
  ];
  return [
    { type: 'section', text: markdown(lines.filter(Boolean).join('\n')) },
    ...(logs && logs.lines.length > 0
      ? [{ type: 'section' as const, text: markdown(`Last lines of ${escaped(logs.container, 100)}:\n${code(logs.lines)}`) }]
      : []),
  ];
};

/** Slack accepts 50 blocks a message; each service has at most two. */
const serviceLimit = 20;

/** Renders a notification within Slack's limits ("Block Kit"): 50 blocks, 3,000 characters a section, 10 fields of 2,000, a header of 150. */
export const slackMessageOf = (message: Message): SlackMessage => {
  const { result, account, region, trigger, commit = '', sourceUrl = '', durationSeconds, services, consoleUrl, id } = message;
  const title = `${titleOf(message)}: ${meaningOf(message)}`;
  const rest = services.length - serviceLimit;
  return {
    text: escaped(`${message.command ? '' : `${result.outcome}: `}${title}${result.message ? `. ${result.message}` : ''}`, 1000),
    attachments: [
      {
        color: colours[result.outcome],
        blocks: [
          { type: 'header', text: { type: 'plain_text', text: escaped(title, 150) } },
          {
            type: 'section',
            fields: [
              ...field('Outcome', `${result.outcome} · ${result.reason}`),
              ...field('Image', [message.repository, message.to].filter(Boolean).join(' ')),
              ...field('Started by', startedBy(trigger)),
              ...(message.command ? [] : field('Took', duration(durationSeconds))),
              ...field('Commit', [commit, sourceUrl].filter(Boolean).join(' of ')),
              ...field('Account', `${account} in ${region}`),
            ],
          },
          ...(services.length === 0 && result.message
            ? [{ type: 'section' as const, text: markdown([escaped(result.message, 1000), ...toDo(result)].join('\n')) }]
            : []),
          ...services.slice(0, serviceLimit).flatMap(ofService),
          ...(rest > 0 ? [{ type: 'context' as const, elements: [markdown(`and ${rest} more services`)] }] : []),
          { type: 'context', elements: [markdown(`<${consoleUrl}|${message.command ? 'console' : 'execution'}> · ${escaped(id, 300)}`)] },
        ],
      },
    ],
  };
};
