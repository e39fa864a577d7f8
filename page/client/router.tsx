import { computed, effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { isAlarm } from './format/state.js';
import { type Route, routeOf } from './routes.js';
import { attention } from './state.js';

const address = signal(location.pathname + location.search);

/** What is shown now. */
export const route = computed<Route>(() => routeOf(address.value));

/** The present path with its query. */
export const currentPath = computed(() => address.value);

/** Goes to a route of the page. `replace`: in the place of the present one in the browser's history, as a filter does. */
export const navigate = (href: string, { replace = false }: { replace?: boolean } = {}): void => {
  if (href === address.peek()) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  const isSameView = routeOf(href).view === route.peek().view && new URL(href, location.href).pathname === location.pathname && replace;
  address.value = href;
  if (!isSameView) arrive();
};

export const focusMain = (): void => document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });

/** After a change of the view a screen reader begins at its top. */
const arrive = (): void => {
  scrollTo(0, 0);
  requestAnimationFrame(focusMain);
};

/** Back and forward, and the title. */
export const startRouter = (): void => {
  addEventListener('popstate', () => {
    address.value = location.pathname + location.search;
    requestAnimationFrame(focusMain);
  });
  effect(() => {
    const alarms = alarmCount.value;
    document.title = `${alarms ? `(${alarms}) ` : ''}${titleOf(route.value)} · Slipway`;
  });
};

/** How many services need an operator now. */
export const alarmCount = computed(() => attention.value.filter((one) => 'outcome' in one && isAlarm(one.outcome)).length);

export const titleOf = (shown: Route): string => {
  switch (shown.view) {
    case 'overview':
      return 'Overview';
    case 'history':
      return 'History';
    case 'insights':
      return 'Insights';
    case 'unknown':
      return 'Not found';
    case 'release':
      return shown.repository;
    default:
      return `${shown.cluster}/${shown.name}`;
  }
};

type LinkProps = {
  readonly href: string;
  readonly class?: string | undefined;
  readonly id?: string;
  readonly role?: 'menuitem';
  readonly title?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-current'?: 'page' | undefined;
  readonly children: ComponentChildren;
};

/** A link within the page: the browser's own ways of opening one (a new tab, a middle click) work as ever. */
export const Link = ({ href, children, ...rest }: LinkProps) => (
  <a
    {...rest}
    href={href}
    onClick={(event) => {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      navigate(href);
    }}
  >
    {children}
  </a>
);

/** A link out of the page. One that is not https is shown as text. */
export const OutLink = ({ href, children, ...rest }: LinkProps) =>
  href.startsWith('https://') ? (
    <a {...rest} href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ) : (
    <span>{children}</span>
  );
