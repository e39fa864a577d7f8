import type { Caller } from '../caller.js';
import type { PolicyStatement } from './policy-document.js';

/** `states.eu-west-1.amazonaws.com` is the older name of `states.amazonaws.com`; both are accepted everywhere. */
const serviceName = (principal: string, region: string): string => principal.replace(`.${region}.amazonaws.com`, '.amazonaws.com');

/** Whether the principal of a resource policy's or a trust policy's statement matches the caller. */
export const matchesPrincipal = (
  principal: PolicyStatement['Principal'],
  caller: Pick<Caller, 'arn' | 'kind'>,
  { accountId, region, partition }: { accountId: string; region: string; partition: string },
): boolean => {
  if (principal === undefined) return false;
  if (principal === '*') return true;
  const named = (kind: string): readonly string[] => [principal[kind] ?? []].flat();
  if (named('AWS').includes('*')) return true;
  if (caller.kind === 'service') return named('Service').some((name) => serviceName(name, region) === serviceName(caller.arn, region));
  return named('AWS').some((name) => [caller.arn, accountId, `arn:${partition}:iam::${accountId}:root`].includes(name));
};
