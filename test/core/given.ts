import type { Configuration } from '../../core/configuration/configuration.js';
import type {
  BeforeTaskEnd,
  BeforeTaskRun,
  DeploymentRecord,
  Image,
  KnownGood,
  Priority,
  QueueEntry,
  ReleaseRecord,
  ServiceState,
  Source,
} from '../../core/records/records.js';
import { type Outcome, type Reason, type Result, reasonsByOutcome } from '../../core/result/result.js';
import type { Evidence } from '../../core/rollout/evidence.js';
import type { StoppedTask } from '../../core/rollout/stopped-task.js';

export const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
export const digest = `sha256:${'a1b2c3d4'.repeat(8)}`;
export const otherDigest = `sha256:${'0f'.repeat(32)}`;
export const revisionArn = (number: number): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${number}`;
export const execution = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:one';
export const releaseExecution = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-release:push-1';
export const startedAt = '2026-11-23T12:00:00.000Z';
export const later = '2026-11-23T12:05:00.000Z';

export const image: Image = { registry, repository: 'my-learn-app', tag: 'main-7', digest, platformDigests: [] };

export const configuration: Configuration = {
  notifications: { sns: true },
  repositories: {
    'my-learn-app': {
      name: 'my-learn-app',
      tags: ['main-*', 'v*'],
      stages: [
        { name: 'staging', services: [{ service: 'staging/web', cluster: 'staging', name: 'web', timeoutSeconds: 1800 }] },
        {
          name: 'production',
          services: [
            { service: 'production/web', cluster: 'production', name: 'web', container: 'app', timeoutSeconds: 1800 },
            { service: 'production/worker', cluster: 'production', name: 'worker', timeoutSeconds: 600 },
          ],
        },
      ],
    },
  },
};

export const priority = (changes: Partial<Priority> = {}): Priority => ({
  isByHand: true,
  source: 'my-learn-app',
  pushedAt: startedAt,
  digest,
  execution,
  ...changes,
});

type Lease = NonNullable<ServiceState['lease']>;

/** The lease of the execution of the records below. */
export const lease = (changes: Partial<Lease> = {}): Lease => ({
  execution,
  record: 'service#production/web deployment#1',
  since: startedAt,
  priority: priority({ execution: changes.execution ?? execution }),
  ...changes,
});

export const good = (changes: Partial<KnownGood> = {}): KnownGood => ({
  revision: revisionArn(6),
  repository: 'my-learn-app',
  digest: otherDigest,
  tag: 'main-6',
  pushedAt: '2026-11-22T12:00:00.000Z',
  at: '2026-11-22T12:05:00.000Z',
  ...changes,
});

/** The state of a service that knows one source, my-learn-app. */
export const stateOf = (source: Source, changes: ServiceState = {}): ServiceState => ({ sources: { 'my-learn-app': source }, ...changes });

/** A place in the queue, taken when the deployment started. */
export const queueEntry = (changes: Partial<QueueEntry> = {}): QueueEntry => ({
  execution,
  record: 'service#production/web deployment#1',
  since: startedAt,
  priority: priority({ execution: changes.execution ?? execution }),
  ...changes,
});

/** A result with the first reason that its outcome has, unless another is given. */
export const resultWith = (outcome: Outcome, changes: { readonly reason?: Reason; readonly message?: string } = {}): Result => ({
  outcome,
  reason: reasonsByOutcome[outcome][0],
  message: 'x',
  ...changes,
});

export const noEvidence: Evidence = { failedTasks: 0, reason: '', groups: [] };

export const crashes: Evidence = { failedTasks: 3, reason: 'CRASHED', groups: [{ count: 3, description: 'exit 1 in app' }] };

/** Of a container with our image, for a reason that speaks of it. */
export const imageCrashes: Evidence = { ...crashes, hasImageFailed: true };

export const stoppedTask = (changes: Partial<StoppedTask> = {}): StoppedTask => ({
  id: '0123456789abcdef0123456789abcdef',
  taskDefinition: revisionArn(8),
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  stoppedAt: '2026-11-23T12:01:00.000Z',
  containers: [{ name: 'app', exitCode: 1 }],
  ...changes,
});

export const deploymentRecord = (changes: Partial<DeploymentRecord> = {}): DeploymentRecord => ({
  service: 'production/web',
  stage: 'production',
  execution,
  startedAt,
  trigger: { kind: 'hand' },
  image,
  ...changes,
});

export const taskArn = 'arn:aws:ecs:eu-west-1:123456789012:task/production/0123456789abcdef0123456789abcdef';

/** A before task of container app that was requested, and whose answer has not come. */
export const beforeTaskRun = (changes: Partial<BeforeTaskRun> = {}): BeforeTaskRun => ({
  since: startedAt,
  timeoutSeconds: 600,
  container: 'app',
  command: ['npm', 'run', 'migrate'],
  attempt: 1,
  requestedAt: startedAt,
  request: {
    cluster: 'production',
    taskDefinition: revisionArn(8),
    startedBy: 'slipway-dev-before/web',
    overrides: { containerOverrides: [] },
  },
  ...changes,
});

export const beforeTaskEnd = (changes: Partial<BeforeTaskEnd> = {}): BeforeTaskEnd => ({
  outcome: 'SUCCEEDED',
  at: later,
  exitCode: 0,
  speaksOfImage: false,
  message: 'x',
  log: [],
  ...changes,
});

export const releaseRecord = (changes: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  repository: 'my-learn-app',
  execution: releaseExecution,
  startedAt,
  trigger: { kind: 'push' },
  image,
  stage: 'staging',
  stages: [
    { name: 'staging', deployments: [{ service: 'staging/web', name: 'staging-web-1' }] },
    {
      name: 'production',
      deployments: [
        { service: 'production/web', name: 'production-web-1' },
        { service: 'production/worker', name: 'production-worker-1' },
      ],
    },
  ],
  ...changes,
});
