import { createHash } from 'node:crypto';

/** The ARN of an execution of Step Functions, in any partition. */
export const executionArn = /^arn:[^:]+:states:[^:]+:\d{12}:execution:[^:]+:[^:]+$/;

/** `arn:…:execution:machine:name` → `name` */
export const nameOf = (execution: string): string => execution.split(':').at(-1) ?? '';

/** `slipway-<stage>`, which the names of the stack's machines and functions begin with. `execution` is an ARN of one of the machines. */
export const stackOf = (execution: string): string => (execution.split(':').at(-2) ?? '').replace(/-(deployment|release)$/, '');

/** Which of the stack's two machines an execution, by its ARN, is of. */
export const machineOf = (execution: string): 'deployment' | 'release' =>
  execution.split(':').at(-2)?.endsWith('-release') ? 'release' : 'deployment';

/** Replaces all characters but letters and digits by hyphens. */
export const slug = (text: string): string => text.replace(/[^0-9A-Za-z]+/g, '-');

/**
 * A name for an execution that is equal for equal identities, so that two callers start one execution: readable words, and a hash
 * of the identity. At most 80 characters, only those that Step Functions accepts (Step Functions API, StartExecution).
 */
export const executionName = (words: readonly string[], identity: readonly string[]): string => {
  const hash = createHash('sha256').update(identity.join(' ')).digest('hex').slice(0, 16);
  return `${slug(words.join('-')).slice(0, 60)}-${hash}`;
};
