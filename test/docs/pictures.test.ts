import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { bytesAtMost, folder } from '../../pictures/keep.js';
import { type Page, pages } from './pages.js';

/** A `<picture>` of a page: the file of each theme, and what it says to those who do not see it. */
type Picture = { readonly page: string; readonly dark: string; readonly light: string; readonly alt: string };

const picturesOf = ({ name, text }: Page): Picture[] =>
  [...text.matchAll(/<picture>(.*?)<\/picture>/gs)].map(([, content = '']) => {
    const of = (pattern: RegExp): string => pattern.exec(content)?.[1] ?? '';
    const file = (path: string): string => normalize(join(dirname(name), path));
    return {
      page: name,
      dark: file(of(/prefers-color-scheme: dark\)" srcset="([^"]+)"/)),
      light: file(of(/<img [^>]*src="([^"]+)"/)),
      alt: of(/<img [^>]*alt="([^"]+)"/),
    };
  });

const shown = pages.flatMap(picturesOf);
const files = shown.flatMap(({ dark, light }) => [dark, light]);

it('shows pictures that are there, are small, and say what they show', () => {
  const wrong = shown.filter(({ alt }) => alt.length < 20).map(({ page, light }) => `${page}: ${light} has no alternative text`);
  const missing = files.filter((file) => !existsSync(file));
  const large = files.filter((file) => existsSync(file) && statSync(file).size > bytesAtMost);
  expect({ wrong, missing, large }).toEqual({ wrong: [], missing: [], large: [] });
  expect(shown.map(({ page }) => page)).toEqual(expect.arrayContaining(['README.md', 'docs/cli.md', 'docs/page.md']));
});

it('shows the same picture in both themes', () => {
  expect(shown.map(({ light }) => light.replace('-light.', '-dark.'))).toEqual(shown.map(({ dark }) => dark));
});

it('keeps no picture that no page shows', () => {
  expect(
    readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((file) => !files.includes(file)),
  ).toEqual([]);
});
