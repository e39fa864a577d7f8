import type { ContextBlock, DividerBlock, HeaderBlock, MrkdwnElement, PlainTextElement, SectionBlock } from '@slack/types';
import { charactersOf } from './cut.js';
import { isPasteable } from './plain-text.js';
import type { ToPaste } from './to-paste.js';

export type Text = PlainTextElement | MrkdwnElement;
export type Block = HeaderBlock | SectionBlock | ContextBlock | DividerBlock;

/** The body of an incoming webhook: blocks, and plain text for notifications and clients without blocks. */
export type SlackMessage = {
  readonly text: string;
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly Block[] }[];
};

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Escapes text so that nothing from outside links or mentions (Slack docs, "Escaping text"). It is cut between grapheme clusters; the
 * limit counts the escaped text: Slack refuses a message that is too long.
 */
export const escaped = (text: string, limit: number): string => {
  let shown = '';
  for (const character of charactersOf(text.replace(/[\p{Cc}\p{Cf}\p{Surrogate}]+/gu, ' '))) {
    const next = character.replace(/[&<>]/g, (one) => escapes[one] ?? '');
    if (shown.length + next.length >= limit) return `${shown}…`;
    shown += next;
  }
  return shown;
};

// Verbatim: Slack does not turn text that looks like a link or a mention into one.
export const markdown = (text: string): Text => ({ type: 'mrkdwn', text, verbatim: true });

/** The text alone in a partition whose console has no known address. */
export const link = (url: string, text: string): string => (url === '' ? escaped(text, 200) : `<${url}|${escaped(text, 200)}>`);

export const field = (label: string, value: string): Text[] => (value === '' ? [] : [markdown(`*${label}*\n${escaped(value, 400)}`)]);

/** A code block with the last lines that fit; backticks are replaced, so that no line closes it. */
export const code = (lines: readonly string[]): string => {
  const shown = lines.map((text) => escaped(text.replaceAll('`', "'"), 200)).slice(-20);
  while (shown.join('\n').length > 2500) shown.shift();
  return `\`\`\`${shown.join('\n')}\`\`\``;
};

/** Characters of a section's text ("Block Kit"). */
const sectionLimit = 3000;

export const section = (text: string): SectionBlock => ({ type: 'section', text: markdown(text) });

/** Characters of a line to paste. */
const lineLimit = 500;

/** As a code block of Slack shows it, escapes undone; a backtick could close the block. */
const isShownWhole = (line: string): boolean => isPasteable(line) && !line.includes('`') && line.length <= lineLimit;

/** A code block with lines to paste; one that does not fit is left out rather than cut. */
export const toPaste = (lines: readonly string[]): Block[] => {
  const whole = lines.filter(isShownWhole).slice(0, 2);
  return whole.length > 0 ? [section(`\`\`\`${whole.map((text) => escaped(text, 1400)).join('\n')}\`\`\``)] : [];
};

/** Lines to paste with what each does. */
export const pasteSections = (lines: readonly ToPaste[]): Block[] =>
  sectionsOf(
    lines.filter(({ line }) => isShownWhole(line)).map(({ to, line }) => `*To ${escaped(to, 300)}*\n\`\`\`${escaped(line, 2600)}\`\`\``),
  );

/** Sections with as many lines each as fit. */
export const sectionsOf = (lines: readonly string[]): Block[] => {
  const texts: string[] = [];
  for (const line of lines) {
    const text = `${texts.at(-1) ?? ''}\n${line}`;
    if (texts.length > 0 && text.length <= sectionLimit) texts.splice(-1, 1, text);
    else texts.push(line);
  }
  return texts.map(section);
};

export type Room = { readonly blocks: number; readonly characters: number };

/**
 * Slack refuses a message whose blocks have more than about 13,200 characters in all (slackapi/bolt-js#2509) or, in an attachment, more
 * than 20 blocks (slackapi/bolt-python#914).
 */
export const limits: Room = { blocks: 20, characters: 12_000 };

export const fits = (blocks: readonly Block[], room: Room): boolean =>
  blocks.length <= room.blocks && JSON.stringify(blocks).length <= room.characters;

/** What is left of a room beside blocks. */
export const roomBeside = (used: readonly Block[], { blocks, characters }: Room): Room => ({
  blocks: blocks - used.length,
  characters: characters - JSON.stringify(used).length,
});
