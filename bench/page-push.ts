import type { Browser, Page as Tab } from 'playwright-core';
import { fromSource } from '../cli/from-source.js';
import { startLocalPage } from '../cli/local-page.js';
import { type LocalStack, startLocalStack } from '../cli/local-stack.js';
import { readConfiguration } from '../stack/read-configuration.js';
import { median } from './median.js';

const configurationFile = 'slipway.yml';
const pushes = 5;

/**
 * Milliseconds from the event of a push on the emulator to its release in the overview, in a browser: the median. Virtual time passes ten
 * times as fast as real time, as with `npm start`.
 */
export const pushUsage = async (browser: Browser): Promise<number> => {
  const report = (error: unknown) => process.stderr.write(`${error}\n`);
  const functionCode = await fromSource(readConfiguration(configurationFile));
  const stack = await startLocalStack({ port: 0, configurationFile, functionCode, staleReadMs: 0, progress: () => {} });
  try {
    const page = await startLocalPage(stack, { port: 0, speed: 10, restart: () => undefined, report });
    try {
      const tab = await browser.newPage();
      await tab.goto(page.url);
      await tab.getByText('staging').first().waitFor();
      const times: number[] = [];
      for (let push = 0; push < pushes; push++) times.push(await visibleAfter(stack, tab, `main-${100 + push}`, page.url));
      return median(times);
    } finally {
      await page.close();
    }
  } finally {
    await stack.close();
  }
};

const visibleAfter = async (stack: LocalStack, tab: Tab, tag: string, url: string): Promise<number> => {
  const pushed = new Promise<number>((resolve) => {
    const end = stack.listen(({ source, type }) => {
      if (source !== 'ecr' || type !== 'image-pushed') return;
      end();
      resolve(performance.now());
    });
  });
  const seen = tab
    .locator('main')
    .getByText(tag)
    .first()
    .waitFor()
    .then(() => performance.now());
  // The page's own request, with its session.
  const data = { repository: 'my-learn-app', tag, behaviour: 'healthy' };
  await tab.request.post(new URL('/api/emulator/images', url).href, { data, headers: { Origin: new URL(url).origin } });
  return (await seen) - (await pushed);
};
