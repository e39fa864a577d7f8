import type { Page as Tab } from 'playwright-core';
import { ids } from '../support/page/canned.js';
import { useCannedPages } from '../support/page/canned-server.js';
import { useBrowser } from '../support/page/tabs.js';

const { open } = useBrowser();
const { pageOf } = useCannedPages();

const pathOf = (tab: Tab): string => new URL(tab.url()).pathname;
const inFocus = (tab: Tab): Promise<string> =>
  tab.evaluate('document.activeElement?.closest("[data-service]")?.dataset.service ?? document.activeElement?.id ?? ""');

it('goes everywhere by keys alone', async () => {
  const { url } = await pageOf();
  const { tab, errors } = await open({ url, route: '/overview' });
  await tab.getByText('Under way').first().waitFor();
  for (const [keys, path] of [
    ['gh', '/history'],
    ['gi', '/insights'],
    ['go', '/overview'],
  ] as const) {
    for (const key of keys) await tab.keyboard.press(key);
    await tab.waitForURL((address) => address.pathname === path);
    await tab.waitForFunction('document.activeElement?.id === "main"');
  }
  await tab.getByText('Under way').first().waitFor();
  await tab.keyboard.press('j');
  await tab.keyboard.press('j');
  await tab.keyboard.press('k');
  await tab.keyboard.press('Enter');
  await tab.waitForURL((address) => address.pathname !== '/overview');
  await tab.goBack();
  expect(pathOf(tab)).toBe('/overview');
  expect(errors).toEqual([]);
});

it('finds by the palette, and filters by /', async () => {
  const { url } = await pageOf();
  const { tab } = await open({ url, route: '/overview' });
  await tab.getByText('Under way').first().waitFor();
  await tab.keyboard.press('Control+k');
  await tab.getByRole('dialog').waitFor();
  await tab.keyboard.type('billing');
  const chosen = tab.locator('[role="option"][aria-selected="true"]');
  while (!((await chosen.textContent()) ?? '').startsWith('production/billing')) await tab.keyboard.press('ArrowDown');
  await tab.keyboard.press('Enter');
  await tab.waitForURL((address) => address.pathname.endsWith('/billing'));
  await tab.goBack();
  await tab.getByText('Under way').first().waitFor();
  await tab.keyboard.press('/');
  await tab.keyboard.type('gjt orders');
  expect(pathOf(tab)).toBe('/overview');
  await tab.keyboard.press('Control+a');
  await tab.keyboard.type('orders');
  await tab.locator('main tr[data-service="production/search"]').waitFor({ state: 'detached' });
  expect(await tab.locator('main tr[data-service="production/orders-api"]').count()).toBe(1);
});

it('acts only in a dialog, after the name of the service was typed, and gives the focus back', async () => {
  const page = await pageOf({ records: 30 });
  const { tab } = await open({ url: page.url, route: '/overview' });
  await tab.getByText('Under way').first().waitFor();
  await tab.locator('main tr[data-service="production/billing"] a').first().focus();
  await tab.keyboard.press('r');
  const dialog = tab.getByRole('dialog');
  await dialog.waitFor();
  await tab.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await inFocus(tab)).toBe('production/billing');

  await tab.keyboard.press('r');
  await dialog.getByText('6 tasks are replaced.').waitFor();
  expect(await tab.evaluate('document.activeElement?.closest("dialog") !== null')).toBe(true);
  await tab.keyboard.type('slow queries');
  await tab.keyboard.press('Enter');
  expect(page.ran).toEqual([]);
  await dialog.getByLabel(/confirm/).focus();
  await tab.keyboard.type('production/bill');
  await tab.keyboard.press('Enter');
  expect(page.ran).toEqual([]);
  await tab.keyboard.type('ing');
  await tab.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(page.ran).toEqual([
    expect.objectContaining({ command: 'rollback', service: 'production/billing', confirm: 'production/billing' }),
  ]);
});

it('approves the image that was looked at', async () => {
  const page = await pageOf({ records: 31 });
  const { tab } = await open({ url: page.url, route: '/overview' });
  await tab.getByText('Under way').first().waitFor();
  await tab.keyboard.press('a');
  await tab.waitForURL((address) => address.pathname === `/releases/my-learn-app/${ids.release}`);
  await tab.keyboard.press('a');
  const dialog = tab.getByRole('dialog');
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(page.ran).toEqual([expect.objectContaining({ command: 'approve', digest: expect.stringMatching(/^sha256:7c1ea90f/) })]);
});

it('changes the theme, and keeps it', async () => {
  const { url } = await pageOf();
  const { tab } = await open({ url, route: '/overview' });
  await tab.getByText('Under way').first().waitFor();
  const background = () => tab.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = await background();
  await tab.keyboard.press('t');
  await tab.waitForFunction(`getComputedStyle(document.body).backgroundColor !== '${light}'`);
  const dark = await background();
  await tab.reload();
  await tab.getByText('Under way').first().waitFor();
  expect(await background()).toBe(dark);
});
