import type { RuleSpec } from './api.js';

export type Target = RuleSpec['targets'][number];

type Kind = 'states' | 'lambda' | 'sqs' | 'sns';

/** A target's service, by its ARN; undefined for targets that are not emulated. */
export const targetKind = (arn: string): Kind | undefined => {
  const [, , service, , , type] = arn.split(':');
  if (service === 'states' && type === 'stateMachine') return 'states';
  if (service === 'lambda' && type === 'function') return 'lambda';
  return service === 'sqs' || service === 'sns' ? service : undefined;
};
