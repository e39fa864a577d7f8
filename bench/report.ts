import { budgetOf, IMPORT_RATIO } from './budget.js';
import type { ColdStart } from './cold-start.js';
import { INVOCATION, PRICES } from './cost.js';
import { failureSummary, guardTable, reactionSentence, rolledBackTransitions, waiterTable } from './failure-tables.js';
import type { Machine } from './machine.js';
import type { Burst, PushUsage } from './pushes.js';
import { blockOf } from './quotes.js';
import type { RolloutUsage } from './rollouts.js';
import type { Simulation } from './simulation.js';
import { table } from './table.js';
import { seeds, sizes, type Trials } from './trials.js';

export type Results = {
  readonly machine: Machine;
  readonly coldStarts: readonly ColdStart[];
  readonly rollouts: readonly RolloutUsage[];
  readonly pushes: PushUsage;
  readonly failures: Trials;
  readonly bursts: readonly Burst[];
  readonly simulation: Simulation;
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

const burstTable = (bursts: readonly Burst[]): string =>
  table(
    [
      'pushes',
      'deployments that updated the service',
      'releases',
      'runs the newest',
      'at rest after',
      'transitions',
      'invocations',
      'dollars',
    ],
    bursts.map(({ pushes, deployments, outcomes, runsTheNewest, seconds, transitions, invocations, dollars }) => [
      String(pushes),
      String(deployments),
      Object.entries(outcomes)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(', '),
      runsTheNewest ? 'yes' : 'no',
      duration(seconds),
      String(transitions),
      String(invocations),
      `$${dollars.total.toFixed(3)}`,
    ]),
  );

/** What the bench found, for bench/results.md. */
export const report = ({ machine, coldStarts, rollouts, pushes, failures, bursts, simulation }: Results): string => `# What was measured

\`npm run bench\` wrote this, with Node.js ${machine.node} on ${machine.cpu}, on ${machine.date}. Another machine gives other milliseconds;
the ratios, the sizes and the counts are what to go by.

## Cold start

Every function as it is packaged, beside its twin: the same source as esbuild bundles it with its defaults (bundle, minify, platform node,
format cjs). An import is a process of its own, which does what Lambda's runtime does and invokes nothing; packaged and default took turns,
and the medians are given. A function may have 220 KB, 75 KB gzipped, with one client of the SDK, 40 KB and 12 KB more for each further one,
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
A push costs a release besides: with one stage and one service ${pushes.release} transitions, and ${pushes.skipped} where the tag is not to be deployed.
A deployment that ends ROLLED_BACK has, ${rolledBackTransitions(failures)}.

## A broken image

How soon one is acted on, and what is said of it at the end. A service runs a healthy image; then a broken one is deployed to it, once by
Slipway (the deployment machine, started by hand) and once by a person with UpdateService. All of it on the emulator, in virtual time; seconds
are counted from UpdateService to the moment at which ECS begins the way back, whoever was the cause. Never is not within half an hour. Each is
the median of ${seeds.length} trials with different seeds, with the quickest and the slowest where they differ.

The service rolls with ECS's defaults (100 % and 200 %); a task has a container health check every 10 s, of which three may fail. Slipway has
its defaults: it takes a rollout back at the third failed task, or a tenth of the service if that is more, and at the second that cannot pull.
The circuit breaker has its own: half of the service, 3 at least and 200 at most. Its guide counts tasks that do not get to RUNNING and
tasks that fail health checks; whether it counts a container that ran for some seconds and exited, the guide does not say, and people have
seen both ([aws/containers-roadmap#1206](https://github.com/aws/containers-roadmap/issues/1206)). So a crash loop is here twice, under each assumption.

How long a task takes to be placed, pulled and stopped is drawn by the emulator (2 to 6 s, 5 to 20 s, 2 s or more), and is not AWS's. What carries over
is who acts, at which failed task and how many looks later, and what is said.

${blockOf('broken images', failureSummary(failures))}

The figures are for ${sizes.join(' / ')} tasks, or for all of them; they are medians. In full:

${guardTable(failures)}

What ECS says is true, if one asks for the service deployment (DescribeServiceDeployments); it does not say why the tasks failed. What Slipway
says, in full, of the first of these trials: \`${failures.slipway[0]?.says}: ${failures.slipway[0]?.message}\`

${reactionSentence(failures)}

Those who only wait for the service to be stable stop nothing. A service that was taken back is stable again, so they report success. The
CLI's waiter is written here after botocore's model (a look every 15 s, 40 at most), for the CLI itself waits in real time; the SDK's is the
SDK's own, with its default delays (15 s to 600 s, drawn) and a longest wait of 30 minutes, run against virtual time. Both begin 5 s after
UpdateService, when every read shows it; at once they could find the service as stable as it was before.

${waiterTable(failures)}

## A hundred pushes in a minute

A hundred different images for one service of four tasks, pushed one every 600 ms with a tag that is deployed; a row for each of ${bursts.length} seeds. Transitions
and invocations are those of all releases and deployments together; dollars as above.

${burstTable(bursts)}

## The emulator

${simulation.deployments} deployments one after another, warm, in one process, functions from source: a deployment of ${duration(simulation.virtualSeconds)} takes
${simulation.milliseconds.toFixed(0)} ms (median; the slowest ${simulation.slowest.toFixed(0)} ms), which is ${simulation.perSecond.toFixed(1)} a second. The operation for a deployment of five minutes is under 100 ms.
`;
