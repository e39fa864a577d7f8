import columnsOf from 'string-width';
import type { Screen } from '../terminal.js';

const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '');
const eraseBelow = '\r\u001b[J';

/** Lines at the end of a terminal that are drawn again in place, also after its window was resized. */
export class LiveView {
  readonly #screen: Screen;
  #drawn: readonly string[] = [];

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  get width(): number {
    return this.#screen.columns || 80;
  }

  /** Replaces what was drawn. Of more lines than the terminal has rows the last ones are shown: above its top nothing can be drawn again. */
  draw(lines: readonly string[]): void {
    const room = (this.#screen.rows || 24) - 1;
    let start = lines.length;
    let used = 0;
    while (start > 0 && used + this.#rowsOf(lines[start - 1] ?? '') <= room) used += this.#rowsOf(lines[--start] ?? '');
    this.#replace(lines.slice(start));
  }

  /** Writes lines that stay, above what is drawn next. */
  leave(lines: readonly string[]): void {
    this.#replace(lines);
    this.#drawn = [];
  }

  #replace(lines: readonly string[]): void {
    const before = this.#drawn.reduce((rows, line) => rows + this.#rowsOf(line), 0);
    this.#screen.write(`${up(before)}${eraseBelow}${lines.map((line) => `${line}\n`).join('')}`);
    this.#drawn = lines;
  }

  /** Rows that a line takes; a terminal wraps what is drawn anew when it becomes narrower. */
  #rowsOf(line: string): number {
    return Math.max(1, Math.ceil(columnsOf(line) / this.width));
  }
}
