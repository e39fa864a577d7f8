import { execFile } from 'node:child_process';

/** The parts of `npm run check`: commands of node_modules/.bin, which run at the same time. */
const parts = [
  { name: 'style', command: 'biome', args: ['check', '.'] },
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'client types', command: 'tsc', args: ['-p', 'page/client'] },
  { name: 'unused', command: 'knip', args: [] },
  { name: 'words', command: 'tsx', args: ['checks/retired-words.ts'] },
  { name: 'markdown', command: 'tsx', args: ['checks/markdown.ts'] },
];

type Result = { readonly name: string; readonly passed: boolean; readonly seconds: string; readonly output: string };

const run = ({ name, command, args }: (typeof parts)[number]): Promise<Result> =>
  new Promise((resolve) => {
    const startedAt = performance.now();
    execFile(`node_modules/.bin/${command}`, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      resolve({ name, passed: error === null, seconds, output: stdout + stderr || (error?.message ?? '') });
    });
  });

const results = await Promise.all(parts.map(run));
for (const { name, output } of results.filter(({ passed }) => !passed)) console.log(`== ${name}\n${output.trim()}\n`);
for (const { name, passed, seconds } of results) console.log(`${passed ? 'passed' : 'FAILED'}  ${name}  ${seconds} s`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
