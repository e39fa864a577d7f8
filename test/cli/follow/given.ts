import pico from 'picocolors';
import { CommandError } from '../../../cli/command-error.js';
import type { Context } from '../../../cli/context.js';
import { follow } from '../../../cli/follow/follow.js';
import type { FollowOptions, FollowTarget } from '../../../cli/follow/state.js';
import type { StackClient } from '../../../cli/stack-client.js';
import type { DeploymentView, ReleaseAnswer, ReleaseView, StageView } from '../../../core/query/answers.js';
import { resultOf } from '../../../core/result/result.js';

export const digest = `sha256:${'a'.repeat(64)}`;
export const otherDigest = `sha256:${'b'.repeat(64)}`;
export const start = '2026-11-23T12:00:00.000Z';
const execution = (name: string) => `arn:aws:states:eu-west-1:123456789012:execution:slipway-prod-release:${name}`;

/** The time so many seconds after the start of the command. */
export const at = (seconds: number): string => new Date(Date.parse(start) + seconds * 1000).toISOString();

export const image = (changes: Partial<ReleaseAnswer['image'] & object> = {}) => ({
  repository: 'my-learn-app',
  tag: 'main-7',
  digest,
  pushedAt: at(-5),
  ...changes,
});

export const deployment = (changes: Partial<DeploymentView> = {}): DeploymentView => ({
  name: 'service#staging/web deployment#1#d-1',
  id: 'd-1',
  service: 'staging/web',
  stage: 'staging',
  operation: 'image',
  trigger: { kind: 'push' },
  startedAt: at(0),
  phase: 'rollingOut',
  consoleUrl: '',
  ...changes,
});

export const deployed = resultOf('SUCCEEDED', 'DEPLOYED', 'staging/web runs main-7');

export const stage = (name: string, state: StageView['state'], view?: DeploymentView): StageView => ({
  name,
  state,
  services: [{ service: `${name}/web`, ...(view && { deployment: view }) }],
});

export const release = (changes: Partial<ReleaseView> = {}): ReleaseView => ({
  name: 'repository#my-learn-app release#1#r-1',
  id: 'r-1',
  repository: 'my-learn-app',
  image: { repository: 'my-learn-app', tag: 'main-7', digest },
  trigger: { kind: 'push' },
  pushedAt: at(-5),
  startedAt: at(-4),
  stages: [stage('staging', 'running', deployment()), stage('production', 'ahead')],
  passedOver: [],
  approvals: [],
  warnings: [],
  consoleUrl: 'https://console.example/r-1',
  ...changes,
});

export const done = (changes: Partial<ReleaseView> = {}): ReleaseView =>
  release({ result: resultOf('SUCCEEDED', 'DEPLOYED', 'deployed to staging, production'), endedAt: at(60), ...changes });

export const failure = (code: string, status: number, message = code) => new CommandError(message, { code, status });
export const lost = failure('UNREACHABLE', 69, 'AWS in eu-west-1 cannot be reached (ECONNRESET)');

/** What the stack answers to the nth request, the last one from then on. */
type Answer = ReleaseAnswer | { readonly deployment: DeploymentView } | Error | (() => ReleaseAnswer);

export type Given = {
  readonly target?: FollowTarget;
  readonly options?: Partial<FollowOptions>;
  readonly answers: readonly Answer[];
  readonly environment?: Record<string, string>;
  readonly json?: boolean;
  /** The clock of this machine is ahead of the stack's, in seconds. */
  readonly skew?: number;
  /** Seconds after which a signal comes. */
  readonly interruptedAfter?: number;
  readonly startFails?: Error;
};

/** Runs `follow` against a stack that gives these answers, in virtual time. */
export const followed = async (given: Given) => {
  const { target = { repository: 'my-learn-app', tag: 'main-7' }, options, answers, environment = {}, json = false, skew = 0 } = given;
  let now = Date.parse(start);
  const requests: { readonly seconds: number; readonly what: object }[] = [];
  const lines: string[] = [];
  const connections: unknown[] = [];
  const controller = new AbortController();
  const ask = (what: object): never | object => {
    requests.push({ seconds: (now - Date.parse(start)) / 1000, what });
    const asked = requests.filter((request) => !('input' in request.what)).length;
    const answer = answers[Math.min(asked, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    const stack = { stage: 'prod', account: '123456789012', region: 'eu-west-1', version: '1.0.0' };
    return { api: 1, at: new Date(now).toISOString(), stack, ...(typeof answer === 'function' ? answer() : answer) };
  };
  const client = {
    stage: 'prod',
    region: 'eu-west-1',
    query: async (_: string, question: object) => ask(question),
    start: async (_: string, name: string, input: object) => {
      requests.push({ seconds: (now - Date.parse(start)) / 1000, what: { name, input } });
      if (given.startFails) throw given.startFails;
      return execution(name);
    },
  } as unknown as StackClient;
  const context = {
    terminal: { width: Number.POSITIVE_INFINITY, colors: pico.createColors(false), print: (text: string) => lines.push(text) },
    options: { json },
    environment,
    now: () => new Date(now + skew * 1000),
    signal: controller.signal,
    connect: async (settings: unknown) => {
      connections.push(settings);
      return client;
    },
  } as unknown as Context;
  const pacing = {
    sleep: async (milliseconds: number) => {
      now += milliseconds;
      if (given.interruptedAfter !== undefined && now - Date.parse(start) >= given.interruptedAfter * 1000) controller.abort();
    },
    random: () => 0.5,
  };
  const outcome = await follow(context, target, { timeoutSeconds: 3600, endsAtGates: false, ...options }, pacing).then(
    (status) => ({ status, error: undefined }),
    (error: unknown) => {
      if (error instanceof CommandError) return { status: error.status, error: error.message };
      throw error;
    },
  );
  return { ...outcome, lines, text: lines.join('\n'), requests, connections, seconds: (now - Date.parse(start)) / 1000 };
};
