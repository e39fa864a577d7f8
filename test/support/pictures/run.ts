import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Browser, Page as Tab } from 'playwright-core';
import { push } from '../../../cli/example.js';
import { startLocalPage } from '../../../cli/local-page.js';
import { startLocalStack } from '../../../cli/local-stack.js';
import type { SlackMessage } from '../../../core/notification/slack-blocks.js';
import type { Overview, SetClock } from '../../../page/api.js';
import { launchBrowser } from '../page/browser.js';
import { slackPicture } from './slack.js';
import { outputOf, terminalPicture } from './terminal.js';

// The pictures of the documentation, from a run on the emulator: npm run pictures.

const folder = 'docs/pictures';
/** Bytes of a picture. */
const limit = 120 * 1024;
/** Of the terminal. */
const columns = 100;
const themes = ['light', 'dark'] as const;

const save = async (tab: Tab, name: string, selector?: string): Promise<void> => {
  const box = selector === undefined ? undefined : await tab.locator(selector).boundingBox();
  const session = await tab.context().newCDPSession(tab);
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 82,
    ...(box && { clip: { ...box, scale: 1 } }),
  });
  const file = join(folder, `${name}.webp`);
  writeFileSync(file, Buffer.from(data, 'base64'));
  const { size } = statSync(file);
  console.log(`${file}: ${Math.ceil(size / 1024)} KB`);
  if (size > limit) throw new Error(`${file} has ${size} bytes; at most ${limit} are wanted`);
};

const showing = async (browser: Browser, document: string, name: string): Promise<void> => {
  const tab = await browser.newPage({ viewport: { width: 1200, height: 1400 }, deviceScaleFactor: 1.5 });
  await tab.setContent(document);
  await save(tab, name, '.picture');
  await tab.close();
};

/** A webhook that keeps what it gets. */
const startWebhook = async () => {
  const messages: SlackMessage[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    messages.push(JSON.parse(Buffer.concat(chunks).toString()) as SlackMessage);
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/services/T0/B0/x`, messages, close: () => server.close() };
};

mkdirSync(folder, { recursive: true });
const webhook = await startWebhook();
const stack = await startLocalStack({
  port: 0,
  configurationFile: 'test/support/pictures/pictures.yml',
  staleReadMs: 0,
  progress: (text) => console.log(text),
});
const page = await startLocalPage(stack, { port: 0, speed: 400, restart: () => undefined, report: console.error });
const browser = await launchBrowser();
try {
  await new SecretsManagerClient(stack.emulator.clientConfig()).send(
    new PutSecretValueCommand({ SecretId: 'slipway/slack', SecretString: webhook.url }),
  );
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  });
  const tab = await context.newPage();
  await tab.goto(page.url);
  await tab.locator('main h1').first().waitFor();

  const overview = async (): Promise<Overview> => (await context.request.get(new URL('/api/overview', page.url).href)).json();
  const until = async (isReached: (now: Overview) => boolean): Promise<Overview> => {
    for (;;) {
      const now = await overview();
      if (isReached(now)) return now;
      await tab.waitForTimeout(50);
    }
  };
  const setClock = async (change: SetClock): Promise<void> => {
    const headers = { Origin: new URL(page.url).origin };
    await context.request.post(new URL('/api/emulator/clock', page.url).href, { headers, data: change });
  };
  const isCalm = ({ releases }: Overview): boolean => releases.length === 0;
  const rolledBack = () => webhook.messages.find(({ attachments }) => JSON.stringify(attachments).includes('ROLLED_BACK'));

  await push(stack.emulator, 'v2.7.1', 'healthy', 'v2.7.1', 'orders-api');
  await until(({ lastEndedAt, ...now }) => lastEndedAt !== undefined && isCalm({ ...now, lastEndedAt }));
  await push(stack.emulator, 'main-42', 'healthy');
  await until(({ attention }) => attention.some(({ kind }) => kind === 'approval'));
  await push(stack.emulator, 'v2.8.0', 'crashes-on-start', 'v2.8.0', 'orders-api');
  const env = {
    AWS_ENDPOINT_URL: stack.url,
    AWS_REGION: stack.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const follow = ['follow', 'orders-api:v2.8.0', '--stage', stack.stage];
  const followed = outputOf(follow, env, columns);
  await setClock({ speed: 20 });
  const { services, releases } = await until((now) => now.services.some(({ state }) => state.kind === 'rollingBack'));
  await setClock({ speed: 0 });

  const moving = services.find(({ state }) => state.kind === 'rollingBack');
  const waiting = releases.find(({ repository }) => repository === 'my-learn-app');
  const views = {
    overview: '/overview',
    deployment: `/deployments/${moving?.id}/${moving?.current}`,
    release: `/releases/my-learn-app/${waiting?.id}`,
  };
  for (const [name, route] of Object.entries(views)) {
    await tab.goto(new URL(route, page.url).href);
    await tab.locator('main h1').first().waitFor();
    await tab.locator('main [aria-busy="true"]').waitFor({ state: 'detached' });
    for (const theme of themes) {
      await tab.emulateMedia({ colorScheme: theme });
      await tab.waitForTimeout(200);
      await save(tab, `${name}-${theme}`);
    }
  }

  await setClock({ speed: 400 });
  await showing(browser, await terminalPicture(`slipway ${follow.join(' ')}`, await followed, columns), 'terminal');
  while (!rolledBack()) await tab.waitForTimeout(50);
  for (const theme of themes) await showing(browser, slackPicture(rolledBack() as SlackMessage, theme === 'dark'), `slack-${theme}`);
} finally {
  await browser.close();
  await page.close();
  await stack.close();
  webhook.close();
}
