/** The ARN of an execution of Step Functions, in any partition. */
export const executionArn = /^arn:[^:]+:states:[^:]+:\d{12}:execution:[^:]+:[^:]+$/;

/** `arn:…:execution:machine:name` → `name` */
export const nameOf = (execution: string): string => execution.split(':').at(-1) ?? '';

/** Only what a name of an execution may have. */
export const slug = (text: string): string => text.replace(/[^0-9A-Za-z]+/g, '-');

/** FNV-1a of 32 bits; not a secret, only the same for the same text and another for another. */
const fnv = (text: string, basis: number): string => {
  let hash = basis;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
};

/**
 * A name for an execution that is the same whenever it is started for the same thing, so that two who start it start one:
 * words for people, and a hash of all that tells it apart. At most 80 characters, none of those that Step Functions refuses.
 */
export const executionName = (words: readonly string[], identity: readonly string[]): string => {
  const text = identity.join(' ');
  return `${slug(words.join('-')).slice(0, 60)}-${fnv(text, 0x811c9dc5)}${fnv(`${text} `, 0x9dc5811c)}`;
};
