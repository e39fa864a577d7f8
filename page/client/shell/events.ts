import { effect } from '@preact/signals';
import type { PageEvent } from '../../api.js';
import { get } from '../http.js';
import { currentPath, route } from '../router.js';
import { applyEvent, changeAll, connection, heardAt, overview } from '../state.js';
import { delayAfter } from './backoff.js';
import { endIfRefused, openSession, renewSession } from './session.js';

/** Milliseconds after which a hidden page is disconnected, so that nothing is read for it. */
const hiddenFor = 60_000;

const types = [
  'snapshot',
  'service',
  'releases',
  'attention',
  'problems',
  'release',
  'deployment',
  'record',
  'clock',
  'emulator',
  'log',
] as const;

let source: EventSource | undefined;
let lastId = '';
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let isOpen = false;

const disconnect = (): void => {
  source?.close();
  source = undefined;
  clearTimeout(retry);
};

const receive = (type: PageEvent['type'], { data, lastEventId }: MessageEvent<string>): void => {
  lastId = lastEventId;
  heardAt.value = Date.now();
  applyEvent({ type, data: JSON.parse(data) } as PageEvent);
  // A snapshot says that events are missing: every open view reads its detail again.
  if (type === 'snapshot') changeAll();
};

const connect = (): void => {
  disconnect();
  const query = new URLSearchParams({ view: location.pathname, ...(lastId && { after: lastId }) });
  const next = new EventSource(`/api/events?${query}`);
  source = next;
  next.onopen = () => {
    failures = 0;
    heardAt.value = Date.now();
    connection.value = { state: 'live' };
  };
  next.onerror = () => void lose();
  for (const type of types) next.addEventListener(type, (event) => receive(type, event as MessageEvent<string>));
};

/** An emulator that is reset is back soon, and its machine is this one. */
const nextDelay = (): number => delayAfter(++failures, overview.peek()?.mode === 'emulator' ? 4 : 30);

/** The browser's own retries have no back-off: the next connection is made here. */
const lose = async (): Promise<void> => {
  disconnect();
  const known = connection.value;
  const delay = nextDelay();
  connection.value = { state: 'lost', since: known.state === 'lost' ? known.since : heardAt.peek(), nextTryAt: Date.now() + delay };
  // An EventSource does not say why it failed: a session that has ended is asked for.
  if (failures > 1) await checkSession();
  if (connection.peek().state === 'lost') retry = setTimeout(tryNow, delay);
};

const checkSession = async (): Promise<void> => {
  try {
    await get('/api/overview');
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 401 && !(await renewSession())) endIfRefused(error);
  }
};

/** Connects at once. */
export const tryNow = (): void => {
  clearTimeout(retry);
  if (isOpen) connect();
  else void openPage();
};

const openPage = async (): Promise<void> => {
  try {
    await openSession();
    isOpen = true;
    connect();
  } catch (error) {
    if (endIfRefused(error)) return;
    const delay = nextDelay();
    connection.value = { state: 'lost', since: Date.now(), nextTryAt: Date.now() + delay };
    retry = setTimeout(tryNow, delay);
  }
};

/** Connects the page, and again for another view: the server keeps what a page shows up to date. */
export const startEvents = (): void => {
  void openPage();
  let shown = '';
  effect(() => {
    const { view } = route.value;
    const watched = ['service', 'release', 'deployment'].includes(view) ? (currentPath.value.split('?')[0] ?? '') : '';
    if (watched !== shown && source) connect();
    shown = watched;
  });
  let hiding: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(disconnect, hiddenFor);
    else if (!source && connection.peek().state !== 'ended') tryNow();
  });
};
