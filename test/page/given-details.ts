import { CommandError } from '../../cli/command-error.js';
import type { DeploymentView, History, InstallationAnswer, ReleaseView, ServiceStatus } from '../../core/query/answers.js';
import type { PageEvent, ServiceRow } from '../../page/api.js';
import type { DetailReads } from '../../page/server/detail-reads.js';
import { createDetails } from '../../page/server/details.js';
import { head, installation } from '../cli/verbs/given.js';
import { deploymentAt, givenRecords, releaseAt } from './given-history.js';

export const rowAt = (id: string, more: Partial<ServiceRow> = {}): ServiceRow => ({
  id,
  cluster: id.slice(0, id.indexOf('/')),
  name: id.slice(id.indexOf('/') + 1),
  sources: [],
  state: { kind: 'steady' },
  quarantine: [],
  isProduction: false,
  ...more,
});

export const viewAt = (start: number, more: Partial<DeploymentView> = {}): DeploymentView => ({
  ...deploymentAt(start),
  revision: 'web:8',
  previousRevision: 'web:7',
  consoleUrl: '',
  ...more,
});

export const releaseViewAt = (start: number, more: Partial<ReleaseView> = {}): ReleaseView => ({
  ...releaseAt(start, { repository: 'my-learn-app' }),
  stages: [],
  passedOver: [],
  approvals: [],
  warnings: [],
  consoleUrl: '',
  ...more,
});

type Given = {
  readonly rows?: readonly ServiceRow[];
  readonly records?: Parameters<typeof givenRecords>[0];
  readonly deployment?: DeploymentView;
  readonly release?: ReleaseView;
  readonly status?: ServiceStatus;
  readonly reads?: Partial<DetailReads>;
  /** Records of one read. */
  readonly size?: number;
  readonly installed?: InstallationAnswer;
};

const denied = (name: string): never => {
  throw Object.assign(new Error(`not authorized to perform ${name}`), { name: 'AccessDeniedException' });
};

const missing = (): never => {
  throw new CommandError('there is none', { code: 'NOT_FOUND' });
};

const definition = (revision: string) => ({ taskDefinitionArn: `arn:aws:ecs:eu-west-1:123456789012:task-definition/${revision}` });

/** The details of a stack with these records, in virtual time. `deny` names queries that fail from then on. */
export const givenDetails = (given: Given = {}) => {
  const { rows = [rowAt('production/web', { last: 'run-1' })], records = {}, size, installed = installation } = given;
  const { read, reads: historyReads } = givenRecords(records, size);
  const deny = new Set<string>();
  const timers: { readonly at: number; readonly run: () => void }[] = [];
  const listeners: ((event: PageEvent) => void)[] = [];
  let now = 0;
  const answers: Readonly<Record<string, (question: Record<string, string & number>) => unknown>> = {
    installation: () => installed,
    status: () => ({ repositories: [], services: given.status ? [given.status] : [] }),
    deployment: () => (given.deployment ? { deployment: given.deployment } : missing()),
    release: () => (given.release ? { release: given.release } : missing()),
    history: ({ service, repository = '', limit = 20, next }): Promise<History> =>
      read(service === undefined ? { repository } : { service }, limit, next),
  };
  const client = {
    query: async (name: string, question: Record<string, string & number>) => {
      if (deny.has(name)) throw new CommandError('the credentials may not invoke it', { code: 'ACCESS_DENIED', status: 77 });
      return { ...head, ...((await answers[name]?.(question)) as object) };
    },
  };
  const details = createDetails({
    client: client as never,
    live: {
      overview: async () => ({ at: head.at, services: rows, releases: [] }) as never,
      listen: (listener) => {
        listeners.push(listener);
        return () => undefined;
      },
      samples: () => [],
    },
    time: {
      now: () => now,
      setTimeout: (run, milliseconds) => timers.push({ at: now + milliseconds, run }),
      clearTimeout: () => undefined,
    },
    reads: {
      path: async () => denied('states:GetExecutionHistory'),
      definition: async (revision) => definition(revision),
      stopped: async () => [],
      events: async () => [],
      ...given.reads,
    },
  });
  /** Time passes, a second at a time. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      now += 1000;
      for (const { run } of timers.splice(0)) run();
      await new Promise(setImmediate);
    }
  };
  const emit = (event: PageEvent): void => {
    for (const listener of listeners) listener(event);
  };
  return { details, historyReads, deny, pass, emit };
};
