import type { Block, SlackMessage, Text } from '../../../core/notification/slack-blocks.js';
import { documentOf } from './html.js';

// Slack's markup is escaped already (`&lt;`): what is left of `<` begins a link, which becomes an element.
const markup = ({ type, text }: Text): string =>
  type === 'plain_text'
    ? text
    : text
        .replace(/```([^`]*)```/g, (_, code: string) => `<pre>${code}</pre>`)
        .replace(/<(https:[^|>]*)\|([^>]*)>/g, '<a>$2</a>')
        .replace(/`([^`\n]+)`/g, '<code>$1</code>')
        .replace(/\*([^*\n]+)\*/g, '<b>$1</b>')
        .replace(/\n(?![^<]*<\/pre>)/g, '<br>');

const blockHtml = (block: Block): string => {
  switch (block.type) {
    case 'header':
      return `<h1>${block.text.text}</h1>`;
    case 'divider':
      return '<hr>';
    case 'context':
      return `<p class="context">${block.elements.map((element) => ('text' in element ? markup(element as Text) : '')).join(' ')}</p>`;
    case 'section':
      return `${block.text ? `<p>${markup(block.text)}</p>` : ''}${
        block.fields ? `<div class="fields">${block.fields.map((text) => `<p>${markup(text)}</p>`).join('')}</div>` : ''
      }`;
  }
};

/** About what Slack shows of a message, as a document. */
export const slackPicture = ({ text, attachments }: SlackMessage, dark: boolean): string => {
  const [background, ink, quiet, code, border, blue] = dark
    ? ['#1a1d21', '#d1d2d3', '#9a9b9e', '#232529', '#3a3d42', '#4aa3df']
    : ['#fff', '#1d1c1d', '#616061', '#f7f7f8', '#ddd', '#1264a3'];
  return documentOf(
    `.picture{box-sizing:border-box;width:720px;padding:16px 20px;background:${background};color:${ink};font:15px/22px "DejaVu Sans",sans-serif}
     h1{margin:0 0 6px;font-size:18px;line-height:24px} p{margin:0 0 8px} b{font-weight:700} a{color:${blue}}
     pre,code{border:1px solid ${border};border-radius:4px;background:${code};font:12px/17px "DejaVu Sans Mono",monospace}
     pre{margin:4px 0;padding:8px;white-space:pre-wrap;overflow-wrap:anywhere} code{padding:1px 3px}
     hr{border:0;border-top:1px solid ${border}} .context{color:${quiet};font-size:12px;line-height:18px}
     .fields{display:grid;grid-template-columns:1fr 1fr;column-gap:16px} .who{margin-bottom:4px}
     .attachment{padding-left:12px;border-left:4px solid}`,
    `<p class="who"><b>Slipway</b></p>${attachments.length === 0 ? `<p>${text}</p>` : ''}${attachments
      .map(({ color, blocks }) => `<div class="attachment" style="border-color:${color}">${blocks.map(blockHtml).join('')}</div>`)
      .join('')}`,
  );
};
