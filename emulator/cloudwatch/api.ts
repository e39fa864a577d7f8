export type CloudWatch = {
  putMetricAlarm(alarm: { readonly name: string; readonly arn: string; readonly [member: string]: unknown }): void;
  /** A value of an AWS service's own metric. */
  putMetric(
    metric: { readonly namespace: string; readonly name: string; readonly dimensions: Readonly<Record<string, string>> },
    value: number,
  ): void;
  /** Takes the metrics from a line of a log, if it has any. */
  readLogLine(line: string): void;
  putDashboard(name: string, body: string): void;
  removeDashboard(name: string): void;
  stateOf(alarmName: string): 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | undefined;
};
