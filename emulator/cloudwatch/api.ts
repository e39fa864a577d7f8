export type CloudWatch = {
  putMetricAlarm(alarm: { readonly name: string; readonly arn: string; readonly [member: string]: unknown }): void;
  stateOf(alarmName: string): 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | undefined;
};
