import type { Permission } from '../operation.js';
import type { EcsState } from './state.js';

/** `…:service/production/web` of the ARN of a service deployment or a service revision. */
const serviceArnOf = (state: EcsState, arn: string): string => {
  const { service } = state.serviceDeployments.get(arn) ?? state.serviceRevisions.get(arn) ?? {};
  return service?.arn ?? arn.replace(/service-(?:deployment|revision)\/(.*)\/[^/]*$/, 'service/$1');
};

/**
 * These actions require two resource types: the service's, and the one that the request names (service authorization reference,
 * DescribeServiceDeployments, DescribeServiceRevisions, StopServiceDeployment, ContinueServiceDeployment; November 2026).
 */
export const onServiceAnd = (state: EcsState, action: string, arns: readonly string[]): Permission[] =>
  [...new Set(arns.flatMap((arn) => [serviceArnOf(state, arn), arn]))].map((resource) => ({ action, resource }));
