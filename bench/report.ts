import { budgetOf, IMPORT_RATIO } from './budget.js';
import type { ColdStart } from './cold-start.js';
import { INVOCATION, PRICES } from './cost.js';
import type { Machine } from './machine.js';
import type { RolloutUsage } from './rollouts.js';
import type { Simulation } from './simulation.js';

export type Results = {
  readonly machine: Machine;
  readonly coldStarts: readonly ColdStart[];
  readonly rollouts: readonly RolloutUsage[];
  readonly simulation: Simulation;
};

/** A table of Markdown, aligned for those who read it as text; all columns but the first to the right. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
};

/** 93.4 → `1 min 33 s`; hours from two on. */
export const duration = (seconds: number): string => {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes >= 120) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`;
};

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);

const coldStartTable = (coldStarts: readonly ColdStart[]): string =>
  table(
    [
      'function',
      'clients of the SDK',
      'KB',
      'may be',
      'gzipped',
      'may be',
      'import, ms',
      'by default: KB',
      'import, ms',
      'ratio',
      'within',
    ],
    coldStarts.map(({ name, clientNames, clients, bytes, gzipped, milliseconds, twin, ratio, over }) => {
      const budget = budgetOf(clients);
      return [
        name,
        clientNames.join(', '),
        kilobytes(bytes),
        String(budget.bytes / 1000),
        kilobytes(gzipped),
        String(budget.gzipped / 1000),
        milliseconds.toFixed(1),
        kilobytes(twin.bytes),
        twin.milliseconds.toFixed(1),
        ratio.toFixed(2),
        over.length === 0 ? 'yes' : `no: ${over.join(', ')}`,
      ];
    }),
  );

const rolloutTable = (rollouts: readonly RolloutUsage[]): string => {
  const services = [...new Set(rollouts.flatMap(({ requests }) => Object.keys(requests)))].sort();
  return table(
    [
      'rollout',
      'tasks × healthy after',
      'took',
      'looks',
      'transitions',
      'invocations',
      ...services,
      'Step Functions',
      'Lambda',
      '1,000 of them',
    ],
    rollouts.map(({ about, shape, seconds, looks, transitions, invocations, requests, dollars }) => [
      about,
      `${shape.tasks} × ${shape.secondsToHealthy} s`,
      duration(seconds),
      String(looks),
      String(transitions),
      String(invocations),
      ...services.map((service) => String(requests[service] ?? 0)),
      `$${dollars.stepFunctions.toFixed(6)}`,
      `$${dollars.lambda.toFixed(6)}`,
      `$${(dollars.total * 1000).toFixed(2)}`,
    ]),
  );
};

/** What the bench found, for bench/results.md. */
export const report = ({ machine, coldStarts, rollouts, simulation }: Results): string => `# What was measured

\`npm run bench\` wrote this, with Node.js ${machine.node} on ${machine.cpu}, on ${machine.date}. Another machine gives other milliseconds;
the ratios, the sizes and the counts are what to go by.

## Cold start

Every function as it is packaged, beside its twin: the same source as esbuild bundles it with its defaults (bundle, minify, platform node,
format cjs). An import is a process of its own, which does what Lambda's runtime does and invokes nothing; packaged and default took turns,
and the medians are given. A function may have 220 KB, 75 KB gzipped, with one client of the SDK, 30 KB and 10 KB more for each further one,
and may take ${IMPORT_RATIO} of its twin's time. 1 KB is 1,000 bytes.

${coldStartTable(coldStarts)}

## One deployment

One execution of the deployment machine, started by hand, of the packaged template on the emulator, in virtual time: one service whose
rollout takes about so long, from the start to the message in Slack. The service replaces its tasks one at a time, each of which is healthy
so long after it runs. The columns between invocations and dollars are requests that the functions made of each service.

${rolloutTable(rollouts)}

Prices: $${(PRICES.transition * 1000).toFixed(3)} per 1,000 state transitions; Lambda on arm64 $${PRICES.gigabyteSecond} per GB-second and
$${(PRICES.request * 1_000_000).toFixed(2)} per million requests (us-east-1; free tiers left out). An invocation is assumed to take ${INVOCATION.milliseconds} ms with ${INVOCATION.megabytes} MB.
Left out, because no price of AWS's own was at hand to cite: DynamoDB, SNS, SQS, CloudWatch Logs, Secrets Manager, X-Ray.
A push costs a release besides: 7 transitions, and 3 for each stage and 2 for each service.

## The emulator

${simulation.deployments} deployments one after another, warm, in one process, functions from source: a deployment of ${duration(simulation.virtualSeconds)} takes
${simulation.milliseconds.toFixed(0)} ms (median; the slowest ${simulation.slowest.toFixed(0)} ms), which is ${simulation.perSecond.toFixed(1)} a second. The goal for a deployment of five minutes is under 100 ms.
`;
