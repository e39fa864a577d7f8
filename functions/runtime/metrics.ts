import type { DeploymentRecord } from '../../core/records/records.js';
import type { Result } from '../../core/result/result.js';

// Written by hand: @aws-lambda-powertools/metrics adds 11 KB and more than 1 ms of import to a function, for one line.

const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

type Values = Readonly<Record<string, number>>;
type Line = Readonly<Record<string, unknown>>;

/** Metrics of one unit, each once for each set of dimensions. */
const directive = (Unit: string, values: Values, ...Dimensions: readonly (readonly string[])[]) => {
  const names = Object.keys(values);
  return names.length > 0 ? [{ Namespace: 'Slipway', Dimensions, Metrics: names.map((Name) => ({ Name, Unit })) }] : [];
};

/** A line of the embedded metric format (AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification). */
const lineOf = (at: string, CloudWatchMetrics: readonly object[], members: Line): Line => ({
  _aws: { Timestamp: Date.parse(at), CloudWatchMetrics },
  ...members,
});

/**
 * Of one closed deployment: its outcome, how long it took, and how long after the newest failure of a task its rollback was decided.
 */
export const metricsOf = (
  { service, startedAt, updateAttempt, evidence, rollback }: DeploymentRecord,
  { outcome }: Result,
  endedAt: string,
  stage: string,
): Line => {
  const counts = { Deployments: 1 };
  const times = {
    // One that never sent an update was skipped or refused: its duration says nothing about rollouts.
    ...(updateAttempt && { Duration: seconds(startedAt, endedAt) }),
    ...(rollback && evidence?.failedAt && { DetectionTime: seconds(evidence.failedAt, rollback.since) }),
  };
  // An alarm names all dimensions of one metric: those of the stack are on the stage and the outcome.
  const directives = [
    ...directive('Count', counts, ['service', 'outcome'], ['stage', 'outcome']),
    ...directive('Seconds', times, ['service']),
  ];
  return lineOf(endedAt, directives, { stage, service, outcome, ...counts, ...times });
};

type HandledEvent = { readonly did: string; readonly service?: string; readonly time?: string };

/** Of one event of ECS that was handled at `now`: whether it had an effect, and how long after it the state that waits was answered. */
export const eventMetricsOf = ({ did, service, time }: HandledEvent, now: string, stage: string): Line => {
  const isAnswered = did === 'woken' || did === 'rollBack';
  const counts = { EventsReceived: 1, EventsDropped: isAnswered ? 0 : 1 };
  const times = { ...(isAnswered && time !== undefined && { TimeToAction: seconds(time, now) }) };
  return lineOf(now, [...directive('Count', counts, ['stage']), ...directive('Seconds', times, ['service'], ['stage'])], {
    stage,
    service,
    ...counts,
    ...times,
  });
};

/** Of one look that no event brought about: one that finds something shows that an event was lost. */
export const safetyLookMetricsOf = (service: string, hasFound: boolean, now: string, stage: string): Line => {
  const counts = { SafetyLooks: 1, SafetyLooksThatFound: hasFound ? 1 : 0 };
  return lineOf(now, directive('Count', counts, ['service'], ['stage']), { stage, service, ...counts });
};

/** Writes a line to the log, from which CloudWatch takes the metrics. Elsewhere than in Lambda the standard output is no log. */
const publish = (lineIn: (stage: string) => Line): void => {
  const { AWS_LAMBDA_FUNCTION_NAME, STAGE = '' } = process.env;
  if (AWS_LAMBDA_FUNCTION_NAME !== undefined) process.stdout.write(`${JSON.stringify(lineIn(STAGE))}\n`);
};

export const publishMetrics = (...deployment: readonly [DeploymentRecord, result: Result, endedAt: string]): void =>
  publish((stage) => metricsOf(...deployment, stage));

export const publishEventMetrics = (handled: HandledEvent, now: string): void => publish((stage) => eventMetricsOf(handled, now, stage));

export const publishSafetyLook = (service: string, hasFound: boolean, now: string): void =>
  publish((stage) => safetyLookMetricsOf(service, hasFound, now, stage));
