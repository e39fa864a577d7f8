import {
  describe as describeTask,
  failedContainer,
  failureReason,
  hasFailed,
  isImageFailure,
  isPermanent,
  type StoppedContainer,
  withRoles,
} from '../../../core/rollout/stopped-task.js';
import { stoppedTask } from '../given.js';

const scheduler = 'ServiceSchedulerInitiated';
const crashed = '(EssentialContainerExited)';
const unstarted = (stoppedReason: string, containers: readonly { name: string; reason?: string }[] = [{ name: 'app' }]) => ({
  stopCode: 'TaskFailedToStart',
  stoppedReason,
  containers,
});

describe('a stopped task', () => {
  test.each([
    ['that was scaled in', { stopCode: scheduler, stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)' }],
    ['behind a target group named health', { stopCode: scheduler, stoppedReason: 'Scaling activity initiated by (target-group health)' }],
    ['on Spot capacity that was reclaimed', { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' }],
    ['on an instance that was terminated', { stopCode: 'TerminationNotice', stoppedReason: 'Host EC2 terminated' }],
    ['on an unhealthy host', { stopCode: 'InfrastructureHealth', stoppedReason: 'Infrastructure is not healthy' }],
    ['that a user stopped', { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' }],
  ])('%s has not failed', (_, changes) => {
    expect(hasFailed(stoppedTask(changes))).toBe(false);
  });

  test.each([
    ['exited', {}, 'CRASHED', `exit 1 in app: Essential container in task exited ${crashed}`],
    [
      'was killed for its memory',
      { containers: [{ name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }] },
      'CRASHED',
      `exit 137 in app: Essential container in task exited: OutOfMemoryError: Container killed due to memory usage ${crashed}`,
    ],
    [
      'stopped with other containers',
      {
        containers: [
          { name: 'proxy', exitCode: 143 },
          { name: 'agent', exitCode: 0 },
          { name: 'app', exitCode: 1 },
        ],
      },
      'CRASHED',
      `exit 1 in app, exit 143 in proxy: Essential container in task exited ${crashed}`,
    ],
    [
      'failed the load balancer’s health check',
      { stopCode: scheduler, stoppedReason: 'Task failed ELB health checks in (target-group web)', containers: [{ name: 'app' }] },
      'UNHEALTHY',
      'Task failed ELB health checks in (target-group web) (ServiceSchedulerInitiated)',
    ],
    [
      'failed its container’s health check',
      {
        stopCode: scheduler,
        stoppedReason: 'Task failed container health checks',
        containers: [{ name: 'app', exitCode: 143, health: 'UNHEALTHY' }],
      },
      'UNHEALTHY',
      'exit 143 in app, app is unhealthy: Task failed container health checks (ServiceSchedulerInitiated)',
    ],
    [
      'could not pull its image',
      unstarted('CannotPullContainerError: pull image manifest has been retried 1 time(s)'),
      'CANNOT_PULL',
      'CannotPullContainerError: pull image manifest has been retried 1 time(s) (TaskFailedToStart)',
    ],
    [
      'could not pull its image, a reason of its container alone',
      unstarted('Task failed to start', [{ name: 'app', reason: 'CannotPullContainerError: manifest unknown' }]),
      'CANNOT_PULL',
      'Task failed to start: CannotPullContainerError: manifest unknown (TaskFailedToStart)',
    ],
    [
      'could not start for a missing secret',
      unstarted('ResourceInitializationError: unable to pull secrets'),
      'CANNOT_START',
      'ResourceInitializationError: unable to pull secrets (TaskFailedToStart)',
    ],
    [
      'has one reason twice, which is described once',
      { stoppedReason: 'CannotStartContainerError: no such file', containers: [{ name: 'app', reason: 'no such file' }] },
      'CANNOT_START',
      `CannotStartContainerError: no such file ${crashed}`,
    ],
    ['stopped without a reason', { stopCode: '', stoppedReason: '', containers: [] }, 'CRASHED', ''],
    ['stopped with a code alone', { stoppedReason: '' }, 'CRASHED', 'exit 1 in app: EssentialContainerExited'],
    [
      'has an essential container that exited with 0',
      { containers: [{ name: 'app', exitCode: 0 }] },
      'CRASHED',
      `exit 0 in app: Essential container in task exited ${crashed}`,
    ],
    [
      'has a password in its reason',
      unstarted('ResourceInitializationError: postgres://app:s3cr3t@db/app'),
      'CANNOT_START',
      'ResourceInitializationError: postgres://app:***@db/app (TaskFailedToStart)',
    ],
  ])('that %s failed', (_, changes, reason, description) => {
    expect(hasFailed(stoppedTask(changes))).toBe(true);
    expect(failureReason(stoppedTask(changes))).toBe(reason);
    expect(describeTask(stoppedTask(changes))).toBe(description);
  });

  test('has the same description as another that failed in the same way, with other IDs and addresses', () => {
    const killed = (task: string, request: string, instance: string, address: string) =>
      describeTask(stoppedTask({ stoppedReason: `Task ${task} on ${instance} at ${address}: denied, request id: ${request}` }));

    expect(killed('a'.repeat(32), '0f6e27d4-1c0b-4d5e-8f55-1a2b3c4d5e6f', 'i-0123456789abcdef0', '10.0.1.2:8080')).toBe(
      killed('b'.repeat(32), '11111111-2222-3333-4444-555555555555', 'i-00000000000000001', '10.0.9.9:8080'),
    );
  });

  test('with a long reason has a description of 300 characters', () => {
    expect(describeTask(stoppedTask({ stoppedReason: 'x'.repeat(10_000) }))).toHaveLength(300);
  });
});

describe('a permanent failure is', () => {
  test.each([
    ['an image that is not there', 'CannotPullContainerError: failed to resolve ref registry/app@sha256:0: not found'],
    ['an image that may not be pulled', 'CannotPullContainerError: pull access denied for app, repository does not exist'],
    ['an image for other platforms', 'CannotPullContainerError: no match for platform in manifest: not found'],
    [
      'an index without the platform',
      "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
    ],
    [
      'an index in which containerd finds no descriptor',
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to find a descriptor for platform linux/arm64',
    ],
    [
      'an image without its command',
      'CannotStartContainerError: OCI runtime create failed: exec: "node": executable file not found in $PATH',
    ],
    [
      'a secret that is missing',
      "ResourceInitializationError: unable to pull secrets or registry auth: ResourceNotFoundException: Secrets Manager can't find the specified secret",
    ],
    ['a role that may not be assumed', 'ECS was unable to assume the role arn:aws:iam::123456789012:role/task'],
    ['a log group that is missing', 'ResourceInitializationError: failed to validate logger args: The specified log group does not exist'],
    ['an image for another architecture', 'CannotStartContainerError: exec /app: exec format error'],
  ])('%s', (_, reason) => {
    expect(isPermanent(stoppedTask(unstarted(reason)))).toBe(true);
    expect(isPermanent(stoppedTask(unstarted('Task failed to start', [{ name: 'app', reason }])))).toBe(true);
  });
});

test.each([
  'Essential container in task exited',
  'CannotPullContainerError: failed to do request: dial tcp 10.0.0.1:443: i/o timeout',
  'CannotPullContainerError: toomanyrequests: Rate exceeded, denied',
  'ResourceInitializationError: unable to pull secrets or registry auth: context deadline exceeded',
  'ResourceInitializationError: failed to configure ENI',
  'DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s',
])('%s is not permanent', (reason) => {
  expect(isPermanent(stoppedTask({ stoppedReason: reason }))).toBe(false);
});

const inStarted = 'CannotStartContainerError: Error response from daemon: ';
const inRuntime = `${inStarted}OCI runtime create failed: runc create failed: unable to start container process: `;

describe('a task that never started has the reason', () => {
  test.each([
    ['HOST', 'DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s'],
    ['HOST', 'CannotCreateContainerError: Error response from daemon: mkdir /var/lib/docker/overlay2: no space left on device'],
    ['HOST', 'CannotPullContainerError: failed to register layer: write /usr/lib/libc.so: no space left on device'],
    ['HOST', 'CannotCreateContainerError: API error (500): devmapper: Thin Pool has 4350 free data blocks'],
    ['HOST', 'ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 5m0s'],
    ['HOST', 'ContainerRuntimeError: failed to create container runtime task: context canceled'],
    ['HOST', 'CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 30s'],
    ['CANNOT_START', 'Timed out while waiting for the Amazon EBS volume attachment to complete'],
    ['CANNOT_START', `${inStarted}failed to initialize logging driver: failed to create Cloudwatch log stream: AccessDeniedException`],
    ['CANNOT_START', 'CannotCreateContainerError: Error response from daemon: invalid mount config for type "bind"'],
    ['CANNOT_START', 'CannotCreateVolumeError: create data: VolumeDriver.Create: mounting volume failed'],
    ['CANNOT_START', 'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes'],
    ['CANNOT_START', `${inRuntime}error mounting "/etc/app" to rootfs at "/app": not a directory`],
    ['CANNOT_START', 'Task failed to start'],
    ['CRASHED', `${inRuntime}exec: "node": executable file not found in $PATH`],
    ['CRASHED', `ResourceInitializationError: ${inRuntime}exec: "/entrypoint.sh": permission denied`],
    ['CRASHED', `${inStarted}unable to find user app: no matching entries in passwd file`],
  ])('%s if ECS says %s', (reason, text) => {
    const ofTask = unstarted(text);
    const ofContainer = unstarted('Task failed to start', [{ name: 'app', reason: text }]);

    for (const changes of [ofTask, ofContainer]) {
      expect(failureReason(stoppedTask(changes))).toBe(reason);
      expect(isImageFailure(withRoles(stoppedTask(changes), ['app'], []))).toBe(reason === 'CRASHED');
    }
  });
});

test('the reason is that of the failed container, not of one that the task outlives', () => {
  const containers = [
    { name: 'agent', reason: 'CannotPullContainerError: not found' },
    { name: 'app', exitCode: 1 },
  ];

  expect(failureReason(withRoles(stoppedTask({ containers }), ['app'], ['agent']))).toBe('CRASHED');
  expect(isPermanent(withRoles(stoppedTask({ containers }), ['app'], ['agent']))).toBe(false);
});

describe('the image failed', () => {
  const scheduled = (stoppedReason: string) => ({ stopCode: scheduler, stoppedReason });
  const pull = (text: string) => `CannotPullContainerError: ${text}`;
  const app = (changes: Partial<StoppedContainer>) => ({ name: 'app', ...changes });
  const envoy = (changes: Partial<StoppedContainer> = {}) => ({ name: 'envoy', ...changes });

  test.each<[string, Parameters<typeof stoppedTask>[0], boolean]>([
    ['if its container exited', { containers: [envoy({ exitCode: 143 }), app({ exitCode: 1 })] }, true],
    ['if its container exited with 0', { containers: [app({ exitCode: 0 }), envoy({ exitCode: 0 })] }, true],
    ['if its container and another exited', { containers: [envoy({ exitCode: 1 }), app({ exitCode: 1 })] }, true],
    [
      'if its container used up its memory',
      { containers: [envoy({ exitCode: 1 }), app({ exitCode: 137, reason: 'OutOfMemoryError' })] },
      true,
    ],
    [
      'if its container is unhealthy',
      { ...scheduled('Task failed container health checks'), containers: [envoy({ exitCode: 1 }), app({ health: 'UNHEALTHY' })] },
      true,
    ],
    [
      'if the load balancer found the task unhealthy',
      { ...scheduled('Task failed ELB health checks in (target-group web)'), containers: [envoy({ exitCode: 1 }), app({ exitCode: 143 })] },
      true,
    ],
    ['if it does not exist', unstarted('Task failed to start', [app({ reason: pull('manifest unknown') }), envoy()]), true],
    ['if it does not exist and is the only one', unstarted(pull('not found'), [app({})]), true],
    ['unless another container exited', { containers: [app({ exitCode: 143 }), envoy({ exitCode: 1 })] }, false],
    [
      'unless another container exited with 0 and ours was killed',
      { containers: [app({ exitCode: 137 }), envoy({ exitCode: 139 })] },
      false,
    ],
    [
      'unless another container is unhealthy',
      { ...scheduled('Task failed container health checks'), containers: [app({ exitCode: 1 }), envoy({ health: 'UNHEALTHY' })] },
      false,
    ],
    [
      'unless the image of another container does not exist',
      unstarted(pull('agent:7: not found'), [app({}), envoy({ reason: pull('agent:7: not found') })]),
      false,
    ],
    ['unless it is not known which image does not exist', unstarted(pull('agent:7: not found'), [app({}), envoy()]), false],
    ['unless the registry did not answer', unstarted(pull('i/o timeout'), [app({})]), false],
    ['unless it may not be pulled', unstarted(pull('denied: not authorized to perform: ecr:BatchGetImage'), [app({})]), false],
    ['unless the host failed', unstarted('DockerTimeoutError: Could not transition to started', [app({})]), false],
  ])('%s', (_, changes, hasFailedByImage) => {
    expect(isImageFailure(withRoles(stoppedTask(changes), ['app'], []))).toBe(hasFailedByImage);
  });
});

describe('of several containers that exited alike, the log that is shown is', () => {
  const alike = stoppedTask({ containers: ['datadog-agent', 'envoy', 'app'].map((name) => ({ name, exitCode: 1 })) });

  test.each([
    ['that of an essential one before others', [], ['datadog-agent', 'envoy'], 'app'],
    ['that of our image before others', ['app'], ['datadog-agent'], 'app'],
    ['that of an essential one, even if ours is not', ['datadog-agent'], ['datadog-agent'], 'envoy'],
    ['the first one, if they are alike in this, too', ['envoy', 'app'], ['datadog-agent'], 'envoy'],
  ])('%s', (_, ours, nonEssential, shown) => {
    expect(failedContainer(withRoles(alike, ours, nonEssential))?.name).toBe(shown);
  });
});

describe('the failed container is the one that', () => {
  test.each([
    ['exited by itself', [{ name: 'proxy', exitCode: 143 }, { name: 'sidecar' }, { name: 'app', exitCode: 1 }]],
    [
      'is unhealthy',
      [
        { name: 'proxy', exitCode: 143 },
        { name: 'app', exitCode: 143, health: 'UNHEALTHY' },
      ],
    ],
    [
      'has a reason',
      [
        { name: 'proxy', exitCode: 143 },
        { name: 'app', exitCode: 137, reason: 'OutOfMemoryError' },
      ],
    ],
    [
      'was killed, if no other failed',
      [
        { name: 'proxy', exitCode: 0 },
        { name: 'app', exitCode: 137 },
      ],
    ],
    ['comes first, if nothing is known', [{ name: 'app' }, { name: 'proxy' }]],
  ])('%s', (_, containers) => {
    expect(failedContainer(stoppedTask({ containers }))?.name).toBe('app');
  });
});
