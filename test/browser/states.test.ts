import { ids, overview, services, untrusted } from '../support/page/canned.js';
import { type CannedPage, startCannedPage, useCannedPages } from '../support/page/canned-server.js';
import { useBrowser } from '../support/page/tabs.js';

const { open } = useBrowser();
const { pageOf } = useCannedPages();
const search = `/deployments/production/search/${ids.search}`;

it('gets its session by itself beside the emulator, on any route', async () => {
  const { url } = await pageOf();
  const routes = {
    '/': 'Under way',
    [search]: 'WatchRollout',
    '/services/production/billing': 'main-73',
    '/history': 'ROLLED_BACK',
    '/insights': 'CRASHED',
  };
  for (const [route, shows] of Object.entries(routes)) {
    const { tab, errors } = await open({ url, route, isFirstVisit: true });
    await tab.locator('main').getByText(shows).first().waitFor({ state: 'attached' });
    expect({ route, errors, denied: await tab.getByText('no session').count() }).toEqual({ route, errors: [], denied: 0 });
  }
});

it('takes the token of its address once, and removes it', async () => {
  const { url } = await pageOf({ mode: 'account' });
  const { tab } = await open({ url, isFirstVisit: true });
  await tab.getByText('Under way').first().waitFor();
  expect(new URL(tab.url()).hash).toBe('');
  await tab.reload();
  await tab.getByText('Under way').first().waitFor();
  const again = await open({ url, isFirstVisit: true });
  await again.tab.getByText('slipway open').first().waitFor();
  expect(await again.tab.getByText('production/checkout').count()).toBe(0);
});

it('says that the connection is lost, keeps the alarms, and comes back by itself', async () => {
  const page = await startCannedPage();
  const port = Number(new URL(page.url).port);
  let back: CannedPage | undefined;
  try {
    const { tab } = await open({ url: page.url, route: '/overview' });
    await tab.getByText('Under way').first().waitFor();
    await page.close();
    await tab.getByText('Connection lost').first().waitFor();
    expect(await tab.locator('main').getByText('ROLLBACK_FAILED').first().isVisible()).toBe(true);
    expect(await tab.getByRole('button', { name: /^Deploy/ }).isDisabled()).toBe(true);
    back = await startCannedPage({ port });
    await tab.locator('.is-stale').waitFor({ state: 'detached', timeout: 20_000 });
    const [row] = services;
    back.emit({ type: 'service', data: { ...row!, sources: [{ ...row!.sources[0]!, tag: 'main-99' }] } });
    await tab.getByText('main-99').waitFor();
  } finally {
    await (back ?? page).close();
  }
});

it('in an account says after a restart of the server which command opens it again', async () => {
  const page = await startCannedPage({ mode: 'account' });
  const port = Number(new URL(page.url).port);
  const { tab } = await open({ url: page.url, isFirstVisit: true });
  await tab.getByText('Under way').first().waitFor();
  await page.close();
  const back = await startCannedPage({ mode: 'account', port });
  try {
    await tab.getByText('The session has ended').waitFor({ timeout: 20_000 });
    await tab.getByText('slipway open').first().waitFor();
  } finally {
    await back.close();
  }
});

it.each([
  ['expired', 'aws sso login --profile prod'],
  ['denied', 'ecs:DescribeServices'],
  ['calm', 'billing'],
])('in the state %s it says %s, and shows the rest', async (variant, text) => {
  const { url } = await pageOf({ variant });
  const { tab, errors } = await open({ url, route: '/overview' });
  await tab.getByText(text).first().waitFor();
  await tab.getByText('reports').first().waitFor();
  expect(errors).toEqual([]);
});

it('shows a record of another schema as it is', async () => {
  const { url } = await pageOf();
  const { tab } = await open({ url, route: '/history' });
  await tab.getByText('its schema is 3').first().waitFor();
  const details = tab.getByText(/JSON/).first();
  await details.click();
  await tab.getByText('{"schema":3').or(tab.getByText('"schema": 3')).first().waitFor();
});

it.each(['/services/production/serach', '/releases/my-learn-app/none', '/nowhere'])('says of %s what was looked for', async (route) => {
  const { url } = await pageOf();
  const { tab, errors } = await open({ url, route });
  const main = tab.locator('main');
  await main
    .getByText(route.split('/').at(-1) ?? '')
    .first()
    .waitFor();
  expect(await main.getByRole('link').count()).toBeGreaterThan(0);
  expect(errors).toEqual([]);
});

it('says without JavaScript what to do instead', async () => {
  const { url } = await pageOf();
  const { tab } = await open({ url, isWithoutScript: true });
  expect(await tab.locator('noscript').textContent()).toContain('slipway status');
});

it('shows as text what would be an element', async () => {
  const { url } = await pageOf({ variant: 'untrusted' });
  const routes = ['/overview', search, `/releases/my-learn-app/${ids.release}`, '/services/production/billing', '/history', '/insights'];
  for (const route of routes) {
    const { tab, errors } = await open({ url, route });
    if (route !== '/insights') await tab.locator('main').getByText('<script>').first().waitFor({ state: 'attached' });
    if (route.startsWith('/services')) {
      await tab.keyboard.press('r');
      await tab.getByRole('dialog').getByText('<script>').first().waitFor();
    }
    const made = await tab.evaluate(
      `[document.querySelectorAll('img, [onerror], iframe, body script:not([type])').length, document.title.startsWith('ran')]`,
    );
    const outside = await tab.evaluate(
      `[...document.querySelectorAll('a[href]')].filter((a) => a.origin !== location.origin && !(a.protocol === 'https:' && a.rel.includes('noopener'))).length`,
    );
    expect({ route, made, outside, errors }).toEqual({ route, made: [0, false], outside: 0, errors: [] });
  }
  expect(untrusted).toContain('<script>');
});

it('is shown in no frame of another page', async () => {
  const { url } = await pageOf();
  const { tab } = await open({ url: 'about:blank', isFirstVisit: true });
  await tab.setContent(`<iframe src="${url}"></iframe>`);
  await tab.waitForTimeout(300);
  const [, frame] = tab.frames();
  expect(await frame?.locator('#page').count()).toBe(0);
});

it('changes a row in its place', async () => {
  const page = await pageOf({ records: 20 });
  const { tab } = await open({ url: page.url, route: '/overview' });
  const names = () => tab.locator('main tbody tr[data-service]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-service')));
  await tab.getByText('Rolling out 3/8').first().waitFor();
  const before = await names();
  const row = overview.services.find(({ id }) => id === 'production/orders-api');
  page.emit({ type: 'service', data: { ...row!, state: { ...row!.state, done: 7 } } });
  await tab.getByText('Rolling out 7/8').first().waitFor();
  expect(await names()).toEqual(before);
  expect(before).toHaveLength(19);
});

it('shows 200 services of which 8 move, and pages through 2,000 records', async () => {
  const { url } = await pageOf({ variant: 'many', records: 2000 });
  const { tab, errors } = await open({ url, route: '/overview' });
  await tab.getByRole('button', { name: 'Moving 8' }).click();
  expect(await tab.locator('tr[data-service]').count()).toBe(8);
  await tab.getByRole('button', { name: 'All 200' }).click();
  expect(await tab.locator('tr[data-service]').count()).toBe(200);

  await tab.goto(new URL('/history', url).href);
  for (let pages = 2; pages <= 6; pages++) {
    await tab.getByRole('button', { name: 'Show 100 more' }).click();
    await tab.getByText(`${pages * 100} of 2,000`).waitFor();
  }
  expect(await tab.locator('tbody tr').count()).toBeLessThan(300);
  expect(errors).toEqual([]);
});
