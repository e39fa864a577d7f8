/**
 * A value as one line of JSON. Control characters of a terminal that JSON allows, such as the one-byte control sequence introducer or a mark
 * that turns the direction of text, are escaped: the value stays the same.
 */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
