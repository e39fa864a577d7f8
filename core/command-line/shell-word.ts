/** As one word of a POSIX shell: quoted, if it needs quotes. */
export const shellWord = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

export const commandLine = (words: readonly string[]): string => words.map(shellWord).join(' ');
