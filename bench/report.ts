import { budgetOf, IMPORT_RATIO } from './budget.js';
import type { ColdStart } from './cold-start.js';
import type { CommandUsage } from './command-line.js';
import { INVOCATION, PRICES } from './cost.js';
import { duration } from './duration.js';
import { failureSummary, guardTable, reactionSummary, rolledBackTransitions, waiterTable } from './failure-tables.js';
import type { GateUsage } from './gate.js';
import type { Machine } from './machine.js';
import { median } from './median.js';
import type { PageUsage } from './page.js';
import { pageSection } from './page-report.js';
import type { Burst, PushUsage } from './pushes.js';
import { blockOf } from './quotes.js';
import { releaseSection } from './release-report.js';
import type { ReleaseUsage } from './releases.js';
import type { RolloutUsage } from './rollouts.js';
import type { Simulation } from './simulation.js';
import { table } from './table.js';
import { seeds, sizes, type Trials } from './trials.js';
import type { Waiting } from './waiting.js';

export type Results = {
  readonly machine: Machine;
  readonly coldStarts: readonly ColdStart[];
  readonly rollouts: readonly RolloutUsage[];
  readonly pushes: PushUsage;
  readonly waiting: Waiting;
  readonly failures: Trials;
  readonly bursts: readonly Burst[];
  readonly release: ReleaseUsage;
  readonly gate: GateUsage;
  readonly commands: readonly CommandUsage[];
  readonly page: PageUsage;
  readonly simulation: Simulation;
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
      'on Node.js 24, ms',
      'by default, ms',
      'within',
    ],
    coldStarts.map(({ name, clientNames, clients, bytes, gzipped, milliseconds, onLambda, twin, ratio, over }) => {
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
        onLambda?.milliseconds.toFixed(1) ?? '',
        onLambda?.byDefault.toFixed(1) ?? '',
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
      'events',
      'transitions',
      'when it polled',
      'history',
      'invocations',
      ...services,
      'Step Functions',
      'Lambda',
      '1,000 of them',
      'when it polled, 1,000',
    ],
    rollouts.map(({ about, shape, seconds, looks, events, history, polling, transitions, invocations, requests, dollars }) => [
      about,
      `${shape.tasks} × ${shape.secondsToHealthy} s`,
      duration(seconds),
      String(looks),
      String(events),
      String(transitions),
      String(polling.transitions),
      String(history),
      String(invocations),
      ...services.map((service) => String(requests[service] ?? 0)),
      `$${dollars.stepFunctions.toFixed(6)}`,
      `$${dollars.lambda.toFixed(6)}`,
      `$${(dollars.total * 1000).toFixed(2)}`,
      `$${polling.dollars.toFixed(2)}`,
    ]),
  );
};

/** `0.8 (0.3–2.4)`: the median, the least and the most. */
const spread = (values: readonly number[], digits = 2): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;

const waitingTable = ({ events, reactions, handovers, massFailures }: Waiting): string => `${table(
  ['tasks', 'seconds from the event that reaches the limit to StopServiceDeployment', 'trials'],
  reactions.map(({ tasks, seconds }) => [String(tasks), spread(seconds), String(seconds.length)]),
)}

Events that invoke a function while a service of so many tasks is replaced by a healthy image:
${events.map((one) => `${one.events} for ${one.tasks} tasks`).join(', ')}.
Seconds from the state in which a deployment frees the lease until the one that waits for it registers its revision:
${spread(handovers)}.

${table(
  ['of 2,000 tasks, failed', 'within, s', 'counted', 'looks until the rollback', 'seconds from the last one to StopServiceDeployment'],
  massFailures.map(({ failed, within, counted, looks, lag }) => [
    String(failed),
    within.toFixed(2),
    String(counted),
    String(looks),
    lag.toFixed(2),
  ]),
)}`;

const burstTable = (bursts: readonly Burst[]): string =>
  table(
    [
      'pushes',
      'deployments that updated the service',
      'releases',
      'runs the newest',
      'passed over: ended after the push that passed it, s',
      'idle after',
      'transitions',
      'invocations',
      'dollars',
    ],
    bursts.map(({ pushes, deployments, outcomes, runsTheNewest, passedOver, seconds, transitions, invocations, dollars }) => [
      String(pushes),
      String(deployments),
      Object.entries(outcomes)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(', '),
      runsTheNewest ? 'yes' : 'no',
      spread(passedOver, 1),
      duration(seconds),
      String(transitions),
      String(invocations),
      `$${dollars.total.toFixed(3)}`,
    ]),
  );

const commandTable = (commands: readonly CommandUsage[]): string =>
  table(
    ['process', 'ms', 'ratio', 'may be', 'within'],
    commands.map(({ command, milliseconds, ratio, mayBe }) => [
      command,
      milliseconds.toFixed(0),
      ratio.toFixed(2),
      String(mayBe),
      ratio <= mayBe ? 'yes' : 'no',
    ]),
  );

/** The text of bench/results.md. Prose lines stay under 120 characters. */
export const report = (results: Results): string => {
  const { machine, coldStarts, rollouts, pushes, waiting, failures, bursts, release, gate, commands, page, simulation } = results;
  return `# Measurements

Written by \`npm run bench\` with Node.js ${machine.node} on ${machine.cpu}, ${machine.date}.
Another machine gives other milliseconds; ratios, sizes and counts are comparable.

## Cold start

Each function as it is packaged, compared with the same source bundled with esbuild's defaults (bundle, minify,
platform node, format cjs). An import is a process of its own that does what Lambda's runtime does and invokes nothing.
Packaged and default bundles alternate; the medians are given. With one SDK client a function may have 225 KB, 78 KB
gzipped, and 40 KB and 12 KB more for each further client. Its import may take ${IMPORT_RATIO} of the default bundle's time.
Node.js 24 is Lambda's runtime. 1 KB is 1,000 bytes.

${coldStartTable(coldStarts)}

## One deployment

One execution of the deployment machine, started by hand, with the packaged template on the emulator, in virtual time.
The service replaces its tasks one at a time; a task becomes healthy the given time after it starts. The time runs from
the start of the execution to the message in Slack. Events are those of ECS that invoked a function; history counts the
events of the execution's history. The columns between invocations and Step Functions count the functions' requests to
each AWS service. "When it polled" is what the last version needed that looked at ECS again and again, by this bench.

${rolloutTable(rollouts)}

Prices: $${(PRICES.transition * 1000).toFixed(3)} per 1,000 state transitions;
Lambda on arm64 $${PRICES.gigabyteSecond} per GB-second and $${(PRICES.request * 1_000_000).toFixed(2)} per million requests
(us-east-1, without the free tier). An invocation is assumed to take ${INVOCATION.milliseconds} ms with ${INVOCATION.megabytes} MB.
DynamoDB, SNS, SQS, CloudWatch Logs, Secrets Manager and X-Ray are not included.
A push also runs a release: ${pushes.release} transitions with one stage and one service, ${pushes.skipped} for a tag that is not deployed.
Transitions of a deployment that ends ROLLED_BACK, without the 1 of each look: ${rolledBackTransitions(failures)}.

## What wakes a deployment

A crash loop without a circuit breaker, on services of the given size; then a lease that is freed; then a large
service of which two hundred tasks fail at one time. The median, the least and the most, in virtual seconds.

${waitingTable(waiting)}

## A broken image

How soon a broken image is stopped, and what is reported at the end. A service runs a healthy image. Then a broken
image is deployed, once by Slipway (the deployment machine, started by hand), once by an operator with UpdateService.
Everything runs on the emulator, in virtual time. Seconds are counted from UpdateService until ECS begins the rollback,
for any cause. "Never" means not within half an hour. Each value is the median of ${seeds.length} trials with different seeds,
with the fastest and the slowest where they differ.

The service uses ECS's defaults (100 % and 200 %). A task has a container health check every 10 s; three may fail.
Slipway uses its defaults: it stops a rollout at the third failed task, or at a tenth of the service if that is more,
and at the second task that cannot pull its image. The circuit breaker uses its defaults: half of the service, at least
3 and at most 200. AWS documents that it counts tasks that do not reach RUNNING and tasks that fail health checks.
Whether it counts a container that ran for some seconds and exited is not documented, and both have been reported
([aws/containers-roadmap#1206](https://github.com/aws/containers-roadmap/issues/1206)).
The crash loop is therefore measured under each assumption.

The emulator draws how long a task takes to be placed, pulled and stopped (2 to 6 s, 5 to 20 s, at least 2 s). AWS has
other times. What carries over is which mechanism stops the rollout, at which failed task, how many looks later, and
what is reported.

${blockOf('broken images', failureSummary(failures))}

Times are medians for ${sizes.join(' / ')} tasks, or one value for all of them. In full:

${guardTable(failures)}

The status that ECS reports (DescribeServiceDeployments) is true, but does not say why the tasks failed.
Slipway's message in the first of these trials:

- \`${failures.slipway[0]?.says}: ${failures.slipway[0]?.message}\`

${reactionSummary(failures)}

Waiters for a stable service stop nothing. A service that was rolled back is stable again, so they report success.
The CLI's waiter is modelled on botocore's (a look every 15 s, at most 40), because the CLI itself waits in real time.
The SDK's waiter is the SDK's own, with its default delays (15 s to 600 s, drawn) and a limit of 30 minutes, run in
virtual time. Both begin 5 s after UpdateService, when every read shows the update; earlier they could find the service
as stable as before it.

${waiterTable(failures)}

## A hundred pushes in a minute

A hundred different images for one service of four tasks, one pushed every 600 ms with a tag that is deployed; one row
for each of ${bursts.length} seeds. Transitions and invocations are the totals of all releases and deployments; dollars as above.

${burstTable(bursts)}

${releaseSection(release, gate)}

## The command line

Whole processes of the bundled command, without npx, beside one of Node.js that does nothing, in turn; medians.
\`status\` asks the packaged stack on the emulator, which runs beside it on the same machine.

${commandTable(commands)}

${pageSection(page)}

## The emulator

${simulation.deployments} deployments one after another, warm, in one process, functions from source.
A deployment of ${duration(simulation.virtualSeconds)} takes ${simulation.milliseconds.toFixed(0)} ms (median; slowest ${simulation.slowest.toFixed(0)} ms), which is ${simulation.perSecond.toFixed(1)} a second.
The target for a deployment of five minutes is under 100 ms.
`;
};
