import * as v from 'valibot';
import { type StoppedRun, type StoppedTask, taskIdOf } from '../rollout/stopped-task.js';
import { timestamp } from './timestamp.js';

/** What an event of ECS says about a service, `cluster/service`. */
export type EcsEvent = { readonly service: string; readonly time: string } & (
  | { readonly kind: 'taskStopped'; readonly task: StoppedTask }
  /** A before task of the service. */
  | { readonly kind: 'runStopped'; readonly task: StoppedRun }
  /** What became of the deployment with this ID (`ecs-svc/…`). */
  | { readonly kind: 'deployment'; readonly deploymentId: string; readonly change: 'began' | 'completed' | 'failed' }
  /** Tasks could not be placed or started, or a lifecycle hook has another state. */
  | { readonly kind: 'other' }
);

const text = v.pipe(v.string(), v.nonEmpty());
const optionalText = v.optional(v.string(), '');
const after = (pattern: RegExp) =>
  v.pipe(
    v.string(),
    v.regex(pattern),
    v.transform((value) => pattern.exec(value)?.[1] ?? ''),
  );
const service = after(/^arn:[^:]+:ecs:[^:]+:\d{12}:service\/([^/]+\/[^/]+)$/);

/** Names of the events that the rules of the stack pass, and no others (ECS Developer Guide, "Amazon ECS events"). */
export const deploymentEvents = ['SERVICE_DEPLOYMENT_IN_PROGRESS', 'SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED'] as const;
const changes = {
  SERVICE_DEPLOYMENT_IN_PROGRESS: 'began',
  SERVICE_DEPLOYMENT_COMPLETED: 'completed',
  SERVICE_DEPLOYMENT_FAILED: 'failed',
} as const satisfies Record<(typeof deploymentEvents)[number], string>;
export const serviceActions = [
  'SERVICE_TASK_PLACEMENT_FAILURE',
  'SERVICE_TASK_CONFIGURATION_FAILURE',
  'SERVICE_TASK_START_IMPAIRED',
] as const;
export const hookEvents = ['HOOK_AWAITING_ACTION', 'HOOK_SUCCEEDED', 'HOOK_FAILED', 'HOOK_TIMED_OUT'] as const;

const common = { source: v.literal('aws.ecs'), time: timestamp };
const ofService = { ...common, resources: v.tuple([service]) };

const Task = v.object({
  ...common,
  'detail-type': v.literal('ECS Task State Change'),
  detail: v.object({
    taskArn: text,
    clusterArn: after(/:cluster\/([^/]+)$/),
    group: optionalText,
    startedBy: optionalText,
    taskDefinitionArn: text,
    desiredStatus: v.literal('STOPPED'),
    lastStatus: v.picklist(['DEPROVISIONING', 'STOPPED']),
    stopCode: optionalText,
    stoppedReason: optionalText,
    stoppedAt: v.optional(timestamp),
    executionStoppedAt: v.optional(timestamp),
    containers: v.optional(
      v.array(v.object({ name: v.string(), exitCode: v.exactOptional(v.number()), reason: v.exactOptional(v.string()) })),
      [],
    ),
  }),
});

const Deployment = v.object({
  ...ofService,
  'detail-type': v.literal('ECS Deployment State Change'),
  detail: v.object({ eventName: v.picklist(deploymentEvents), deploymentId: text }),
});

const Action = v.object({
  ...ofService,
  'detail-type': v.literal('ECS Service Action'),
  detail: v.object({ eventName: v.picklist(serviceActions) }),
});

/** Its `resources` name the service deployment (ECS Developer Guide, "Amazon ECS service deployment hook state change events"). */
const Hook = v.object({
  ...common,
  'detail-type': v.literal('ECS Hook State Change'),
  detail: v.object({ eventName: v.picklist(hookEvents), serviceArn: service }),
});

const Event = v.variant('detail-type', [Task, Deployment, Action, Hook]);

/** A task of a service is in its group; a before task is in that of its family, and `startedBy` names its service (requestOf). */
const taskEvent = ({ time, detail }: v.InferOutput<typeof Task>): EcsEvent | undefined => {
  const { taskArn, clusterArn: cluster, group, startedBy, taskDefinitionArn, stopCode, stoppedReason, containers, ...ended } = detail;
  const stoppedAt = ended.executionStoppedAt ?? ended.stoppedAt ?? time;
  const task = { id: taskIdOf(taskArn), taskDefinition: taskDefinitionArn, stopCode, stoppedReason, stoppedAt, containers };
  const [, run] = /^slipway-[\w-]+-before\/([^/]+)$/.exec(startedBy) ?? [];
  if (run !== undefined) return { kind: 'runStopped', service: `${cluster}/${run}`, time, task: { ...task, arn: taskArn } };
  const [, service] = /^service:(.+)$/.exec(group) ?? [];
  return service === undefined ? undefined : { kind: 'taskStopped', service: `${cluster}/${service}`, time, task };
};

/**
 * Parses an event that a rule of the stack passes to `handleEcsEvent`; undefined for any other one. Fields that ECS adds are ignored.
 * Task events carry no health status (ECS Developer Guide, "Amazon ECS task state change events").
 */
export const parseEcsEvent = (input: unknown): EcsEvent | undefined => {
  const result = v.safeParse(Event, input);
  if (!result.success) return undefined;
  const { output } = result;
  const { time } = output;
  switch (output['detail-type']) {
    case 'ECS Task State Change':
      return taskEvent(output);
    case 'ECS Deployment State Change': {
      const { eventName, deploymentId } = output.detail;
      return { kind: 'deployment', service: output.resources[0], time, deploymentId, change: changes[eventName] };
    }
    case 'ECS Service Action':
      return { kind: 'other', service: output.resources[0], time };
    case 'ECS Hook State Change':
      return { kind: 'other', service: output.detail.serviceArn, time };
  }
};
