import type { EmulatedAccount } from '../emulated-account.js';
import { describeAlarms, putMetricAlarm, setAlarmState } from './alarm-operations.js';
import { Alarms } from './alarms.js';
import type { CloudWatch } from './api.js';
import { CompositeAlarms, putCompositeAlarm } from './composite-alarms.js';
import { Dashboards, getDashboard, putDashboard } from './dashboards.js';
import { embeddedMetrics } from './embedded-metrics.js';

/** Amazon CloudWatch: metrics that the emulator's services and functions write, and alarms on them. */
export const createCloudWatch = (account: EmulatedAccount): CloudWatch => {
  const alarms = new Alarms(account);
  const composites = new CompositeAlarms(account, alarms);
  const dashboards = new Dashboards(account);
  account.add([
    putDashboard(dashboards),
    getDashboard(dashboards),
    putMetricAlarm(alarms),
    putCompositeAlarm(composites),
    describeAlarms(alarms, composites),
    setAlarmState(alarms, composites),
  ]);
  return {
    putMetricAlarm: ({ name, arn, ...settings }) => alarms.put(name, arn, settings),
    putMetric: (metric, value) => alarms.metrics.put(metric, value, account.clock.now),
    readLogLine: (line) => {
      for (const { metric, values } of embeddedMetrics(line))
        for (const value of values) alarms.metrics.put(metric, value, account.clock.now);
    },
    putDashboard: (name, body) => dashboards.put(name, body),
    removeDashboard: (name) => dashboards.remove(name),
    stateOf: composites.stateOf,
  };
};
