import { spawnSync } from 'node:child_process';
import { chromiumPath } from '../support/page/browser.js';

// The tests of the page in a browser. Arguments are Jest's.
if (chromiumPath() !== undefined) {
  const jest = ['node_modules/jest/bin/jest.js', 'test/browser', ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, jest, { stdio: 'inherit' }).status ?? 1;
} else console.log('SKIPPED: no Chromium is on this machine; install it, or set CHROMIUM to its path');
