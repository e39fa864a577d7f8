import type { Overview, ServiceRow } from '../page/api.js';
import type { Source } from '../page/server/source.js';

/** A stack of so many services, every 25th of which moves. */
export const services = 200;
const movingEvery = 25;

const at = '2026-11-28T09:00:00Z';
const none = { oldStarting: 0, oldDraining: 0, newStarting: 0, newLeaving: 0, failed: 0 };
const digest = (number: number): string => `sha256:${String(number).padStart(64, '0')}`;

/** The row of a service after so many updates. */
const row = (index: number, update: number): ServiceRow => {
  const name = `service-${String(index).padStart(3, '0')}`;
  const cluster = `cluster-${index % 10}`;
  const source = { repository: name, tag: 'main-1', digest: digest(index) };
  const steady: ServiceRow = {
    id: `${cluster}/${name}`,
    cluster,
    name,
    sources: [source],
    revision: `${name}:7`,
    since: at,
    desired: 8,
    running: 8,
    tasks: { ...none, old: 8, new: 0 },
    state: { kind: 'steady' },
    quarantine: [],
    isProduction: false,
  };
  if (index % movingEvery !== 0) return steady;
  const done = update % 9;
  return {
    ...steady,
    target: { ...source, tag: 'main-2', digest: digest(1000 + index) },
    tasks: { ...none, old: 8 - done, new: done, newStarting: done < 8 ? 1 : 0 },
    state: { kind: 'rollingOut', done, of: 8, starting: done < 8 ? 1 : 0, since: at },
  };
};

const rows = (update: number): ServiceRow[] => Array.from({ length: services }, (_, index) => row(index, update));

/** The rows that change with every update: eight of two hundred. */
export const movingRows = (update: number): ServiceRow[] => rows(update).filter(({ state }) => state.kind === 'rollingOut');

const overview: Overview = {
  at,
  mode: 'account',
  stack: { stage: 'prod', account: '123456789012', region: 'eu-west-1', version: '1.0.0' },
  me: { name: 'ada', arn: 'arn:aws:iam::123456789012:user/ada' },
  clock: { now: at, speed: 1 },
  services: rows(0).sort((one, other) => (one.id < other.id ? -1 : 1)),
  releases: [],
  attention: [],
  problems: [],
};

const notAsked = async (): Promise<never> => {
  throw new Error('the bench shows the overview alone');
};

/** What the page's server asks, of which the overview alone is shown. `listen` gets the bench's events. */
export const benchSource = (listen: Source['listen']): Source => ({
  overview: async () => overview,
  listen,
  connect: () => () => undefined,
  service: notAsked,
  release: notAsked,
  deployment: notAsked,
  history: notAsked,
  insights: notAsked,
  images: notAsked,
  preview: notAsked,
  run: notAsked,
  doctor: notAsked,
  close: () => undefined,
});
