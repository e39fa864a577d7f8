import { execFile } from 'node:child_process';

/** What `npm run check` consists of, with the commands of node_modules/.bin. All of them run at the same time. */
const parts = [
  { name: 'style', command: 'biome', args: ['check', '.'] },
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'unused', command: 'knip', args: [] },
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
