/**
 * Breaks a text at its spaces so that each line has at most `width` columns; further lines begin with `indent`. A longer word stays
 * whole, so that a URL or an ARN can be copied.
 */
export const wrap = (text: string, width: number, indent: string): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/\s*\S+/g) ?? []) {
    if (line.trim() === '' || line.length + word.length <= width) line += word;
    else {
      lines.push(line);
      line = indent + word.trimStart();
    }
  }
  return [...lines, line].join('\n');
};
