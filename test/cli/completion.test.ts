import { spawnSync } from 'node:child_process';
import { completionOf } from '../../cli/completion.js';
import type { Context } from '../../cli/context.js';
import { verbs } from '../../cli/verbs.js';

const scriptFor = async (shell: string): Promise<string> => {
  const printed: string[] = [];
  const terminal = { print: (text: string) => printed.push(text) };
  await completionOf(verbs)({ terminal } as unknown as Context, [shell], { json: false });
  return printed.join('\n');
};

const hasZsh = spawnSync('zsh', ['-c', 'true']).status === 0;

/** What bash offers for the last word. */
const offeredByBash = async (...words: string[]): Promise<string[]> => {
  const script = `${await scriptFor('bash')}
COMP_WORDS=(slipway "$@"); COMP_CWORD=$#; _slipway; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
};

test('bash completes commands, also after common options', async () => {
  expect(await offeredByBash('st')).toEqual(['status']);
  expect(await offeredByBash('--stage', 'prod', 'hist')).toEqual(['history']);
  expect(await offeredByBash('--sta')).toEqual(['--stage']);
  expect(await offeredByBash('')).toEqual(expect.arrayContaining(verbs.map(({ name }) => name)));
});

test('bash completes the options of a command, and the common ones', async () => {
  expect(await offeredByBash('history', 'production/web', '--li')).toEqual(['--limit']);
  expect(await offeredByBash('history', '--re')).toEqual(['--repository', '--region']);
  expect(await offeredByBash('status', '--li')).toEqual([]);
  expect(await offeredByBash('status', 'nothing')).toEqual([]);
});

// `_describe` is a function of zsh's completion system, which only a line editor can call: it is replaced by one that prints.
test('zsh completes with descriptions, where there is a zsh', async () => {
  const script = `compdef() { : }; _describe() { print -l -- "$described[@]" }
${await scriptFor('zsh')}
words=(slipway history --li); CURRENT=3; _slipway`;
  const { stdout, stderr } = spawnSync('zsh', ['-fc', script], { encoding: 'utf8' });

  if (hasZsh) expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^--limit:how many, at most 100$/m), stderr: '' });
  else expect(script).toContain("'--limit:how many, at most 100'");
});
