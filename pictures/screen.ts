import { spawn } from '@lydell/node-pty';
import xterm, { type IBufferCell, type Terminal } from '@xterm/headless';

/** A stretch of a line in one look. `color` is an ANSI colour, 0 to 15; absent for the terminal's own. */
export type Span = { readonly text: string; readonly color?: number; readonly isBold: boolean; readonly isDim: boolean };

/** What a pseudo-terminal shows. */
export type Shown = { readonly command: string; readonly lines: readonly (readonly Span[])[] };

type Run = { readonly columns: number; readonly env: Readonly<Record<string, string>> };

/** Runs `slipway` on a pseudo-terminal until it ends, and reads its screen. */
export const screenOf = async (args: readonly string[], { columns, env }: Run): Promise<Shown> => {
  const screen = new xterm.Terminal({ cols: columns, rows: 50, scrollback: 1000, allowProposedApi: true });
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows: 50,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', AWS_EC2_METADATA_DISABLED: 'true', ...env },
  });
  child.onData((text) => screen.write(text));
  await new Promise<void>((resolve) => child.onExit(() => resolve()));
  await new Promise<void>((resolve) => screen.write('', resolve));
  const { active } = screen.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => spansOf(screen, row));
  return { command: ['slipway', ...args].join(' '), lines: lines.slice(0, lines.findLastIndex((line) => line.length > 0) + 1) };
};

const spansOf = (screen: Terminal, row: number): Span[] => {
  const line = screen.buffer.active.getLine(row);
  const length = line?.translateToString(true).length ?? 0;
  const spans: Span[] = [];
  for (let column = 0; column < length; column++) {
    const cell = line?.getCell(column);
    // A wide character has an empty cell after it.
    if (!cell || cell.getWidth() === 0) continue;
    const span = spanOf(cell);
    const before = spans.at(-1);
    if (before && sameLook(before, span)) spans.splice(-1, 1, { ...before, text: before.text + span.text });
    else spans.push(span);
  }
  return spans;
};

const spanOf = (cell: IBufferCell): Span => ({
  text: cell.getChars() || ' ',
  ...(cell.isFgPalette() && { color: cell.getFgColor() }),
  isBold: cell.isBold() !== 0,
  isDim: cell.isDim() !== 0,
});

const sameLook = (one: Span, other: Span): boolean => one.color === other.color && one.isBold === other.isBold && one.isDim === other.isDim;
