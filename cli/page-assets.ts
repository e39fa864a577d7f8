import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Asset } from '../page/build.js';
import { CommandError } from './command-error.js';

/** Beside the bundle of this file, or, from source, where `npm run build:cli` writes it. */
const folders = ['../page/', './package/dist/page/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** The page's script and style, as they were built with the command line. @throws CommandError if they are missing */
export const builtAssets = (): readonly Asset[] => {
  const folder = folders.find((path) => existsSync(`${path}page.js`));
  if (folder === undefined)
    throw new CommandError(
      `the files of the page are not in ${folders[0]}; install the package again, or run npm run build:cli in the checkout`,
      { code: 'NO_PAGE' },
    );
  return readdirSync(folder).map((name) => ({ name, contents: readFileSync(`${folder}${name}`) }));
};
