import { readFileSync, writeFileSync } from 'node:fs';
import { packageStack } from '../stack/package-stack.js';
import { readConfiguration } from '../stack/read-configuration.js';
import type { Stack } from './account.js';
import { coldStarts } from './cold-start.js';
import { commandUsage } from './command-line.js';
import { gateUsage } from './gate.js';
import { thisMachine } from './machine.js';
import { pageUsage } from './page.js';
import { type Burst, burst, pushUsage } from './pushes.js';
import { quoted } from './quotes.js';
import { releaseUsage } from './releases.js';
import { report } from './report.js';
import { rolloutUsages, shapes } from './rollouts.js';
import { simulation } from './simulation.js';
import { failureTrials, seeds } from './trials.js';
import { waiting } from './waiting.js';

// Node.js 20 is supported for development; the functions run on a later one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Packages the stack with a configuration file and measures it. */
const packagedAs = async <Result>(file: string, measure: (stack: Stack) => Promise<Result>): Promise<Result> => {
  const { directory, output, exitCode, remove } = packageStack(file);
  try {
    if (exitCode !== 0) throw new Error(`the stack of ${file} could not be packaged:\n${output}`);
    return await measure({ directory, configuration: readConfiguration(file) });
  } finally {
    remove();
  }
};

say('packaging, and importing every function many times (about a minute)');
const imported = await packagedAs('slipway.yml', ({ directory, configuration }) => coldStarts(directory, configuration));

const measured = await packagedAs('bench/slipway.yml', async (stack) => {
  say('deploying to services whose rollouts take from one minute to two hours');
  const rollouts = await rolloutUsages(stack);
  const pushes = await pushUsage(stack);
  say('failing tasks, freeing leases, replacing thousands of tasks (about two minutes)');
  const waits = await waiting(stack, seeds);
  say('deploying broken images, with and without Slipway (about a minute)');
  const failures = await failureTrials(stack);
  say('pushing a hundred images in a minute');
  const bursts: Burst[] = [];
  for (const seed of seeds) bursts.push(await burst(stack, seed));
  say('deploying five-minute rollouts one after another');
  return { rollouts, pushes, waiting: waits, failures, bursts, simulation: await simulation(stack, shapes['5 minutes']) };
});

const release = await packagedAs('bench/releases.yml', async (stack) => {
  say('releasing an image to 200 services (about a minute)');
  return releaseUsage(stack);
});
const gate = await packagedAs('bench/gate.yml', gateUsage);

say('starting the command line many times');
const commands = await commandUsage();

say('opening the page in a browser');
const page = await pageUsage();

const text = report({ machine: thisMachine(), coldStarts: imported, ...measured, release, gate, commands, page });
writeFileSync('bench/results.md', text);
for (const file of ['README.md', 'docs/page.md']) writeFileSync(file, quoted(readFileSync(file, 'utf8'), text));
process.stdout.write(text);
