import { projectFiles } from './project-files.js';

// Fails on lines of Markdown of 120 characters or more: short lines make short diffs. What cannot be wrapped may be
// longer: rows of tables, code, and a line that is only a link.
const limit = 120;
const row = /^\s*\|/;
const link = /^\s*(?:- )?(?:\[[^\]]+\]: |<|\[[^\]]+\]\()?https?:\S+$/;
const onlyCode = /^\s*- `[^`]+`(?:: `[^`]+`)?(?:, required)?$/;
const isExempt = (line: string): boolean => [row, link, onlyCode].some((form) => form.test(line));
const withoutCode = (text: string): string => text.replace(/^( *)```[\s\S]*?^\1```$/gm, (block) => block.replace(/.+/g, ''));

const tooLong = projectFiles((path) => !path.endsWith('.md')).flatMap(({ path, text }) =>
  withoutCode(text)
    .split('\n')
    .map((line, index) => ({ at: `${path}:${index + 1}`, line }))
    .filter(({ line }) => line.length >= limit && !isExempt(line)),
);
for (const { at, line } of tooLong) console.log(`${at}: ${line.length} characters, at most ${limit - 1}: ${line.slice(0, 60)}…`);
console.log(tooLong.length === 0 ? 'no line is too long' : `${tooLong.length} lines are too long`);
process.exitCode = tooLong.length === 0 ? 0 : 1;
