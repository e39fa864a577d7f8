import pico from 'picocolors';
import { CommandError } from '../../../cli/command-error.js';
import type { Context, Verb } from '../../../cli/context.js';
import type { StackClient } from '../../../cli/stack-client.js';
import type { QueryName } from '../../../core/query/request.js';
import type { Result } from '../../../core/result/result.js';
import { digest, otherDigest } from '../../core/given.js';

export const now = '2026-11-23T12:05:00.000Z';

const machine = (name: string): string => `arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-prod-${name}`;

export const head = {
  api: 1,
  at: now,
  stack: {
    stage: 'prod',
    account: '123456789012',
    region: 'eu-west-1',
    version: '0.1.0',
    machines: { release: machine('release'), deployment: machine('deployment') },
  },
};

const configured = (...names: string[]) => names.map((service) => ({ service, timeoutSeconds: 1800, alarms: [], hasBeforeTask: false }));

const stage = (name: string, isProduction: boolean, ...services: string[]) => ({
  name,
  hasApproval: isProduction,
  hasWindow: false,
  isProduction,
  services: configured(...services),
});

export const installation = {
  schema: 2,
  notifications: { email: [], sns: true },
  repositories: [
    {
      repository: 'my-learn-app',
      tags: ['main-*'],
      hasScan: false,
      stages: [stage('staging', false, 'staging/web'), stage('production', true, 'production/web', 'production/worker')],
    },
  ],
};

const pushedAt = '2026-11-23T11:00:00.000Z';
const image = { repository: 'my-learn-app', tag: 'main-7', digest };
const running = { digest: otherDigest, tag: 'main-6', pushedAt };

const service = (name: string, more: object = {}) => ({
  service: name,
  sources: [{ repository: 'my-learn-app', lastDeployed: running, quarantine: [] }],
  queued: [],
  ...more,
});

const waiting = { stage: 'production', for: 'approval', since: pushedAt, until: '2026-11-24T11:00:00.000Z', release: 'r', image };

export const status = {
  repositories: [
    {
      repository: 'my-learn-app',
      releases: [],
      stages: [
        { name: 'staging', services: ['staging/web'] },
        { name: 'production', services: ['production/web', 'production/worker'], waiting },
      ],
    },
  ],
  services: [
    service('staging/web'),
    service('production/web', {
      current: { image, operation: 'image' },
      sources: [{ repository: 'my-learn-app', lastDeployed: running, quarantine: [], withheld: { digest, tag: 'main-7', pushedAt } }],
    }),
    service('production/worker'),
  ],
};

export const explain = {
  image,
  explain: [{ stage: 'staging', service: 'staging/web', isDeployed: true, code: 'DEPLOYED', message: 'tag main-7 matches main-*' }],
};

/** Of a release and of a deployment that have ended. */
const summary = {
  name: 'record',
  id: 'one',
  repository: 'my-learn-app',
  stage: 'production',
  image,
  trigger: { kind: 'hand', by: 'ada' },
  pushedAt,
  startedAt: pushedAt,
  endedAt: now,
  consoleUrl: '',
};

/** Answers of `query`, in place of those above. */
export type Answers = Partial<Record<QueryName, object>>;

type Given = {
  readonly answers?: Answers;
  /** The results of the executions that are waited for, and of the functions that are invoked. */
  readonly result?: Result & { readonly started?: readonly string[] };
  /** What is typed, an answer a question; absent: there is no terminal. */
  readonly typed?: readonly string[];
  readonly json?: boolean;
  readonly yes?: boolean;
};

export type Ran = {
  /** The exit status, also that of a CommandError, whose message is then the last line of `stderr`. */
  readonly status: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** What changed something: inputs of functions, and of executions. */
  readonly changes: readonly (readonly [what: string, input: object])[];
  /** Names of the executions that were started. */
  readonly names: readonly string[];
  readonly queries: readonly string[];
};

const done: Result = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: 'done' };

const subjectOf = (question: object): object[] => {
  const asked = 'service' in question ? question.service : undefined;
  return status.services.filter((one) => asked === undefined || one.service === asked);
};

/** Runs a verb on a stack whose service production/web is being deployed, and whose stage production waits for approval. */
export const runVerb = async <Args extends readonly unknown[], Options>(
  verb: Verb<Args, Options>,
  args: NoInfer<Args>,
  { answers = {}, result = done, typed, json = false, ...its }: Given & NoInfer<Options> = {} as Given & Options,
): Promise<Ran> => {
  const { yes, ...options } = its as { yes?: boolean };
  const [stdout, stderr, changes, names, queries]: [string[], string[], [string, object][], string[], string[]] = [[], [], [], [], []];
  const all: Answers = {
    installation,
    status,
    explain,
    release: { release: { ...summary, stages: [], passedOver: [], approvals: [], warnings: [], result } },
    deployment: { deployment: { ...summary, service: 'production/web', operation: 'rollback', phase: 'ended', result } },
    ...answers,
  };
  const client = {
    stage: 'prod',
    region: 'eu-west-1',
    query: async (name: QueryName, question: object) => {
      queries.push(name);
      const services = name === 'status' && !answers.status ? { services: subjectOf(question) } : {};
      return { ...head, ...all[name], ...services };
    },
    invoke: async (name: string, input: object) => {
      changes.push([name, input]);
      return result;
    },
    start: async (of: string, name: string, input: object) => {
      names.push(name);
      changes.push([of, input]);
      return `${machine(of).replace(':stateMachine:', ':execution:')}:${name}`;
    },
  };
  const left = [...(typed ?? [])];
  const answer = async (question: string): Promise<string> => {
    stderr.push(question);
    return left.shift() ?? '';
  };
  const common = { json, ...(yes && { yes }) };
  const context: Context = {
    terminal: {
      width: 100,
      colors: pico.createColors(false),
      print: (text) => void stdout.push(text),
      note: (text) => void stderr.push(text),
      progress: () => undefined,
      endProgress: () => undefined,
    },
    connect: async () => client as unknown as StackClient,
    options: common,
    ...(typed && { prompt: { confirm: async (question) => (await answer(question)) === 'y', type: answer } }),
    now: () => new Date(now),
    environment: { GITLAB_USER_LOGIN: 'ada' },
    signal: new AbortController().signal,
  };
  const ran = { stdout, stderr, changes, names, queries };
  try {
    return { status: await verb(context, args, { ...common, ...options } as Parameters<typeof verb>[2]), ...ran };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    stderr.push(error.message);
    return { status: error.status, ...ran };
  }
};
