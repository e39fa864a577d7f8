import type { SlackMessage } from '../../../core/notification/slack-blocks.js';

type Text = { readonly type: string; readonly text: string; readonly verbatim?: boolean };
type Block = { readonly type: string; readonly text?: Text; readonly fields?: readonly Text[]; readonly elements?: readonly Text[] };

export const blocksIn = ({ attachments }: SlackMessage): Block[] => attachments.flatMap(({ blocks }) => blocks as readonly Block[]);

export const textsOf = (blocks: readonly Block[]): Text[] =>
  blocks.flatMap(({ text, fields = [], elements = [] }) => [...(text ? [text] : []), ...fields, ...elements]);

/** Expects what Slack demands of a message: https://docs.slack.dev/reference/block-kit/blocks */
export const expectAccepted = (message: SlackMessage): void => {
  const blocks = blocksIn(message);
  expect(blocks.length).toBeLessThanOrEqual(20);
  expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(12_000);
  expect(JSON.stringify(message)).not.toMatch(/\\ud[89a-f]/);
  for (const { type, text, fields = [], elements = [] } of blocks) {
    if (text) expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3000);
    expect(fields.length).toBeLessThanOrEqual(10);
    for (const field of fields) expect(field.text.length).toBeLessThanOrEqual(2000);
    expect(elements.length).toBeLessThanOrEqual(10);
  }
  for (const { text } of textsOf(blocks)) expect(text).not.toBe('');
  expect(message.text.length).toBeLessThanOrEqual(4000);
};
