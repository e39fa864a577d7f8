import type { DescribedRun, StartedRun } from '../../../aws/before-tasks.js';
import type { BeforeTask } from '../../../core/configuration/configuration.js';
import type { BeforeTaskRequest, BeforeTaskRun, DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import type { StoppedTask } from '../../../core/rollout/stopped-task.js';
import type { WatchItem } from '../../../core/rollout/watch-item.js';
import type { WaitingStepInput } from '../../../core/step/contracts.js';
import { runBeforeTask } from '../../../functions/deployment/run-before-task.js';
import { deploymentRecord, execution, lease, revisionArn, startedAt, stoppedTask } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';
import { serviceOn } from '../given-service.js';
import { waiting } from '../given-waiting.js';
import { name, withSettings } from './given-rollout.js';

const arnOf = (number: number): string => `arn:aws:ecs:eu-west-1:123456789012:task/production/${String(number).padStart(32, '0')}`;

/** ARN of the first task that ECS starts. */
export const task = arnOf(1);

/** So many seconds after the first visit. */
export const at = (seconds: number): string => new Date(Date.parse(startedAt) + seconds * 1000).toISOString();

type Task = { readonly arn: string; readonly revision: string; stopped?: StoppedTask; isStopping?: boolean };

/** An ECS that starts one task a client token, and may lose an answer or start none. */
const givenEcs = () => {
  const tasks: Task[] = [];
  const tokens = new Map<string, Task>();
  const requests: BeforeTaskRequest[] = [];
  const calls: string[] = [];
  const next: (StartedRun | 'lost before' | 'lost after' | 'throttled')[] = [];
  const start = (revision: string): Task => {
    const started = { arn: arnOf(tasks.length + 1), revision };
    tasks.push(started);
    return started;
  };
  const find = (arn: string): Task | undefined => tasks.find((one) => one.arn === arn);
  return {
    tasks,
    requests,
    calls,
    /** What the next calls of RunTask do, unless they start a task. */
    next,
    start,
    /** A task stops, or ECS forgets it. */
    stop: (arn = task, changes: Partial<StoppedTask> = {}) => {
      const found = find(arn);
      if (found) found.stopped = stoppedTask({ id: arn.slice(-32), ...changes });
    },
    forget: () => tasks.splice(0),
    client: {
      run: async (request: BeforeTaskRequest, token: string): Promise<StartedRun> => {
        const what = next.shift();
        requests.push(request);
        calls.push(`run with token ${[...new Set([...tokens.keys(), token])].indexOf(token) + 1}`);
        if (what === 'lost before') throw sdkError('TimeoutError', 'no answer', 0);
        if (what === 'throttled') throw sdkError('ThrottlingException', 'Rate exceeded', 400);
        if (typeof what === 'object') return what;
        const started = tokens.get(token) ?? start(request.taskDefinition);
        tokens.set(token, started);
        if (what === 'lost after') throw sdkError('ServerException', 'no answer', 500);
        return { task: started.arn };
      },
      running: async () => tasks.filter(({ stopped }) => !stopped).map(({ arn, revision }) => ({ task: arn, revision })),
      describe: async (_: string, arn: string): Promise<DescribedRun | undefined> => {
        calls.push('describe');
        const found = find(arn);
        return found && { isStopping: found.isStopping ?? false, stopped: found.stopped };
      },
      stop: async (_: string, arn: string) => {
        calls.push('stop');
        const found = find(arn);
        if (found) found.isStopping = true;
      },
    },
  };
};

type Given = {
  readonly record?: Partial<DeploymentRecord>;
  /** Others in the table, by their names. */
  readonly records?: NonNullable<Parameters<typeof givenTable>[0]>['records'];
  readonly run?: BeforeTaskRun;
  readonly state?: ServiceState;
  readonly item?: Partial<WatchItem>;
  /** Settings of the before task; null: slipway.yml names none. */
  readonly before?: Partial<BeforeTask> | null;
  readonly lines?: () => Promise<string[]>;
};

/** A deployment of production/web whose revision is registered, and that has the lease. */
export const given = ({ record = {}, records = {}, run, state = { lease: lease() }, item = {}, before = {}, lines }: Given = {}) => {
  const ecs = givenEcs();
  const table = givenTable({
    records: {
      [name]: deploymentRecord({
        previousRevision: revisionArn(7),
        revision: revisionArn(8),
        containers: ['app'],
        nonEssential: ['agent'],
        logs: [{ container: 'app', group: '/ecs/web', prefix: 'ecs' }],
        ...(run && { beforeTask: run }),
        ...record,
      }),
      ...records,
    },
    states: { 'production/web': state },
    watched: { 'production/web': { record: name, execution, fencingToken: 1, news: 1, seen: 1, ...item } },
  });
  const settings = { like: 'production/web', command: ['npm', 'run', 'migrate'], timeoutSeconds: 600, ...before };
  const step = runBeforeTask({
    configuration: withSettings(before ? { before: settings } : {}),
    services: { describe: async () => serviceOn(revisionArn(7), { launch: { launchType: 'FARGATE', platformVersion: '1.4.0' } }) },
    tasks: ecs.client,
    logs: { tail: lines ?? (async () => ['migrating', 'password=hunter2']) },
    ...table,
  });
  let visits = 0;
  return {
    ecs,
    table,
    /** A visit of its own, unless it is a retry. */
    visit: (seconds = 0, changes: Partial<WaitingStepInput> = {}) => {
      visits += changes.visit ? 0 : 1;
      return step(waiting({ now: at(seconds), visit: { number: visits, retry: 0 }, token: `token ${visits}`, ...changes }));
    },
    retry: (seconds: number, retry = 1) => step(waiting({ now: at(seconds), visit: { number: visits, retry } })),
    saved: async () => (await table.record(name))?.beforeTask,
  };
};

export const cancelled = (changes: Partial<NonNullable<ServiceState['cancel']>> = {}): ServiceState => ({
  lease: lease(),
  cancel: { record: name, by: 'ann', ...changes },
});
