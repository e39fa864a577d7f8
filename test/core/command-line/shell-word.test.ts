import fc from 'fast-check';
import { commandLine, shellWord } from '../../../core/command-line/shell-word.js';
import { slipwayCommand } from '../../../core/command-line/slipway-command.js';
import { execution } from '../given.js';
import { untrustedWord, wordsOf } from './shell.js';

test.each([
  ['production/web', 'production/web'],
  ['my-learn-app:v1.4.2@sha256:0f', 'my-learn-app:v1.4.2@sha256:0f'],
  ['--since=1h', '--since=1h'],
  ['=ls', "'=ls'"],
  ['*', "'*'"],
  ['', "''"],
  ["it's", "'it'\\''s'"],
])('%j is %s', (word, quoted) => {
  expect(shellWord(word)).toBe(quoted);
});

test('a shell parses a line back into exactly its words', () => {
  const lines = fc.array(fc.array(untrustedWord, { maxLength: 6 }), { minLength: 40, maxLength: 40 });

  fc.assert(
    fc.property(lines, (all) => {
      expect(wordsOf(all.map((words) => commandLine(['npx', ...words])))).toEqual(all);
    }),
    { numRuns: 5 },
  );
});

test('a command names the installed command line, and the stage and Region of the execution', () => {
  const words = ['show', "it's"];
  const [partition, region] = ['arn:aws-cn:states', 'cn-north-1'];

  expect(slipwayCommand(words, execution)).toBe("npx --no-install slipway show 'it'\\''s' --stage dev --region eu-west-1");
  expect(slipwayCommand(['status'], `${partition}:${region}:123456789012:execution:slipway-my-stage-release:one`)).toBe(
    'npx --no-install slipway status --stage my-stage --region cn-north-1',
  );
});
