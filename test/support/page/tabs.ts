import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { source as axeSource } from 'axe-core';
import type { Browser, Page as Tab } from 'playwright-core';
import { launchBrowser } from './browser.js';

/** Pictures of a run are kept here. */
const pictures = '.pictures';

export type Opened = {
  readonly url: string;
  readonly route?: string;
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** For scripts that a test adds. The page itself is then not held to its policy. */
  readonly bypassPolicy?: boolean;
  readonly hasMotion?: boolean;
  readonly isWithoutScript?: boolean;
  /** The page gets its session by itself; else it has one. */
  readonly isFirstVisit?: boolean;
};

/** A page of its own profile, and what went wrong in it. */
export type OpenedTab = { readonly tab: Tab; readonly errors: string[] };

/** One Chromium for the tests of a file. Every tab has a profile of its own, and is closed with the file. */
export const useBrowser = (): { readonly open: (options: Opened) => Promise<OpenedTab> } => {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  const open = async ({ url, route = '', width = 1440, height = 900, dark = false, ...options }: Opened): Promise<OpenedTab> => {
    if (!browser) throw new Error('the browser is launched before the first test');
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: options.hasMotion ? 'no-preference' : 'reduce',
      timezoneId: 'Europe/Berlin',
      locale: 'en-GB',
      bypassCSP: options.bypassPolicy ?? false,
      javaScriptEnabled: !options.isWithoutScript,
    });
    context.setDefaultTimeout(10_000);
    if (!options.isFirstVisit)
      await context.request.post(new URL('/session', url).href, { data: {}, headers: { Origin: new URL(url).origin } });
    const tab = await context.newPage();
    const errors: string[] = [];
    tab.on('pageerror', (error) => errors.push(error.message));
    tab.on('console', (message) => {
      if (message.type() === 'error' && !isOfNetwork(message.text())) errors.push(message.text());
    });
    await tab.goto(route ? new URL(route, url).href : url);
    return { tab, errors };
  };
  return { open };
};

/** Chromium writes every answer that is no success to its console, also one that the page expects. */
const isOfNetwork = (text: string): boolean => text.startsWith('Failed to load resource');

const everyRule = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Lines such as `color-contrast: .badge (Fix any of …)`; empty for a page without a violation. A theme changes nothing but colours: it is
 * enough to look at these alone in the second one.
 */
export const violationsIn = async (tab: Tab, of: 'all' | 'colours' = 'all'): Promise<string[]> => {
  const hasAxe = await tab.evaluate('"axe" in window');
  if (!hasAxe) await tab.evaluate(axeSource);
  const runOnly = of === 'all' ? everyRule : ['color-contrast', 'link-in-text-block'];
  return tab.evaluate(`axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(runOnly)} }).then(
    ({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
      id + ': ' + target.join(' ') + ' (' + failureSummary.replace(/\\s+/g, ' ') + ')')))`);
};

/** Pixels by which the page is wider than its window, and what sticks out. */
export const overflowOf = (tab: Tab): Promise<{ readonly pixels: number; readonly of: string[] }> =>
  tab.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    const pixels = document.documentElement.scrollWidth - width;
    const of = pixels <= 0 ? [] : [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .slice(-4)
      .map((element) => element.tagName.toLowerCase() + '.' + element.getAttribute('class'));
    return { pixels: Math.max(0, pixels), of };
  })()`);

/** Shares of a picture's pixels. `mean` is their brightness, 0 to 1. */
export type Colours = { readonly red: number; readonly mean: number; readonly distinct: number };

/** Keeps a picture of the page, and measures its colours. */
export const pictureOf = async (tab: Tab, name: string): Promise<Colours> => {
  const picture = await tab.screenshot();
  mkdirSync(pictures, { recursive: true });
  writeFileSync(join(pictures, `${name}.png`), picture);
  // On no page of ours: its policy does not let a script read a data URL.
  measuring ??= (await tab.context().browser()?.newPage()) as Tab;
  return measuring.evaluate(`(${measure})('${picture.toString('base64')}')`);
};

/** Of the only browser of a test file. */
let measuring: Tab | undefined;

// Texts, because they run in the browser, whose types are not those of this project.
const measure = `async (base64) => {
  const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,' + base64)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const colours = new Set();
  let red = 0, sum = 0;
  for (let index = 0; index < data.length; index += 4) {
    const [r, g, b] = [data[index], data[index + 1], data[index + 2]];
    if (r > 160 && g < 60 && b < 60) red++;
    sum += 0.2126 * r + 0.7152 * g + 0.0722 * b;
    colours.add((r << 16) | (g << 8) | b);
  }
  const pixels = data.length / 4;
  return { red: red / pixels, mean: sum / pixels / 255, distinct: colours.size };
}`;
