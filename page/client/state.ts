import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Attention, ClockState, EmulatorState, LogLine, Overview, PageEvent, Problem, ReleaseRow, ServiceRow } from '../api.js';

/** What the page knows of the stack, kept up to date by the events. A signal a service: a change renders one row. */
export const overview = signal<Overview | undefined>(undefined);
export const serviceIds = signal<readonly string[]>([]);
export const releases = signal<readonly ReleaseRow[]>([]);
export const attention = signal<readonly Attention[]>([]);
export const problems = signal<readonly Problem[]>([]);
export const clock = signal<ClockState>({ now: new Date(0).toISOString(), speed: 1 });
export const emulator = signal<EmulatorState | undefined>(undefined);

const rows = new Map<string, Signal<ServiceRow>>();

/** The row of a service, as long as it is one of `serviceIds`. */
export const serviceRow = (id: string): ReadonlySignal<ServiceRow> | undefined => rows.get(id);

export type Connection =
  | { readonly state: 'connecting' | 'live' }
  /** `since`: the age of the data; `nextTryAt`: both by the browser's clock, in milliseconds. */
  | { readonly state: 'lost'; readonly since: number; readonly nextTryAt: number }
  /** The session has ended: the page has to be opened again. */
  | { readonly state: 'ended'; readonly message: string };

export const connection = signal<Connection>({ state: 'connecting' });
export const isLive = computed(() => connection.value.state === 'live');

/** When the last event arrived, by the browser's clock, in milliseconds. */
export const heardAt = signal(0);

/** Numbers of changes, by the ID of a release or deployment: a view that shows one reads it again. */
const changes = new Map<string, Signal<number>>();
export const changesOf = (id: string): ReadonlySignal<number> => {
  const known = changes.get(id) ?? signal(0);
  changes.set(id, known);
  return known;
};

/** Every view reads what it shows again: events may have been missed. */
export const changeAll = (): void =>
  batch(() => {
    for (const changed of changes.values()) changed.value++;
  });

/** Records that were begun or have ended since the page was loaded. */
export const newRecords = signal(0);

type Ended = Extract<PageEvent, { type: 'record' }>['data'];
export const lastRecord = signal<Ended | undefined>(undefined);

export const showOverview = (next: Overview): void =>
  batch(() => {
    overview.value = next;
    releases.value = next.releases;
    attention.value = next.attention;
    problems.value = next.problems;
    clock.value = next.clock;
    for (const row of next.services) showService(row);
    const ids = next.services.map(({ id }) => id);
    for (const id of rows.keys()) if (!ids.includes(id)) rows.delete(id);
    serviceIds.value = ids;
  });

const showService = (row: ServiceRow): void => {
  const known = rows.get(row.id);
  if (known) known.value = row;
  else rows.set(row.id, signal(row));
};

export const applyEvent = (event: PageEvent): void => {
  switch (event.type) {
    case 'snapshot':
      showOverview(event.data);
      return;
    case 'service':
      showService(event.data);
      return;
    case 'releases':
      releases.value = event.data;
      return;
    case 'attention':
      attention.value = event.data;
      return;
    case 'problems':
      problems.value = event.data;
      return;
    case 'release':
    case 'deployment': {
      const changed = changes.get(event.data.id);
      if (changed) changed.value++;
      return;
    }
    case 'record':
      batch(() => {
        newRecords.value++;
        lastRecord.value = event.data;
      });
      return;
    case 'clock':
      clock.value = event.data;
      return;
    case 'emulator':
      showEmulator(event.data);
      return;
    case 'log':
      if (emulator.value) emulator.value = { ...emulator.value, log: withNewer(event.data) };
      return;
  }
};

/** With its clock: the page counts on from it, and is ahead of an emulator that cannot keep up with its speed until it hears again. */
export const showEmulator = (state: EmulatorState): void =>
  batch(() => {
    // A reset begins the numbers of the log again.
    const isNew = (emulator.value?.log[0]?.number ?? 0) > state.events;
    emulator.value = { ...state, log: isNew ? state.log : withNewer(state.log) };
    clock.value = state.clock;
  });

const shownLogLines = 200;

/** The known lines of the emulator's log, and those that are newer. The newest first. */
const withNewer = (lines: readonly LogLine[]): readonly LogLine[] => {
  const known = emulator.value?.log ?? [];
  const newest = known[0]?.number ?? 0;
  return [...lines.filter(({ number }) => number > newest), ...known].slice(0, shownLogLines);
};
