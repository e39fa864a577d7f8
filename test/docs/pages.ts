import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One markdown file of the repository; `name` is its path from the root. */
export type Page = { readonly name: string; readonly text: string };

const skipped = ['node_modules', '.git', '.serverless', '.esbuild', 'coverage'];

const below = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return below(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });

const root = process.cwd();

export const pages: readonly Page[] = below(root).map((path) => ({ name: relative(root, path), text: readFileSync(path, 'utf8') }));

export const pageNamed = (name: string): string => {
  const page = pages.find((one) => one.name === name);
  if (!page) throw new Error(`there is no ${name}; there are ${pages.map((one) => one.name).join(', ')}`);
  return page.text;
};

const codeBlock = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

/** The code blocks of a page that are marked as this language. */
export const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(codeBlock)].filter(([, , marked]) => marked === language).map(([, , , code = '']) => code);

/** The inputs of executions that a page shows: its blocks of JSON, and what its command lines start executions with. */
export const inputs = (text: string): object[] => {
  const typed = blocks(text, 'sh').flatMap((code) => [...code.matchAll(/--(?:input|payload) '([^']*)'/g)].map(([, input = '']) => input));
  return [...blocks(text, 'json'), ...typed].map((input) => JSON.parse(input) as object);
};

/** What is prose: code blocks and code in a line promise no links. */
export const prose = (text: string): string => text.replace(codeBlock, '').replace(/`[^`\n]*`/g, '');

/** The anchors of a page: those that GitHub gives to its headings, and those that it sets itself. */
export const anchors = (text: string): string[] => {
  const content = text.replace(codeBlock, '');
  const headings = [...content.matchAll(/^#+ +(.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
  return [...headings, ...[...content.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
};
