import type { Account } from '../account.js';
import { revisionLaunchView } from './launch-view.js';
import type { HookRun, Service, ServiceDeployment, ServiceRevision } from './records.js';
import { revisionCounts } from './service-view.js';

const percentOf = (count: number, percent: number): number => Math.ceil((count * percent) / 100);

/** How many failed tasks trip the circuit breaker, at the latest desired count. */
export const breakerThreshold = ({ configuration, desiredCount }: Pick<Service, 'configuration' | 'desiredCount'>): number => {
  const { type, value } = configuration.deploymentCircuitBreaker?.thresholdConfiguration ?? { type: 'BOUNDED_PERCENT', value: 50 };
  if (type === 'COUNT') return value;
  if (type === 'UNBOUNDED_PERCENT') return Math.max(1, percentOf(desiredCount, value));
  return Math.min(200, Math.max(3, percentOf(desiredCount, value)));
};

const summary = (revision: ServiceRevision): object => ({ arn: revision.arn, ...revisionCounts(revision) });

const hookView = (record: ServiceDeployment, { id, status, expiresAt, timeoutAction }: HookRun): object => ({
  hookId: id,
  targetType: 'PAUSE',
  // A rollout that was stopped or replaced during its pause awaits nothing any more.
  status: status === 'AWAITING_ACTION' && record.status !== 'IN_PROGRESS' ? 'FAILED' : status,
  expiresAt,
  timeoutAction,
});

const times = ['startedAt', 'finishedAt', 'stoppedAt'] as const;

/** A service deployment as DescribeServiceDeployments shows it. */
export const serviceDeploymentView = (record: ServiceDeployment): object => ({
  serviceDeploymentArn: record.arn,
  serviceArn: record.service.arn,
  clusterArn: record.service.cluster.arn,
  createdAt: record.createdAt,
  ...Object.fromEntries(times.flatMap((name) => (record[name] ? [[name, record[name]]] : []))),
  updatedAt: record.updatedAt,
  sourceServiceRevisions: record.sources.map(summary),
  targetServiceRevision: summary(record.target),
  status: record.status,
  ...(record.statusReason && { statusReason: record.statusReason }),
  deploymentConfiguration: record.service.configuration,
  ...(record.lifecycleStage !== undefined && record.status === 'IN_PROGRESS' && { lifecycleStage: record.lifecycleStage }),
  ...(record.hooks.length > 0 && { lifecycleHookDetails: record.hooks.map((run) => hookView(record, run)) }),
  ...(record.rollback && { rollback: record.rollback }),
  deploymentCircuitBreaker: { ...record.circuitBreaker, threshold: breakerThreshold(record.service) },
  alarms: { ...record.alarms, triggeredAlarmNames: [...record.alarms.triggeredAlarmNames] },
});

/** A service revision as DescribeServiceRevisions shows it. */
export const serviceRevisionView = (revision: ServiceRevision, { assumptions }: Account): object => ({
  serviceRevisionArn: revision.arn,
  serviceArn: revision.service.arn,
  clusterArn: revision.service.cluster.arn,
  taskDefinition: revision.taskDefinition.arn,
  ...revisionLaunchView(revision),
  ...(revision.settings.loadBalancers?.length && { loadBalancers: revision.settings.loadBalancers }),
  ...(revision.settings.serviceRegistries?.length && { serviceRegistries: revision.settings.serviceRegistries }),
  containerImages: revision.taskDefinition.document.containerDefinitions.map(({ name, image }) => {
    const resolved = revision.images.get(name);
    const isByDigest = image.includes('@');
    const isShown = resolved !== undefined && !(isByDigest && assumptions.resolvedDigest === 'absent');
    return {
      containerName: name,
      image,
      ...(isShown && { imageDigest: isByDigest && assumptions.resolvedDigest === 'platform' ? resolved.platform : resolved.digest }),
    };
  }),
  guardDutyEnabled: false,
  createdAt: revision.createdAt,
});
