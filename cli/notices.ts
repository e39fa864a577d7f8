import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Manifest = { readonly name: string; readonly version: string; readonly license?: string };

/** `node_modules/@scope/name/dist/index.js` → `node_modules/@scope/name`; undefined for a file of ours. */
const packageOf = (file: string): string | undefined => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];

const licenceOf = (folder: string): string => {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.|$)/i.test(name));
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
};

/** The licences of the packages that bundled files are of, as their terms ask of those who pass the bundle on. */
export const noticesOf = (files: readonly string[]): string => {
  const folders = [...new Set(files.flatMap((file) => packageOf(file) ?? []))].filter((folder) => existsSync(join(folder, 'package.json')));
  const names = new Map<string, string[]>();
  for (const folder of folders) {
    const { name, version, license = '' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const text = licenceOf(folder);
    names.set(text, [...(names.get(text) ?? []), `${name} ${version} ${license}`.trim()]);
  }
  // Many packages have one text.
  return [...names]
    .map(([text, of]) => `${[...new Set(of)].sort().join('\n')}\n\n${text}`.trim())
    .sort()
    .join('\n\n---\n\n')
    .concat('\n');
};
