import { spawn } from '@lydell/node-pty';
import xterm, { type IBufferCell, type Terminal } from '@xterm/headless';
import { documentOf, escaped } from './html.js';

/** The 16 colours of a dark terminal, as its theme has them. */
const palette =
  '#3b4252 #ff7b72 #7ee787 #f2cc60 #79c0ff #d2a8ff #56d4dd #d0d7de #7d8590 #ffa198 #a5f0b1 #f8e3a1 #a5d6ff #e2c5ff #9be9ef #ffffff'.split(
    ' ',
  );

const styleOf = (cell: IBufferCell): string =>
  [
    cell.isFgPalette() ? `color:${palette[cell.getFgColor()] ?? 'inherit'}` : '',
    cell.isFgRGB() ? `color:#${cell.getFgColor().toString(16).padStart(6, '0')}` : '',
    cell.isBold() ? 'font-weight:700' : '',
    cell.isDim() ? 'opacity:.65' : '',
    cell.isUnderline() ? 'text-decoration:underline' : '',
  ]
    .filter(Boolean)
    .join(';');

/** Runs the command on a terminal of so many columns, and answers what it wrote when it ends. */
export const outputOf = (args: readonly string[], env: Readonly<Record<string, string>>, columns: number): Promise<string> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...args], {
      name: 'xterm-256color',
      cols: columns,
      rows: 60,
      env: { PATH: process.env.PATH ?? '', HOME: '/nowhere', TERM: 'xterm-256color', ...env },
    });
    let output = '';
    child.onData((text) => {
      output += text;
    });
    child.onExit(() => resolve(output));
  });

/** What a terminal of so many columns shows of an output with its escape codes, as a document. */
export const terminalPicture = async (command: string, output: string, columns: number): Promise<string> => {
  const screen = new xterm.Terminal({ cols: columns, rows: 60, scrollback: 0, allowProposedApi: true });
  await new Promise<void>((resolve) => screen.write(output, resolve));
  const lines = Array.from({ length: screen.buffer.active.length }, (_, row) => lineOf(screen, row, columns));
  const text = lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1).join('\n');
  return documentOf(
    `.picture{padding:16px 20px;background:#0d1117;color:#d0d7de}
     pre{margin:0;font:14px/20px "DejaVu Sans Mono",monospace;white-space:pre}`,
    `<pre><span style="color:#7d8590">$</span> ${escaped(command)}\n${text}</pre>`,
  );
};

const lineOf = (screen: Terminal, row: number, columns: number): string => {
  const line = screen.buffer.active.getLine(row);
  let html = '';
  let style = '';
  let run = '';
  const end = (): void => {
    html += style ? `<span style="${style}">${escaped(run)}</span>` : escaped(run);
    run = '';
  };
  for (let column = 0; column < columns; column++) {
    const cell = line?.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    const next = styleOf(cell);
    if (next !== style) end();
    style = next;
    run += cell.getChars() || ' ';
  }
  end();
  return html.trimEnd();
};
