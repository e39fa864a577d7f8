import * as v from 'valibot';
import type { StoppedTask } from '../rollout/stopped-task.js';

/** What an event of ECS says about a service, `cluster/service`. */
export type EcsEvent = { readonly service: string; readonly time: string } & (
  | { readonly kind: 'taskStopped'; readonly task: StoppedTask }
  /** The deployment with this ID (`ecs-svc/…`) has begun, ended or failed. */
  | { readonly kind: 'deployment'; readonly deploymentId: string; readonly hasBegun: boolean }
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

const common = { source: v.literal('aws.ecs'), time: v.pipe(v.string(), v.isoTimestamp()) };
const ofService = { ...common, resources: v.tuple([service]) };

const Task = v.object({
  ...common,
  'detail-type': v.literal('ECS Task State Change'),
  detail: v.object({
    taskArn: after(/\/([^/]+)$/),
    clusterArn: after(/:cluster\/([^/]+)$/),
    group: after(/^service:(.+)$/),
    taskDefinitionArn: text,
    desiredStatus: v.literal('STOPPED'),
    lastStatus: v.picklist(['DEPROVISIONING', 'STOPPED']),
    stopCode: optionalText,
    stoppedReason: optionalText,
    stoppedAt: v.optional(v.string()),
    executionStoppedAt: v.optional(v.string()),
    containers: v.optional(
      v.array(v.object({ name: v.string(), exitCode: v.exactOptional(v.number()), reason: v.exactOptional(v.string()) })),
      [],
    ),
  }),
});

const Deployment = v.object({
  ...ofService,
  'detail-type': v.literal('ECS Deployment State Change'),
  detail: v.object({ eventName: text, deploymentId: text }),
});

const Other = v.object({ ...ofService, 'detail-type': v.picklist(['ECS Service Action', 'ECS Hook State Change']) });

const Event = v.variant('detail-type', [Task, Deployment, Other]);

/**
 * Parses an event that a rule of the stack passes to `handleEcsEvent`; undefined for any other one. Fields that ECS adds are ignored.
 * Task events carry no health status (ECS Developer Guide, "Amazon ECS task state change events").
 */
export const parseEcsEvent = (input: unknown): EcsEvent | undefined => {
  const result = v.safeParse(Event, input);
  if (!result.success) return undefined;
  const { output } = result;
  if (output['detail-type'] === 'ECS Task State Change') {
    const { taskArn: id, clusterArn: cluster, group, taskDefinitionArn, stopCode, stoppedReason, containers, ...ended } = output.detail;
    const stoppedAt = new Date(ended.executionStoppedAt ?? ended.stoppedAt ?? output.time).toISOString();
    const task = { id, taskDefinition: taskDefinitionArn, stopCode, stoppedReason, stoppedAt, containers };
    return { kind: 'taskStopped', service: `${cluster}/${group}`, time: output.time, task };
  }
  const about = { service: output.resources[0], time: output.time };
  if (output['detail-type'] !== 'ECS Deployment State Change') return { kind: 'other', ...about };
  const { eventName, deploymentId } = output.detail;
  return { kind: 'deployment', ...about, deploymentId, hasBegun: eventName === 'SERVICE_DEPLOYMENT_IN_PROGRESS' };
};
