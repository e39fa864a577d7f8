import type { DeploymentRecord } from '../../core/records/records.js';
import type { Result } from '../../core/result/result.js';

// Written by hand: @aws-lambda-powertools/metrics adds 11 KB and more than 1 ms of import to a function, for one line.

const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

/** A line of the embedded metric format (AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification). */
export const metricsOf = (
  { service, startedAt, updateAttempt, evidence, rollback }: DeploymentRecord,
  { outcome }: Result,
  endedAt: string,
  stage: string,
): Readonly<Record<string, unknown>> => {
  const times = {
    // One that never sent an update was skipped or refused: its duration says nothing about rollouts.
    ...(updateAttempt && { Duration: seconds(startedAt, endedAt) }),
    ...(rollback && evidence?.failedAt && { DetectionTime: seconds(evidence.failedAt, rollback.since) }),
  };
  const directive = (Unit: string, names: readonly string[], ...Dimensions: readonly (readonly string[])[]) =>
    names.length > 0 ? [{ Namespace: 'Slipway', Dimensions, Metrics: names.map((Name) => ({ Name, Unit })) }] : [];
  const CloudWatchMetrics = [
    // An alarm names all dimensions of one metric: those of the stack are on the stage and the outcome.
    ...directive('Count', ['Deployments'], ['service', 'outcome'], ['stage', 'outcome']),
    ...directive('Seconds', Object.keys(times), ['service']),
  ];
  return { _aws: { Timestamp: Date.parse(endedAt), CloudWatchMetrics }, stage, service, outcome, Deployments: 1, ...times };
};

/**
 * Writes the metrics of one closed deployment to the log, from which CloudWatch takes them: its outcome, how long it took,
 * and how long after the newest failure of a task its rollback was decided. Elsewhere than in Lambda the standard output is
 * no log, so nothing is written.
 */
export const publishMetrics = (record: DeploymentRecord, result: Result, endedAt: string): void => {
  const { AWS_LAMBDA_FUNCTION_NAME, STAGE = '' } = process.env;
  if (AWS_LAMBDA_FUNCTION_NAME !== undefined) process.stdout.write(`${JSON.stringify(metricsOf(record, result, endedAt, STAGE))}\n`);
};
