import type { EmulatedAccount } from '../emulated-account.js';
import { describeAlarms, putMetricAlarm, setAlarmState } from './alarm-operations.js';
import { Alarms } from './alarms.js';
import type { CloudWatch } from './api.js';

/** Amazon CloudWatch: alarms, whose state is set by SetAlarmState or follows the depth of a queue. */
export const createCloudWatch = (account: EmulatedAccount): CloudWatch => {
  const alarms = new Alarms(account);
  account.add([putMetricAlarm(alarms), describeAlarms(alarms), setAlarmState(alarms)]);
  return {
    putMetricAlarm: ({ name, arn, ...settings }) => alarms.put(name, arn, settings),
    stateOf: (alarmName) => alarms.find(alarmName)?.state.value,
  };
};
