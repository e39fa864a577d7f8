import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.js';
import { startCannedPage } from './canned-server.js';

// A picture of a route over canned answers: npx tsx test/support/page/shot.ts /overview overview.png --dark --width 390 --variant calm
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dark: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    width: { type: 'string', default: '1440' },
    height: { type: 'string', default: '900' },
    variant: { type: 'string', default: 'bad' },
    mode: { type: 'string', default: 'account' },
    press: { type: 'string', default: '' },
    click: { type: 'string', default: '' },
  },
});
const [route = '/overview', file = 'page.png'] = positionals;
const page = await startCannedPage({ variant: values.variant, mode: values.mode === 'emulator' ? 'emulator' : 'account' });
const browser = await launchBrowser();
try {
  const tab = await browser.newPage({
    viewport: { width: Number(values.width), height: Number(values.height) },
    colorScheme: values.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Berlin',
  });
  tab.on('console', (message) => console.log(`console: ${message.text()}`));
  tab.on('pageerror', (error) => console.log(`error: ${error.message}`));
  await tab.goto(page.url);
  await tab.waitForTimeout(300);
  await tab.goto(new URL(route, page.url).href);
  await tab.waitForTimeout(600);
  for (const key of values.press.split(' ').filter(Boolean)) await tab.keyboard.press(key);
  if (values.click) await tab.getByRole('button', { name: values.click }).first().click();
  await tab.waitForTimeout(400);
  await tab.screenshot({ path: file, fullPage: values.full });
} finally {
  await browser.close();
  await page.close();
}
