import type { DeploymentSummary, Head, InProgress, InstallationAnswer, ReleaseSummary, ServiceStatus } from '../../core/query/answers.js';
import { resultOf } from '../../core/result/result.js';
import type { EcsCounts } from '../../page/server/moving-tasks.js';
import { Poller } from '../../page/server/poller.js';
import type { PageReads } from '../../page/server/reads.js';
import { digest, image, revisionArn } from '../core/given.js';
import { givenTime } from './given-time.js';

const machine = (name: string): string => `arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-${name}`;
export const head: Head = {
  api: 1,
  at: '2026-11-23T09:00:00.000Z',
  stack: {
    stage: 'dev',
    account: '123456789012',
    region: 'eu-west-1',
    version: '1.0.0',
    machines: { release: machine('release'), deployment: machine('deployment') },
  },
};

export const web = 'production/web';
export const at = (minute: number): string => `2026-11-23T08:${String(minute).padStart(2, '0')}:00.000Z`;

export const deployment = (changes: Partial<DeploymentSummary> = {}): DeploymentSummary => {
  const { service = web, id = 'one' } = changes;
  return {
    name: `service#${service} deployment#${at(0)}#${id}`,
    id,
    service,
    stage: 'production',
    operation: 'image',
    image: { repository: 'my-learn-app', tag: 'main-8', digest },
    trigger: { kind: 'push' },
    startedAt: at(0),
    phase: 'rollingOut',
    revision: 'web:8',
    previousRevision: 'web:7',
    ...changes,
  };
};

export const ended = (
  outcome: 'SUCCEEDED' | 'ROLLED_BACK' | 'ROLLBACK_FAILED' | 'UNKNOWN' | 'SKIPPED',
  changes: Partial<DeploymentSummary> = {},
) => {
  const reasons = {
    SUCCEEDED: 'DEPLOYED',
    ROLLED_BACK: 'CRASHED',
    ROLLBACK_FAILED: 'ECS_ROLLBACK_FAILED',
    UNKNOWN: 'RESULT_MISSING',
    SKIPPED: 'ALREADY_RUNNING',
  } as const;
  const result = { ...resultOf('SUCCEEDED', 'DEPLOYED', 'its message'), outcome, reason: reasons[outcome] as never };
  return deployment({ phase: 'ended', endedAt: at(5), result, ...changes });
};

export const release = (changes: Partial<ReleaseSummary> = {}): ReleaseSummary => ({
  name: `repository#my-learn-app release#${at(0)}#push-1`,
  id: 'push-1',
  repository: 'my-learn-app',
  tag: 'main-8',
  image: { repository: 'my-learn-app', tag: 'main-8', digest },
  trigger: { kind: 'push' },
  pushedAt: at(0),
  startedAt: at(0),
  stage: 'production',
  ...changes,
});

export const counts = (changes: Partial<EcsCounts> = {}): EcsCounts => ({
  desired: 2,
  running: 2,
  revision: revisionArn(7),
  failed: 0,
  tasks: [{ taskDefinition: revisionArn(7), running: 2, pending: 0 }],
  ...changes,
});

export const service = (name: string, changes: Partial<ServiceStatus> = {}): ServiceStatus => ({
  service: name,
  sources: [{ repository: 'my-learn-app', lastDeployed: { digest: image.digest, tag: 'main-7', pushedAt: at(0) }, quarantine: [] }],
  queued: [],
  ...changes,
});

export const installationOf = (services: readonly string[]): InstallationAnswer =>
  ({
    schema: 2,
    notifications: { email: [], sns: true },
    repositories: [
      {
        repository: 'my-learn-app',
        tags: ['main-*'],
        hasScan: false,
        stages: [
          {
            name: 'production',
            hasApproval: false,
            hasWindow: false,
            isProduction: true,
            services: services.map((name) => ({ service: name, timeoutSeconds: 1800, alarms: [], hasBeforeTask: false })),
          },
        ],
      },
    ],
  }) as unknown as InstallationAnswer;

export type Call = { readonly read: keyof PageReads; readonly at: number; readonly reads: number };

/** A poller over a stack of so many services, in virtual time; what it reads is counted. What the stack answers may be changed. */
export const givenPoller = ({ services: names = [web], mode = 'account' as 'account' | 'emulator' } = {}) => {
  const { time, advance, iso } = givenTime();
  const stack = {
    services: new Map(names.map((name) => [name, service(name, { last: ended('SUCCEEDED', { service: name, revision: 'web:7' }) })])),
    progress: { releases: [], deployments: [] } as InProgress,
    counts: (): EcsCounts => counts(),
    failing: undefined as { readonly read: keyof PageReads | '*'; readonly error: Error } | undefined,
    lost: new Map([['slipway-dev-undelivered-pushes', 0]]),
    history: [] as readonly DeploymentSummary[],
  };
  const calls: Call[] = [];
  const called = <Args extends readonly unknown[], Answer>(read: keyof PageReads, answer: (...args: Args) => Answer, reads = 1) => {
    return async (...args: Args): Promise<Answer> => {
      calls.push({ read, at: time.now(), reads });
      const { failing } = stack;
      if (failing && (failing.read === '*' || failing.read === read)) throw failing.error;
      return answer(...args);
    };
  };
  const withoutLast = ({ last: _, ...status }: ServiceStatus): ServiceStatus => status;
  const reads: PageReads = {
    installation: called('installation', () => ({ ...head, ...installationOf(names) })),
    status: called('status', ({ services, last }) => ({
      ...head,
      repositories: [{ repository: 'my-learn-app', stages: [{ name: 'production', services: names }], releases: [] }],
      services: [...stack.services.values()]
        .filter((one) => services === undefined || services.includes(one.service))
        .map((one) => (last ? one : withoutLast(one))),
    })),
    progress: called('progress', () => ({ ...head, ...stack.progress })),
    deployments: called('deployments', () => stack.history),
    counts: called('counts', (asked) => new Map(asked.map((name) => [name, stack.counts()]))),
    images: called('images', () => [
      { repository: 'my-learn-app', tag: 'main-1', digest: '' },
      { repository: 'sidecar', tag: 'v1', digest: '' },
    ]),
    tasks: called('tasks', () => [{ taskDefinition: revisionArn(7), state: 'running' as const }], 4),
    lostMessages: called('lostMessages', () => stack.lost, 3),
    identity: called('identity', () => ({ name: 'ada', arn: 'arn:aws:sts::123456789012:assumed-role/operator/ada' })),
  };
  const poller = new Poller({ reads, time, mode, clock: () => ({ now: iso(), speed: 1 }), profile: 'prod' });
  const count = (...wanted: (keyof PageReads)[]): number =>
    calls.filter(({ read }) => wanted.includes(read)).reduce((sum, one) => sum + one.reads, 0);
  /** The most reads within a second, of all seconds that begin with a read. */
  const busiest = (...wanted: (keyof PageReads)[]): number => {
    const its = calls.filter(({ read }) => wanted.includes(read));
    return Math.max(
      0,
      ...its.map(({ at: from }) => its.filter((one) => one.at >= from && one.at < from + 1000).reduce((sum, one) => sum + one.reads, 0)),
    );
  };
  return { poller, stack, calls, count, busiest, advance, time };
};
