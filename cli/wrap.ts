import width from 'string-width';

/** The text with spaces after it, up to this many columns of a terminal. */
export const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)));

/**
 * Breaks a text at its spaces so that each line has at most that many columns; further lines begin with `indent`. A longer word stays
 * whole, so that a URL or an ARN can be copied.
 */
export const wrap = (text: string, columns: number, indent: string): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/\s*\S+/g) ?? []) {
    if (line.trim() === '' || width(line) + width(word) <= columns) line += word;
    else {
      lines.push(line);
      line = indent + word.trimStart();
    }
  }
  return [...lines, line].join('\n');
};
