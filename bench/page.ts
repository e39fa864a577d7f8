import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Browser, CDPSession, Page as Tab } from 'playwright-core';
import type { PageEvent } from '../page/api.js';
import { type Asset, buildPage } from '../page/build.js';
import { launchBrowser } from '../page/chromium.js';
import { startPage } from '../page/server/start-page.js';
import { median } from './median.js';
import { benchSource, movingRows, services } from './page-data.js';
import { pushUsage } from './page-push.js';

/** Bytes are gzipped. Milliseconds: of script in an update (median, slowest), and of style and layout in it (median). */
export type PageUsage = {
  readonly services: number;
  readonly moving: number;
  readonly script: number;
  readonly style: number;
  readonly firstPaint: number;
  readonly update: number;
  readonly slowest: number;
  readonly layout: number;
  /** Of a push on the emulator, from its event to the page. */
  readonly push: number;
};

const loads = 7;
const updates = 40;
/** Two messages about one service are at least 250 ms apart. */
const updateEvery = 300;

/** The overview in a browser: what it loads, when it paints, and what an update of the rows that move takes, by Chrome's own metrics. */
export const pageUsage = async (): Promise<PageUsage> => {
  const { assets } = await buildPage();
  const listeners = new Set<(event: PageEvent) => void>();
  const source = benchSource((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  });
  const browser = await launchBrowser();
  try {
    const paints: number[] = [];
    for (let load = 0; load < loads; load++) paints.push(await opened(browser, assets, source, firstPaint));
    const emit = (update: number) => {
      for (const data of movingRows(update)) for (const listener of listeners) listener({ type: 'service', data });
    };
    const times = await opened(browser, assets, source, (tab) => timesOfUpdates(tab, emit));
    return {
      services,
      moving: movingRows(0).length,
      script: gzipped(assets, '.js'),
      style: gzipped(assets, '.css'),
      firstPaint: median(paints),
      update: median(times.map(({ script }) => script)),
      slowest: Math.max(...times.map(({ script }) => script)),
      layout: median(times.map(({ layout }) => layout)),
      push: await pushUsage(browser),
    };
  } finally {
    await browser.close();
  }
};

const gzipped = (assets: readonly Asset[], end: string): number =>
  assets.filter(({ name }) => name.endsWith(end)).reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);

/** A new profile and a new server: nothing is cached, and the token is good once. The second load has the first data in its HTML. */
const opened = async <Value>(
  browser: Browser,
  assets: readonly Asset[],
  source: ReturnType<typeof benchSource>,
  measure: (tab: Tab) => Promise<Value>,
): Promise<Value> => {
  const page = await startPage({
    source,
    assets,
    port: 0,
    portOption: '--port',
    command: 'slipway open',
    report: (error) => process.stderr.write(`${error}\n`),
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const tab = await context.newPage();
    await tab.goto(page.url);
    await tab.getByText('service-199').first().waitFor();
    await tab.goto(new URL('/overview', page.url).href);
    await tab.getByText('service-199').first().waitFor();
    return await measure(tab);
  } finally {
    await context.close();
    await page.close();
  }
};

const firstPaint = async (tab: Tab): Promise<number> => {
  const time = await tab.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  if (time === undefined) throw new Error('the browser has not said when it painted first');
  return time;
};

/** What Chrome has spent since the page was loaded. Milliseconds. */
type Spent = { readonly script: number; readonly layout: number };

/** https://chromedevtools.github.io/devtools-protocol/tot/Performance/: seconds. */
const spentBy = async (session: CDPSession): Promise<Spent> => {
  const { metrics } = await session.send('Performance.getMetrics');
  const milliseconds = (name: string): number => (metrics.find((metric) => metric.name === name)?.value ?? Number.NaN) * 1000;
  return { script: milliseconds('ScriptDuration'), layout: milliseconds('LayoutDuration') + milliseconds('RecalcStyleDuration') };
};

/** A second's tick of the clock falls into every third or fourth update, and counts. */
const timesOfUpdates = async (tab: Tab, emit: (update: number) => void): Promise<readonly Spent[]> => {
  const session = await tab.context().newCDPSession(tab);
  await session.send('Performance.enable');
  await sleep(1000);
  const times: Spent[] = [];
  for (let update = 1; update <= updates; update++) {
    const before = await spentBy(session);
    emit(update);
    await sleep(updateEvery);
    const after = await spentBy(session);
    times.push({ script: after.script - before.script, layout: after.layout - before.layout });
  }
  // That the rows have changed: what is not drawn takes no time.
  await tab
    .getByText(`${movingRows(updates)[0]?.state.done}/8`)
    .first()
    .waitFor({ timeout: 5000 });
  return times;
};
