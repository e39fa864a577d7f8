import type { Permission } from '../operation.js';

/** `…:service/production/web` of the ARN of a service deployment or a service revision: what the request names decides. */
const serviceArnOf = (arn: string): string => arn.replace(/service-(?:deployment|revision)\/(.*)\/[^/]*$/, 'service/$1');

/**
 * These actions require two resource types: the service's, and the one that the request names (service authorization reference,
 * DescribeServiceDeployments, DescribeServiceRevisions, StopServiceDeployment, ContinueServiceDeployment; November 2026).
 */
export const onServiceAnd = (action: string, arns: readonly string[]): Permission[] =>
  [...new Set(arns.flatMap((arn) => [serviceArnOf(arn), arn]))].map((resource) => ({ action, resource }));
