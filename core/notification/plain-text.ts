/** On one line; control characters from outside could break a subject or a terminal. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();

/** A line of a mail; none without a value. */
export const line = (label: string, value: string): string[] => (value === '' ? [] : [`${label.padEnd(10)}${plain(value)}`]);

/** Is it one line that is shown as it is? What is shown otherwise must not be pasted. */
export const isPasteable = (line: string): boolean => plain(line) === line;
