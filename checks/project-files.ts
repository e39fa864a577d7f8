import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

export type ProjectFile = { readonly path: string; readonly text: string };

/** The text files that Git tracks or would track, except those that `isLeftOut` names. */
export const projectFiles = (isLeftOut: (path: string) => boolean): ProjectFile[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && !isLeftOut(path) && existsSync(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
    // Pictures are no texts.
    .filter(({ text }) => !text.includes('\0'));
