import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Emulator } from '../emulator/emulator.js';
import { runCommand } from './command.js';
import { push, repository } from './example.js';
import { showTimeline, startTrial } from './trial.js';

const help = `Deploys four times on the emulator, from a push to a message, in virtual time.

  npm run demo [-- --json]

  --json   a JSON object a line, in place of a text for people
  --help   this text

Exit status: 0 when each ended as it should, 1 otherwise.`;

/** One story: what is done, and which outcome it must have. */
type Chapter = { readonly title: string; readonly expected: string; readonly act: (emulator: Emulator) => Promise<unknown> };

const machineArn = ({ account }: Emulator, name: string): string => account.arn('states', `stateMachine:slipway-dev-${name}`);

const chapters: readonly Chapter[] = [
  {
    title: `a healthy image is pushed: ${repository}:main-2`,
    expected: 'SUCCEEDED',
    act: (emulator) => push(emulator, 'main-2', 'healthy'),
  },
  {
    title: `an image that crashes on start is pushed: ${repository}:main-3`,
    expected: 'ROLLED_BACK',
    act: (emulator) => push(emulator, 'main-3', 'crashes-on-start'),
  },
  {
    title: `a person starts a deployment by hand: ${repository}:main-1 to production/worker`,
    expected: 'SUCCEEDED',
    act: (emulator) => {
      const { accountId, region } = emulator.account;
      const input = {
        service: 'production/worker',
        image: `${accountId}.dkr.ecr.${region}.amazonaws.com/${repository}:main-1`,
        by: 'ada',
        reason: 'main-2 writes too many logs',
      };
      const start = new StartExecutionCommand({ stateMachineArn: machineArn(emulator, 'deployment'), input: JSON.stringify(input) });
      return new SFNClient(emulator.clientConfig()).send(start);
    },
  },
  {
    title: `a tag that no policy matches is pushed: ${repository}:feature-x`,
    expected: 'SKIPPED',
    act: (emulator) => push(emulator, 'feature-x', 'healthy'),
  },
];

type Row = {
  readonly what: string;
  readonly outcome: string;
  readonly seconds: number;
  readonly transitions: number;
  readonly why: string;
};

/** The executions that have ended since, with what they cost. */
const rowsSince = ({ account }: Emulator, seen: number): Row[] =>
  account.services.states
    .executions()
    .slice(seen)
    .map(({ arn, machineArn: machine, input, output, error, cause, startTime, stopTime }) => {
      const typed = input as { service?: string; detail?: { 'image-tag'?: string } };
      const ending = (output ?? { outcome: error, sentence: cause }) as { outcome: string; sentence: string };
      return {
        what: typed.service ?? `${machine.split('-').at(-1)} of ${typed.detail?.['image-tag'] ?? ''}`,
        outcome: ending.outcome,
        seconds: Math.round(((stopTime ?? startTime) - startTime) / 1000),
        transitions: account.services.states.transitions(arn),
        why: ending.sentence,
      };
    });

const table = (rows: readonly Row[]): string[] => [
  `${'what'.padEnd(22)}${'outcome'.padEnd(14)}${'virtual time'.padStart(13)}${'transitions'.padStart(13)}  why`,
  ...rows.map(({ what, outcome, seconds, transitions, why }) => {
    const time = `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2)} s`;
    return `${what.padEnd(22)}${outcome.padEnd(14)}${time.padStart(13)}${String(transitions).padStart(13)}  ${why}`;
  }),
];

const run = async ({ json }: { json: boolean }): Promise<boolean> => {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const say = (title: string) => print(json ? JSON.stringify({ chapter: title }) : `\n${title}`);
  const { emulator, close } = await startTrial({ port: 0 });
  try {
    const end = showTimeline(emulator, { json, print });
    const all: Row[] = [];
    let isAsExpected = true;
    for (const [index, { title, expected, act }] of chapters.entries()) {
      say(`${index + 1}. ${title}`);
      const seen = emulator.account.services.states.executions().length;
      await act(emulator);
      await emulator.account.clock.run();
      const rows = rowsSince(emulator, seen);
      isAsExpected &&= rows[0]?.outcome === expected;
      all.push(...rows);
    }
    end();
    if (json) for (const row of all) print(JSON.stringify({ result: row }));
    else print(['', ...table(all)].join('\n'));
    return isAsExpected;
  } finally {
    await close();
  }
};

await runCommand(help, { json: { type: 'boolean', default: false } }, ({ json }) => run({ json: json === true }));
