import type { Page as Tab } from 'playwright-core';
import { fromSource } from '../../cli/from-source.js';
import { startLocalPage } from '../../cli/local-page.js';
import { type LocalStack, startLocalStack } from '../../cli/local-stack.js';
import type { HistoryPage, Overview } from '../../page/api.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import { wrongIn } from '../support/page/shapes.js';
import { useBrowser } from '../support/page/tabs.js';

/* The page over the packaged machines on the emulator: what is done with it, and what becomes of it. */

const configurationFile = 'test/cli/approved.yml';
const { open } = useBrowser();

let stack: LocalStack;
let page: Awaited<ReturnType<typeof startLocalPage>>;
const failures: unknown[] = [];
const startPage = (port: number) =>
  startLocalPage(stack, { port, speed: 60, restart: () => undefined, report: (error) => void failures.push(error) });

beforeAll(async () => {
  const functionCode = await fromSource(readConfiguration(configurationFile));
  stack = await startLocalStack({ port: 0, configurationFile, functionCode, staleReadMs: 0, progress: () => {} });
  page = await startPage(0);
});
afterAll(async () => {
  await page.close();
  await stack.close();
  expect(failures).toEqual([]);
});

const opened = async (route: string): Promise<{ tab: Tab; errors: string[] }> => {
  const { tab, errors } = await open({ url: page.url, route, isFirstVisit: true });
  await tab.getByText('staging').first().waitFor();
  return { tab, errors };
};

const push = async (tab: Tab, tag: string, behaviour: string): Promise<void> => {
  const panel = tab.getByRole('complementary', { name: 'Emulator' });
  if (!(await panel.isVisible())) await tab.keyboard.press('e');
  await panel.getByLabel('Tag').fill(tag);
  await panel.getByRole('radio', { name: new RegExp(`^${behaviour}`, 'i') }).check();
  await panel.getByRole('button', { name: `Push my-learn-app:${tag}` }).click();
};

/** Follows a link of the overview to what moves. */
const follow = async (tab: Tab, tag: string): Promise<void> => {
  await tab
    .locator('main')
    .getByRole('link', { name: new RegExp(tag) })
    .first()
    .click();
  await tab.waitForURL((address) => address.pathname.startsWith('/releases/'));
};

const confirm = async (tab: Tab, act: RegExp): Promise<void> => {
  const dialog = tab.getByRole('dialog');
  await dialog.waitFor();
  const name = dialog.getByLabel(/confirm/);
  await dialog.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
  if (await name.isVisible()) await name.fill((await tab.getByText(/^Type .* to confirm/).textContent())?.split(' ')[1] ?? '');
  await dialog.getByRole('button', { name: act }).click();
  await dialog.waitFor({ state: 'detached' });
};

it('shows a healthy image through its stages, with an approval, on two pages at once', async () => {
  const { tab, errors } = await opened('/overview');
  const other = await opened('/overview');
  await push(tab, 'main-2', 'Healthy');
  for (const one of [tab, other.tab]) await one.locator('main').getByText('main-2').first().waitFor();
  await follow(tab, 'main-2');
  await tab
    .locator('main')
    .getByRole('button', { name: /Approve/ })
    .waitFor();
  await other.tab.locator('main').getByText('waits for approval').first().waitFor();
  await tab.reload();
  await tab
    .locator('main')
    .getByRole('button', { name: /Approve/ })
    .first()
    .click();
  await confirm(tab, /^Approve/);
  await tab.locator('main').getByText('SUCCEEDED').nth(1).waitFor({ timeout: 30_000 });
  await other.tab.locator('tr[data-service="production/web"]').getByText('main-2').waitFor();
  expect([...errors, ...other.errors]).toEqual([]);
});

it('shows a crashing image until it is rolled back, also after a reload in the middle', async () => {
  const { tab, errors } = await opened('/overview');
  await push(tab, 'main-3', 'Crashes on start');
  const row = tab.locator('tr[data-service="staging/web"]');
  await row
    .getByText(/^Rolling (out|back)/)
    .first()
    .waitFor();
  await row.getByRole('link').first().click();
  await tab.reload();
  await tab.locator('main').getByText('ROLLED_BACK').first().waitFor({ timeout: 30_000 });
  await tab.keyboard.press('g');
  await tab.keyboard.press('o');
  await row.getByText('Steady').waitFor();
  expect(await row.getByText('main-2').count()).toBeGreaterThan(0);
  expect(errors).toEqual([]);
});

it('holds, rolls back and releases a service, and an approval is denied', async () => {
  const { tab, errors } = await opened('/services/staging/web');
  await tab.getByRole('button', { name: /^Hold/ }).first().click();
  await confirm(tab, /^Hold/);
  await tab
    .getByText(/On hold/)
    .first()
    .waitFor();
  await tab
    .getByRole('button', { name: /^(Release|Unhold|End)/ })
    .first()
    .click();
  await confirm(tab, /^(Release|Unhold|End)/);
  await tab
    .getByText(/On hold/)
    .first()
    .waitFor({ state: 'detached' });
  await push(tab, 'main-4', 'Healthy');
  await tab.locator('main').getByText('main-4').first().waitFor();
  await tab.goto(new URL('/overview', page.url).href);
  await tab.locator('main').getByText('waits for approval').first().waitFor({ timeout: 30_000 });
  await tab.locator('main').getByRole('link', { name: 'Review' }).first().click();
  await tab
    .getByRole('button', { name: /^Reject/ })
    .first()
    .click();
  await confirm(tab, /^Reject/);
  await tab.locator('main').getByText('REJECTED').first().waitFor();
  await tab.goto(new URL('/services/staging/web', page.url).href);
  await tab
    .getByRole('button', { name: /^Roll back/ })
    .first()
    .click();
  await confirm(tab, /^Roll back/);
  await tab.getByText('ROLLED_BACK_BY_OPERATOR').first().waitFor({ timeout: 30_000 });
  expect(errors).toEqual([]);
});

it('loses its server, and goes on when it is back', async () => {
  const { tab } = await opened('/overview');
  const port = Number(new URL(page.url).port);
  await page.close();
  await tab.getByText('Connection lost').first().waitFor();
  page = await startPage(port);
  await tab.locator('.is-stale').waitFor({ state: 'detached', timeout: 30_000 });
  await push(tab, 'main-5', 'Healthy');
  await tab.locator('main').getByText('main-5').first().waitFor();
});

it('answers in the shapes of page/api.ts', async () => {
  const { tab } = await opened('/overview');
  const read = async (path: string): Promise<unknown> => (await tab.context().request.get(new URL(path, page.url).href)).json();
  const { services, releases } = (await read('/api/overview')) as Overview;
  const { records } = (await read('/api/history')) as HistoryPage;
  const deployments = records.filter(({ kind }) => kind === 'deployment');
  const wrong = [
    ...wrongIn('overview', await read('/api/overview')),
    ...wrongIn('history', await read('/api/history?outcome=ROLLED_BACK')),
    ...wrongIn('history', await read('/api/history?q=none')),
    ...wrongIn('insights', await read('/api/insights?months=12&stage=last')),
    ...wrongIn('images', await read('/api/images?repository=my-learn-app')),
    ...wrongIn('emulator', await read('/api/emulator')),
    ...wrongIn('preview', await read('/api/preview?command=rollback&service=staging/web')),
    ...wrongIn('error', await read('/api/services/staging/wbe')),
  ];
  for (const { id } of services) wrong.push(...wrongIn('service', await read(`/api/services/${id}`)));
  for (const { repository, id } of releases) wrong.push(...wrongIn('release', await read(`/api/releases/${repository}/${id}`)));
  for (const { service, id } of deployments) wrong.push(...wrongIn('deployment', await read(`/api/deployments/${service}/${id}`)));
  expect(wrong).toEqual([]);
  expect(deployments.length).toBeGreaterThan(3);
});
