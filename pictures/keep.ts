import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page as Tab } from 'playwright-core';
import type { Theme } from './scene.js';

export const folder = 'docs/pictures';

/** A repository keeps every version of a picture. */
export const bytesAtMost = 100_000;

/** Writes a picture as WebP, which is smaller than PNG. @throws Error if it is too large to keep */
const keep = async (browser: Browser, png: Buffer, name: string): Promise<void> => {
  const tab = await browser.newPage();
  const webp = Buffer.from(await tab.evaluate<string>(`(${toWebp})('${png.toString('base64')}')`), 'base64');
  await tab.close();
  const file = join(folder, `${name}.webp`);
  if (webp.length > bytesAtMost) throw new Error(`${file} would have ${webp.length} bytes; at most ${bytesAtMost} are kept`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, webp);
  console.log(`${file}: ${Math.ceil(webp.length / 1000)} kB`);
};

// A text, because it runs in the browser, whose types are not those of this project.
const toWebp = `async (base64) => {
  const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,' + base64)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 0.74 })).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}`;

/** What a tab shows; `name` without its theme. */
export const keepTab = async (browser: Browser, tab: Tab, name: string, theme: Theme): Promise<void> =>
  keep(browser, await tab.screenshot(), `${name}-${theme}`);

/** The element `.picture` of a page of our own, half as fine again as it is shown. */
export const keepHtml = async (browser: Browser, html: string, name: string, theme: Theme): Promise<void> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 });
  const tab = await context.newPage();
  await tab.setContent(html);
  const png = await tab.locator('.picture').screenshot({ omitBackground: true });
  await context.close();
  await keep(browser, png, `${name}-${theme}`);
};
