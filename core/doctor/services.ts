import type { InstallationAnswer } from '../query/answers.js';
import { RejectedInput } from '../result/rejected-input.js';
import { rejectUndeployable } from '../task-definition/service-plan.js';
import { containersOf } from '../task-definition/task-definition.js';
import { aws, slipway, type Where } from './commands.js';
import type { AlarmFacts, Read, ServiceFacts } from './facts.js';
import { type FindingCode, type Found, found, notChecked } from './finding.js';
import * as messages from './messages.js';

/** How slipway.yml names a service: once for each repository that is deployed to it. */
export type Place = {
  readonly repository: string;
  readonly container?: string;
  /** Of its verification. */
  readonly alarms: readonly string[];
};

/** Every service of the configuration, by `cluster/service`. */
export const placesOf = ({ repositories }: InstallationAnswer): ReadonlyMap<string, readonly Place[]> => {
  const places = new Map<string, Place[]>();
  for (const { repository, stages } of repositories)
    for (const { service, container, alarms } of stages.flatMap((stage) => stage.services))
      places.set(service, [...(places.get(service) ?? []), { repository, alarms, ...(container !== undefined && { container }) }]);
  return places;
};

/** What a check of a deployment rejects, it would reject again: its message says what to do. */
const rejected = (code: FindingCode, service: string, command: string, check: () => unknown): Found[] => {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof RejectedInput)) throw error;
    return [found(code, 'error', service, messages.notDeployable(error.message), { command })];
  }
};

const settingFindings = (where: Where, service: string, facts: ServiceFacts, update: readonly string[]): Found[] => {
  const { definition, hasCircuitBreaker, hasLoadBalancer, gracePeriodSeconds, strategy } = facts;
  const findings: Found[] = [];
  if (!hasCircuitBreaker && strategy === 'ROLLING') {
    const command = aws(where, ...update, '--deployment-configuration', 'deploymentCircuitBreaker={enable=true,rollback=true}');
    findings.push(found('NO_CIRCUIT_BREAKER', 'warning', service, messages.noCircuitBreaker(), { command }));
  }
  const hasHealthCheck = definition?.containerDefinitions?.some((container) => 'healthCheck' in container && container.healthCheck);
  if (definition && !hasHealthCheck && !hasLoadBalancer)
    findings.push(found('NO_HEALTH_CHECK', 'warning', service, messages.noHealthCheck(), { command: slipway(where, 'status', service) }));
  if (hasLoadBalancer && gracePeriodSeconds === 0)
    findings.push(
      found('NO_GRACE_PERIOD', 'warning', service, messages.noGracePeriod(), {
        command: aws(where, ...update, '--health-check-grace-period-seconds', '60'),
      }),
    );
  return findings;
};

const alarmFindings = (
  where: Where,
  service: string,
  names: readonly string[],
  alarms: ReadonlyMap<string, AlarmFacts> | undefined,
): Found[] => {
  if (!alarms) return [];
  return [...new Set(names)].flatMap((name) => {
    const command = aws(where, 'cloudwatch', 'describe-alarms', '--alarm-names', name, '--alarm-types', 'MetricAlarm', 'CompositeAlarm');
    const alarm = alarms.get(name);
    if (!alarm) return [found('SERVICE_ALARM_MISSING', 'error', service, messages.serviceAlarmMissing(name), { command })];
    return alarm.isInAlarm ? [found('SERVICE_ALARM_FIRING', 'warning', service, messages.serviceAlarmFiring(name), { command })] : [];
  });
};

/** One service that slipway.yml names. `registry` is the host of the account's images; `alarms` are absent if they could not be read. */
export const serviceFindings = (
  where: Where,
  service: string,
  places: readonly Place[],
  read: Read<ServiceFacts | undefined>,
  { registry, alarms }: { readonly registry: string; readonly alarms: ReadonlyMap<string, AlarmFacts> | undefined },
): Found[] => {
  if ('unread' in read) return [notChecked(service, read.unread)];
  const [cluster = '', name = ''] = service.split('/');
  const describe = aws(where, 'ecs', 'describe-services', '--cluster', cluster, '--services', name);
  const undeployable = rejected('SERVICE_NOT_DEPLOYABLE', service, describe, () => rejectUndeployable(service, read.value));
  const facts = read.value;
  if (!facts || undeployable.length > 0) return undeployable;
  const { definition } = facts;
  const task = aws(where, 'ecs', 'describe-task-definition', '--task-definition', facts.taskDefinition);
  const containers = definition
    ? places.flatMap(({ repository, container }) =>
        rejected('CONTAINER_MISSING', service, task, () => containersOf(definition, `${registry}/${repository}`, container, service)),
      )
    : [found('SERVICE_NOT_DEPLOYABLE', 'error', service, messages.revisionMissing(facts.taskDefinition), { command: describe })];
  return [
    ...containers,
    ...settingFindings(where, service, facts, ['ecs', 'update-service', '--cluster', cluster, '--service', name]),
    ...alarmFindings(where, service, [...facts.alarms, ...places.flatMap((place) => place.alarms)], alarms),
  ];
};
