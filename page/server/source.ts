import type {
  Command,
  CommandAccepted,
  DeploymentDetail,
  EmulatorState,
  FirstDay,
  HistoryPage,
  Images,
  InjectFault,
  Insights,
  LogLine,
  Overview,
  PageEvent,
  Preview,
  PushImage,
  ReleaseDetail,
  ServiceDetail,
  SetClock,
} from '../api.js';

/** The filters of the history, and where a page of it continues. Times are ISO 8601. */
export type HistoryQuery = {
  readonly service?: string;
  readonly repository?: string;
  readonly outcome?: string;
  readonly who?: string;
  readonly since?: string;
  readonly q?: string;
  readonly after?: string;
};

/** `stage`: `last` for the last stage of each repository, else its name. */
export type InsightsQuery = { readonly months: number; readonly stage: string; readonly service?: string };

/** What a connected page shows, so that it is kept up to date. */
export type Watched =
  | { readonly view: 'service'; readonly id: string }
  | { readonly view: 'release'; readonly repository: string; readonly id: string }
  | { readonly view: 'deployment'; readonly service: string; readonly id: string };

/**
 * The stack as the page shows it: one for all pages. Every method may throw a PageError: NOT_FOUND with suggestions for a name that
 * nothing has, or the reason of a read that failed.
 */
export type Source = {
  /** As last read; the first call waits for the first reads. */
  readonly overview: () => Promise<Overview>;
  /** Calls the listener for every change. Returns the function that ends it. */
  readonly listen: (listener: (event: PageEvent) => void) => () => void;
  /** Reads go on while a page is connected, and end with the last one. Returns the function that ends it. */
  readonly connect: (watched?: Watched) => () => void;
  readonly service: (id: string) => Promise<ServiceDetail>;
  readonly release: (repository: string, execution: string) => Promise<ReleaseDetail>;
  readonly deployment: (service: string, execution: string) => Promise<DeploymentDetail>;
  readonly history: (query: HistoryQuery) => Promise<HistoryPage>;
  readonly insights: (query: InsightsQuery) => Promise<Insights>;
  readonly images: (repository: string) => Promise<Images>;
  readonly doctor: () => Promise<NonNullable<FirstDay['findings']>>;
  readonly preview: (command: Command) => Promise<Preview>;
  /** `key` is of one intention: the same key runs nothing twice. */
  readonly run: (command: Command, key: string) => Promise<CommandAccepted>;
  readonly close: () => void;
};

/** What the page does with the emulator beside it. Absent in an account. @throws PageError INVALID_INPUT */
export type EmulatorControl = {
  readonly state: () => EmulatorState;
  /** Calls the listener with new lines of the event log, and when anything else of the state has changed. */
  readonly listen: (listener: (change: { readonly log: readonly LogLine[] } | { readonly state: EmulatorState }) => void) => () => void;
  readonly push: (image: PushImage) => Promise<{ readonly digest: string }>;
  readonly setClock: (change: SetClock) => Promise<void>;
  readonly inject: (fault: InjectFault) => void;
  readonly removeFault: (kind: InjectFault['kind']) => void;
  readonly reset: () => Promise<void>;
};
