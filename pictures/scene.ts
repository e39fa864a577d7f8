import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Browser, BrowserContext, Page as Tab } from 'playwright-core';
import { push } from '../cli/example.js';
import { fromSource } from '../cli/from-source.js';
import { startLocalPage } from '../cli/local-page.js';
import { type LocalStack, startLocalStack } from '../cli/local-stack.js';
import type { Overview } from '../page/api.js';
import { readConfiguration } from '../stack/read-configuration.js';

const configurationFile = 'pictures/slipway.yml';

/** Tasks of the services: enough for their dots to be seen. */
const tasks = { storefront: 4, 'storefront-worker': 2, billing: 6, search: 8, indexer: 3 };

export type Theme = 'light' | 'dark';

/** Time that passes unseen, time that is watched, and time that stands, as a multiple of real time. */
export const speeds = { unseen: 600, fast: 60, watched: 10, still: 0 } as const;

/** A stack on the emulator, its page, and a browser that looks at it. */
export type Scene = {
  readonly stack: LocalStack;
  readonly setSpeed: (speed: (typeof speeds)[keyof typeof speeds]) => Promise<void>;
  readonly push: (image: string, behaviour: Parameters<typeof push>[2]) => Promise<void>;
  /** Waits until the page's answer is as it has to be. @throws Error after a minute */
  readonly until: (what: string, isSo: (overview: Overview) => boolean) => Promise<Overview>;
  readonly open: (route: string, theme: Theme) => Promise<Tab>;
  readonly close: () => Promise<void>;
};

const view = { width: 1280, height: 960 };

const contextOf = async (browser: Browser, url: string, theme: Theme): Promise<BrowserContext> => {
  const context = await browser.newContext({
    viewport: view,
    colorScheme: theme,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  });
  await context.request.post(new URL('/session', url).href, { data: {}, headers: { Origin: new URL(url).origin } });
  return context;
};

const stackOf = async (): Promise<LocalStack> => {
  const functionCode = await fromSource(readConfiguration(configurationFile));
  const stack = await startLocalStack({ port: 0, configurationFile, functionCode, staleReadMs: 0, progress: console.log });
  const ecs = new ECSClient(stack.emulator.clientConfig());
  for (const [service, desiredCount] of Object.entries(tasks))
    await ecs.send(new UpdateServiceCommand({ cluster: 'production', service, desiredCount }));
  await stack.emulator.account.clock.advance(300_000);
  return stack;
};

export const startScene = async (browser: Browser): Promise<Scene> => {
  const stack = await stackOf();
  const page = await startLocalPage(stack, { port: 0, speed: speeds.unseen, restart: () => undefined, report: console.error });
  const contexts = { light: await contextOf(browser, page.url, 'light'), dark: await contextOf(browser, page.url, 'dark') };
  const { request } = contexts.light;
  const at = (path: string): string => new URL(path, page.url).href;
  // The account is read while some page is connected.
  await (await contexts.light.newPage()).goto(at('/overview'));
  return {
    stack,
    setSpeed: async (speed) => {
      await request.post(at('/api/emulator/clock'), { data: { speed }, headers: { Origin: new URL(page.url).origin } });
    },
    push: async (image, behaviour) => {
      const [repository = '', tag = ''] = image.split(':');
      await push(stack.emulator, tag, behaviour, createHash('sha1').update(image).digest('hex'), repository);
    },
    until: async (what, isSo) => {
      for (let attempt = 0; attempt < 600; attempt++) {
        const overview: Overview = await (await request.get(at('/api/overview'))).json();
        if (isSo(overview)) return overview;
        await sleep(100);
      }
      throw new Error(`a minute has passed without this: ${what}`);
    },
    open: async (route, theme) => {
      const tab = await contexts[theme].newPage();
      await tab.goto(at(route));
      return tab;
    },
    close: async () => {
      await page.close();
      await stack.close();
    },
  };
};
