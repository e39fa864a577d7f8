import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const known = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine: of the variable CHROMIUM, or a known one. Undefined if it has none. */
export const chromiumPath = (): string | undefined => process.env.CHROMIUM || known.find((path) => existsSync(path));

/** @throws Error if this machine has no Chromium */
export const launchBrowser = async (): Promise<Browser> => {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('no Chromium is on this machine; install it, or set CHROMIUM to its path');
  // Chromium's sandbox refuses to run as root, as in a container.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
};
