/**
 * As one word of a POSIX shell: quoted, if it needs quotes. A word that begins with `=` does: zsh expands it to the path of a command
 * (zsh manual, "Filename Expansion").
 */
export const shellWord = (word: string): string =>
  /^[\w./:@%+,-][\w./:@%+=,-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

export const commandLine = (words: readonly string[]): string => words.map(shellWord).join(' ');
