import type { Page as Tab } from 'playwright-core';
import { ids } from '../support/page/canned.js';
import { useCannedPages } from '../support/page/canned-server.js';
import { overflowOf, pictureOf, useBrowser, violationsIn } from '../support/page/tabs.js';

const { open } = useBrowser();
const { pageOf } = useCannedPages();

type Shown = {
  readonly route: string;
  /** What is there once its data are. */
  readonly shows: string | RegExp;
  readonly variant?: string;
  readonly act?: (tab: Tab) => Promise<unknown>;
};

const rollBack = `/services/production/billing`;
const views: Readonly<Record<string, Shown>> = {
  overview: { route: '/overview', shows: 'Under way' },
  calm: { route: '/overview', shows: 'billing', variant: 'calm' },
  'first-day': { route: '/overview', shows: 'docker push', variant: 'first-day' },
  service: { route: '/services/production/billing', shows: 'main-73' },
  release: { route: `/releases/my-learn-app/${ids.release}`, shows: 'main-42' },
  deployment: { route: `/deployments/production/search/${ids.search}`, shows: 'WatchRollout' },
  'deployment-ended': { route: `/deployments/production/checkout/${ids.checkout}`, shows: 'ROLLBACK_FAILED' },
  history: { route: '/history', shows: 'ROLLED_BACK' },
  'history-empty': { route: '/history?q=no-such-thing', shows: /nothing matches|no record/i },
  insights: { route: '/insights', shows: 'CRASHED' },
  unknown: { route: '/services/production/serach', shows: 'production/search' },
  emulator: { route: '/overview', shows: 'Under way', act: (tab) => tab.keyboard.press('e') },
  palette: { route: '/overview', shows: 'Under way', act: (tab) => tab.keyboard.press('Control+k') },
  help: { route: '/overview', shows: 'Under way', act: (tab) => tab.keyboard.press('?') },
  dialog: { route: rollBack, shows: 'main-73', act: (tab) => tab.keyboard.press('r') },
};

/** A phone, a small phone, and a desktop. 720 is a desktop's window at 200 %. */
const widths = [1440, 720, 390, 320] as const;
/** A theme changes nothing but colours, and these are the same at every width. */
const rulesAt = (theme: 'light' | 'dark', width: number) => {
  if (theme === 'dark') return width === 1440 ? 'colours' : undefined;
  return width === 1440 || width === 320 ? 'all' : undefined;
};

it.each(Object.entries(views))('%s can be read in both themes and at every width', async (name, { route, shows, variant = 'bad', act }) => {
  const { url } = await pageOf({ variant });
  const { tab, errors } = await open({ url, route, bypassPolicy: true });
  await tab.locator('main').getByText(shows).first().waitFor({ state: 'attached' });
  await tab.locator('main h1').first().waitFor({ state: 'attached' });
  await act?.(tab);
  const found: Record<string, unknown> = {};
  const look = async (theme: 'light' | 'dark', width: number): Promise<void> => {
    const overflow = await overflowOf(tab);
    if (overflow.pixels > 0) found[`${theme} ${width} overflow`] = overflow;
    const rules = rulesAt(theme, width);
    const violations = rules ? await violationsIn(tab, rules) : [];
    if (violations.length > 0) found[`${theme} ${width} axe`] = violations;
    if (width === 720 || width === 320) return;
    const { mean, distinct } = await pictureOf(tab, `${name}-${theme}-${width}`);
    if (distinct < 50 || (theme === 'dark' ? mean > 0.3 : mean < 0.6)) found[`${theme} ${width} colours`] = { mean, distinct };
  };
  for (const theme of ['light', 'dark'] as const) {
    await tab.emulateMedia({ colorScheme: theme });
    for (const width of widths) {
      await tab.setViewportSize({ width, height: width < 700 ? 844 : 900 });
      await look(theme, width);
    }
  }
  expect({ found, errors }).toEqual({ found: {}, errors: [] });
});

it('is red where an operator is needed now, and else nowhere', async () => {
  const redOf = async (variant: string): Promise<number> => {
    const { url } = await pageOf({ variant });
    const { tab } = await open({ url, route: '/overview' });
    await tab.getByText('billing').first().waitFor();
    const { red } = await pictureOf(tab, `red-${variant}`);
    return red;
  };
  expect(await redOf('bad')).toBeGreaterThan(0.05);
  expect(await redOf('calm')).toBeLessThan(0.0005);
});
