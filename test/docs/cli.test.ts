import { readFileSync } from 'node:fs';
import { exitStatuses } from '../../cli/exit-status.js';
import { programOf } from '../../cli/program.js';
import { verbs } from '../../cli/verbs.js';

const page = readFileSync('docs/cli.md', 'utf8');

/** The words of a line as a shell reads them, without expansion; what follows `|`, `>`, `&&` or a comment is not the command's. */
const wordsOf = (line: string): string[] => {
  const words = [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word);
  const end = words.findIndex((word) => /^(#|\||>|&&)/.test(word));
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
};

const shellBlocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block.replaceAll('\\\n', ' '));
const lines = [
  ...verbs.flatMap(({ examples }) => examples.map(([command]) => command)),
  ...shellBlocks.flatMap((block) => block.split('\n')),
];
const commands = lines.flatMap((line) => /(?:^|npx --no-install |<\()(slipway .*?)\)?$/.exec(line.trim())?.[1] ?? []);

test('every example of help and of the page is a command line that the program takes', async () => {
  expect(commands.length).toBeGreaterThan(20);
  const taken: string[] = [];
  for (const command of commands) {
    const program = programOf(verbs, async ({ name }) => void taken.push(name));
    await program.parseAsync(wordsOf(command).slice(1), { from: 'user' }).catch((error: Error) => {
      throw new Error(`${command}: ${error.message}`);
    });
  }
  expect(new Set(taken)).toEqual(new Set(verbs.map(({ name }) => name)));
});

test('the page has every exit status', () => {
  const [, section = ''] = page.split('## Exit statuses\n');
  const [table = ''] = section.split('\n## ');
  const listed = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, status]) => Number(status));

  expect(listed).toEqual([...new Set([...Object.values(exitStatuses), 1])].sort((one, other) => one - other));
});
