import type { SlackMessage } from '../core/notification/slack-blocks.js';
import type { Overview, ServiceKind } from '../page/api.js';
import { launchBrowser } from '../page/chromium.js';
import { deploymentHref, releaseHref } from '../page/client/routes.js';
import { slackHtml, terminalHtml } from './drawn.js';
import { keepHtml, keepTab } from './keep.js';
import { type Scene, speeds, startScene, type Theme } from './scene.js';
import { screenOf } from './screen.js';

/*
 * Takes the pictures of the documentation from a run on the emulator: images are pushed, one waits for approval, one crashes and is
 * rolled back while another rolls out. Times and names of executions differ from run to run.
 */

const themes: readonly Theme[] = ['light', 'dark'];

/** Real milliseconds in which a page draws what it has read. */
const drawn = 1500;

const browser = await launchBrowser();

const keepRoute = async (scene: Scene, route: string, name: string): Promise<void> => {
  for (const theme of themes) {
    const tab = await scene.open(route, theme);
    await tab.waitForTimeout(drawn);
    await keepTab(browser, tab, name, theme);
    await tab.close();
  }
};

const terminalOf = (scene: Scene, args: readonly string[]) =>
  screenOf(args, {
    columns: 110,
    env: {
      AWS_ENDPOINT_URL: scene.stack.url,
      AWS_REGION: scene.stack.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      TZ: 'Europe/Berlin',
    },
  });

/** Releases that are over, and one that waits. */
const before = async ({ push, until }: Scene): Promise<void> => {
  await push('billing:v1.0.1', 'healthy');
  await push('search:main-2', 'healthy');
  await push('storefront:main-2', 'healthy');
  await until(
    'storefront waits for approval, and nothing else moves',
    ({ attention, releases }) => attention.some(({ kind }) => kind === 'approval') && releases.length === 1,
  );
};

const isAt =
  (id: string, kind: ServiceKind) =>
  ({ services }: Overview): boolean =>
    services.some((row) => row.id === id && row.state.kind === kind);

const take = async (scene: Scene): Promise<void> => {
  const { setSpeed, push, until } = scene;
  await before(scene);
  await setSpeed(speeds.fast);
  await push('billing:v1.0.2', 'crashes-on-start');
  await until('billing rolls out', isAt('production/billing', 'rollingOut'));
  await push('search:main-3', 'healthy');
  await setSpeed(speeds.watched);
  const { services, attention } = await until('billing rolls back', isAt('production/billing', 'rollingBack'));
  await setSpeed(speeds.still);
  await keepRoute(scene, '/overview', 'overview');
  const current = services.find(({ id }) => id === 'production/billing')?.current ?? '';
  await keepRoute(scene, deploymentHref('production/billing', current), 'deployment');
  const approval = attention.find((one) => one.kind === 'approval');
  if (approval?.kind === 'approval') await keepRoute(scene, releaseHref(approval.repository, approval.release), 'release');
  await setSpeed(speeds.fast);
  const follow = await terminalOf(scene, ['follow', 'billing:v1.0.2', '--stage', 'prod']);
  for (const theme of themes) await keepHtml(browser, terminalHtml(follow, theme), 'follow', theme);
};

const takeMessage = async ({ stack }: Scene): Promise<void> => {
  const received = stack.emulator.account.log.of('slack', 'received').filter(({ detail }) => String(detail.text).includes('ROLLED_BACK'));
  const last = received.at(-1);
  if (!last) throw new Error('Slack has received no message of a rollback');
  const at = new Date(last.time).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' });
  for (const theme of themes) await keepHtml(browser, slackHtml(last.detail.message as SlackMessage, at, theme), 'slack', theme);
};

try {
  const scene = await startScene(browser);
  try {
    await take(scene);
    await takeMessage(scene);
  } finally {
    await scene.close();
  }
} finally {
  await browser.close();
}
