import { type EmulatorState, imageBehaviours, type Overview, type PageEvent, type Preview } from '../../../page/api.js';
import { buildPage } from '../../../page/build.js';
import { PageError } from '../../../page/server/page-error.js';
import type { EmulatorControl, HistoryQuery, Source } from '../../../page/server/source.js';
import { type Page, startPage } from '../../../page/server/start-page.js';
import {
  at,
  deployment,
  endedDeployment,
  history,
  ids,
  insights,
  overview,
  release,
  serviceDetail,
  variants,
  withUntrustedTexts,
} from './canned.js';

/** A page over answers that do not change, but for what a test emits. */
export type CannedPage = Page & {
  readonly emit: (event: PageEvent) => void;
  /** Commands that were run. */
  readonly ran: unknown[];
};

const notFound = (what: string, name: string): PageError =>
  new PageError(404, {
    reason: 'NOT_FOUND',
    message: `There is no ${what} ${name}.`,
    suggestions: [{ name: 'production/search', href: '/services/production/search' }],
  });

const preview: Preview = {
  lines: [
    { kind: 'change', text: 'From main-311 to main-309, the newest known good image.' },
    { kind: 'tasks', text: '6 tasks are replaced.' },
    { kind: 'quarantine', text: 'main-311 is quarantined on this service.' },
    { kind: 'hold', text: 'The next push deploys again, unless you hold the service too.' },
  ],
};

const pageOfHistory = (query: HistoryQuery, count: number) => {
  const all = history(count).filter(
    (record) =>
      (query.service === undefined || record.service === query.service) &&
      (query.outcome === undefined || record.outcome === query.outcome) &&
      (query.q === undefined || JSON.stringify(record).includes(query.q)),
  );
  const start = Number(query.after ?? 0);
  const next = start + 100 < all.length ? { next: String(start + 100) } : {};
  return {
    at,
    records: all.slice(start, start + 100),
    ...next,
    total: all.length,
    of: 2014,
    isComplete: true,
    who: ['ada', 'grace', 'linus'],
    ...(all.length === 0 && { nearest: { filter: 'q', name: 'production/search' } }),
    problems: [],
  };
};

/** `variant` is one of `variants`; of `untrusted`, every answer has texts that would run if they were HTML. */
export const cannedSource = (
  variant: string,
  records = 137,
  listeners = new Set<(event: PageEvent) => void>(),
  ran: unknown[] = [],
): Source => {
  const shown = (variants[variant] ?? (() => overview))();
  const given = <Value>(value: Value): Value => (variant === 'untrusted' ? withUntrustedTexts(value) : value);
  return {
    overview: async () => shown,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connect: () => () => undefined,
    service: async (id) => {
      const row = shown.services.find((one) => one.id === id);
      if (!row) throw notFound('service', id);
      return given(serviceDetail(row));
    },
    release: async (_repository, execution) => {
      if (execution !== ids.release) throw notFound('release', execution);
      return given(release);
    },
    deployment: async (_service, execution) => {
      if (execution === ids.checkout) return given(endedDeployment('ROLLBACK_FAILED', 'CRASHED'));
      if (execution === ids.notifier) return given(endedDeployment('UNKNOWN', 'AWS_ERROR'));
      if (execution === ids.orders) return given(endedDeployment('SUCCEEDED', 'DEPLOYED'));
      if (execution === ids.search) return given(deployment);
      throw notFound('deployment', execution);
    },
    history: async (query) => given(pageOfHistory(query, records)),
    insights: async () => insights,
    images: async () => ({
      images: [78, 77, 76].map((number) => ({
        tag: `main-${number}`,
        digest: `sha256:${String(number).repeat(32)}`,
        pushedAt: `2026-11-2${number - 72}T10:00:00Z`,
      })),
    }),
    doctor: async () => [],
    preview: async ({ command, service }) => given({ ...preview, ...(command === 'rollback' && service && { confirm: service }) }),
    run: async (command) => {
      ran.push(command);
      return { execution: '77777777-started', message: 'started 77777777-started' };
    },
    close: () => undefined,
  };
};

const emulatorState = (): EmulatorState => ({
  url: 'http://127.0.0.1:4566',
  clock: { now: at, speed: 10 },
  day: 1,
  repositories: [{ name: 'my-learn-app', nextTag: 'main-9' }],
  faults: [{ kind: 'throttleEcs', left: 14, of: 20 }],
  events: 1284,
  log: imageBehaviours.flatMap((type, index) => [
    {
      number: 2 * (imageBehaviours.length - index),
      time: at,
      source: 'ecs',
      type: 'task started',
      text: `staging-web:6 task c1a8${index}`,
    },
    { number: 2 * (imageBehaviours.length - index) - 1, time: at, source: 'states', type: 'state entered', text: type },
  ]),
});

export const cannedEmulator = (ran: unknown[]): EmulatorControl => ({
  state: emulatorState,
  listen: () => () => undefined,
  push: async (image) => {
    ran.push(image);
    return { digest: `sha256:${'0'.repeat(64)}` };
  },
  setClock: async (change) => {
    ran.push(change);
  },
  inject: (fault) => {
    ran.push(fault);
  },
  removeFault: () => undefined,
  reset: async () => {
    ran.push('reset');
  },
});

export type Canned = {
  readonly variant?: string;
  readonly mode?: 'account' | 'emulator';
  readonly records?: number;
  readonly port?: number;
};

let assets: ReturnType<typeof buildPage> | undefined;

/** The built page and its server over canned answers. In the mode `emulator` its address needs no token. */
export const startCannedPage = async ({
  variant = 'bad',
  mode = 'emulator',
  records = 137,
  port = 0,
}: Canned = {}): Promise<CannedPage> => {
  assets ??= buildPage();
  const listeners = new Set<(event: PageEvent) => void>();
  const ran: unknown[] = [];
  const source = cannedSource(variant, records, listeners, ran);
  const shown: Source = { ...source, overview: async (): Promise<Overview> => ({ ...(await source.overview()), mode }) };
  const page = await startPage({
    source: shown,
    assets: (await assets).assets,
    port,
    portOption: '--port',
    command: 'slipway open',
    ...(mode === 'emulator' && { emulator: cannedEmulator(ran) }),
    report: (error) => console.error(error),
  });
  return { ...page, ran, emit: (event) => listeners.forEach((listener) => void listener(event)) };
};

/** Pages for the tests of a file, one for each way to start it, closed with the file. */
export const useCannedPages = (): { readonly pageOf: (canned?: Canned) => Promise<CannedPage> } => {
  const pages = new Map<string, Promise<CannedPage>>();
  afterAll(async () => {
    for (const page of pages.values()) await (await page).close();
  });
  const pageOf = (canned: Canned = {}): Promise<CannedPage> => {
    const key = JSON.stringify(canned);
    const page = pages.get(key) ?? startCannedPage(canned);
    pages.set(key, page);
    return page;
  };
  return { pageOf };
};
