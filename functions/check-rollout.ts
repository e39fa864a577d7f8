import { ContainerLogs } from '../aws/container-logs.js';
import { Ledger } from '../aws/ledger.js';
import { Services } from '../aws/service.js';
import { ServiceDeployments } from '../aws/service-deployment.js';
import { StoppedTasks } from '../aws/stopped-tasks.js';
import type { Configuration } from '../core/configuration.js';
import { type Decision, DeploymentInput, unfinished } from '../core/contracts.js';
import { type Evidence, evidenceOf, masked, type StoppedTask } from '../core/evidence.js';
import { secondsUntilNextLook } from '../core/poll-interval.js';
import type { DeploymentRecord, Image } from '../core/records.js';
import { settingsOf } from '../core/service-settings.js';
import { verdictBack, verdictForward } from '../core/verdict.js';
import { variable } from './environment.js';
import { type Eyes, look, type Seen } from './look.js';
import { lambdaHandler, task } from './task.js';

type Deps = Eyes & {
  readonly configuration: Configuration;
  readonly stoppedTasks: Pick<StoppedTasks, 'of'>;
  readonly logs: Pick<ContainerLogs, 'tail'>;
  readonly ledger: Pick<Ledger, 'deployment' | 'update'>;
};

/** Task state `CheckRollout`: one look at ECS, the evidence kept, and a verdict. */
export const checkRollout =
  (deps: Deps) =>
  async ({ service: name, record: recordName, now }: DeploymentInput): Promise<Decision<'wait' | 'update' | 'rollBack' | 'end'>> => {
    const record = await deps.ledger.deployment(recordName);
    const { revision = '', base = '', touched = record.startedAt, back } = record;
    const image = record.image as Image;
    const since = back?.since ?? touched;
    const secondsSoFar = (Date.parse(now) - Date.parse(since)) / 1000;
    const { timeoutSeconds } = settingsOf(deps.configuration, name, image.repository);

    const seen = await look(deps, record);
    const evidence = await gather(deps, record, seen);
    const misses = seen.rollout ? 0 : (record.misses ?? 0) + 1;
    await keep(deps.ledger, recordName, record, { ...seen, evidence, misses });

    const isOverdue = secondsSoFar >= timeoutSeconds;
    const view = { ...seen, misses, evidence, isOverdue, revision, base, digests: [image.digest, ...image.members] };
    const verdict = back ? verdictBack(view, back) : verdictForward(view);
    return { waitSeconds: secondsUntilNextLook(secondsSoFar), ending: unfinished, ...verdict };
  };

/** Failed tasks vanish after an hour, so what they say is kept at every look. The way back adds nothing to it. */
const gather = async (deps: Deps, record: DeploymentRecord, { service, rollout }: Seen): Promise<Evidence> => {
  const before: Evidence = record.evidence ?? { failedTasks: 0, cause: '', groups: [] };
  if (record.back) return before;
  const { newest, ...seen } = evidenceOf(await deps.stoppedTasks.of(record.service, record.revision ?? ''));
  const alarms = rollout?.triggeredAlarms ?? [];
  const isMore = seen.failedTasks > before.failedTasks;
  if (!isMore && alarms.length === (before.alarms?.length ?? 0)) return before;
  const logs = isMore && newest && (await lastLines(deps, record, newest));
  return {
    ...(isMore ? seen : before),
    ...(logs && { logs }),
    events: (service?.events ?? []).slice(0, 3).map((event) => event.slice(0, 300)),
    ...(alarms.length > 0 && { alarms }),
  };
};

/** Evidence helps people; that it cannot be read says nothing of the rollout. */
const lastLines = async (
  { logs }: Deps,
  { logs: places = [] }: DeploymentRecord,
  { id, containers }: StoppedTask,
): Promise<Evidence['logs']> => {
  const failed = containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0) ?? containers[0];
  const place = places.find(({ container }) => container === failed?.name) ?? places[0];
  if (!place) return { container: failed?.name ?? '', lines: ['(not read: its log driver is not awslogs with a stream prefix)'] };
  const lines = await logs.tail(place, id, 20).catch((error: unknown) => [`(could not be read: ${(error as Error).name})`]);
  return { container: place.container, lines: lines.map((line) => masked(line.slice(0, 500)).slice(0, 300)) };
};

const keep = async (
  ledger: Deps['ledger'],
  recordName: string,
  record: DeploymentRecord,
  { rollout, evidence, misses }: Seen & { evidence: Evidence; misses: number },
): Promise<void> => {
  const isBack = record.back?.by === 'update';
  const known = isBack ? record.back?.serviceDeployment : record.serviceDeployment;
  const changes: Partial<DeploymentRecord> = {
    ...(evidence !== record.evidence && evidence.failedTasks + (evidence.alarms?.length ?? 0) > 0 && { evidence }),
    ...(misses !== (record.misses ?? 0) && { misses }),
    ...(rollout &&
      rollout.arn !== known &&
      (isBack && record.back ? { back: { ...record.back, serviceDeployment: rollout.arn } } : { serviceDeployment: rollout.arn })),
  };
  if (Object.keys(changes).length > 0) await ledger.update(recordName, changes);
};

export const step = task('CheckRollout', DeploymentInput, (environment) => {
  const { clients, configuration } = environment;
  return checkRollout({
    configuration,
    services: new Services(clients),
    rollouts: new ServiceDeployments(clients),
    stoppedTasks: new StoppedTasks(clients),
    logs: new ContainerLogs(clients),
    ledger: new Ledger(clients, variable(environment, 'TABLE_NAME')),
  });
});
export const handler = lambdaHandler(step);
