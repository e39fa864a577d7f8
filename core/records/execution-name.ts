import { createHash } from 'node:crypto';

/** The ARN of an execution of Step Functions, in any partition. */
export const executionArn = /^arn:[^:]+:states:[^:]+:\d{12}:execution:[^:]+:[^:]+$/;

/** `arn:…:execution:machine:name` → `name` */
export const nameOf = (execution: string): string => execution.split(':').at(-1) ?? '';

/** Only what a name of an execution may have. */
export const slug = (text: string): string => text.replace(/[^0-9A-Za-z]+/g, '-');

/**
 * A name for an execution that is the same whenever it is started for the same thing, so that two who start it start one:
 * words for people, and a hash of all that tells it apart. At most 80 characters, none of those that Step Functions refuses.
 */
export const executionName = (words: readonly string[], identity: readonly string[]): string => {
  const hash = createHash('sha256').update(identity.join(' ')).digest('hex').slice(0, 16);
  return `${slug(words.join('-')).slice(0, 60)}-${hash}`;
};
