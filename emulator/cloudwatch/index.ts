import type { CloudWatch } from '../services.js';
import type { World } from '../world.js';
import { describeAlarms, putMetricAlarm, setAlarmState } from './alarm-operations.js';
import { Alarms } from './alarms.js';

/** Amazon CloudWatch: alarms, which change their state when they are told to, or with the depth of a queue. */
export const createCloudWatch = (world: World): CloudWatch => {
  const alarms = new Alarms(world);
  world.add([putMetricAlarm(alarms), describeAlarms(alarms), setAlarmState(alarms)]);
  return {
    putMetricAlarm: ({ name, arn, ...settings }) => alarms.put(name, arn, settings),
    stateOf: (alarmName) => alarms.find(alarmName)?.state.value,
  };
};
