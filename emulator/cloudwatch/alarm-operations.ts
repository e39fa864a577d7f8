import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { type Alarm, type AlarmSettings, type StateValue, settingsShape, stateValues } from './alarm.js';
import type { Alarms } from './alarms.js';
import { checkEnumeration, checkLength } from './check-values.js';
import type { CompositeAlarm, CompositeAlarms } from './composite-alarms.js';

const alarmArn = (account: Account, name: string): string => account.arn('cloudwatch', `alarm:${name}`);

const validation = (message: string): AwsError => new AwsError('ValidationError', message);

export const putMetricAlarm = (alarms: Alarms): Operation =>
  operation<{ AlarmName: string } & AlarmSettings, unknown>({
    service: 'cloudwatch',
    name: 'PutMetricAlarm',
    input: { AlarmName: 'string', ...settingsShape },
    required: ['AlarmName'],
    permissions: ({ AlarmName }, account) => [{ action: 'cloudwatch:PutMetricAlarm', resource: alarmArn(account, AlarmName) }],
    run: ({ AlarmName, ...settings }, { account }) => {
      alarms.put(AlarmName, alarmArn(account, AlarmName), settings);
      return {};
    },
  });

const viewOf = ({ name, arn, configuredAt, state }: Alarm | CompositeAlarm, settings: object) => ({
  AlarmName: name,
  AlarmArn: arn,
  ActionsEnabled: true,
  OKActions: [],
  AlarmActions: [],
  InsufficientDataActions: [],
  ...settings,
  AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
  StateValue: state.value,
  StateReason: state.reason,
  ...(state.reasonData === undefined ? {} : { StateReasonData: state.reasonData }),
  StateUpdatedTimestamp: new Date(state.since),
  StateTransitionedTimestamp: new Date(state.since),
});

const alarmView = (alarm: Alarm) => viewOf(alarm, { Dimensions: [], ...alarm.settings });

const compositeView = (alarm: CompositeAlarm) =>
  viewOf(alarm, { AlarmRule: alarm.text, ...(alarm.description === undefined ? {} : { AlarmDescription: alarm.description }) });

type DescribeInput = {
  AlarmNames?: string[];
  AlarmNamePrefix?: string;
  AlarmTypes?: string[];
  StateValue?: string;
  MaxRecords?: number;
  NextToken?: string;
};

/** Metric alarms alone, unless AlarmTypes names the other type. */
export const describeAlarms = (alarms: Alarms, composites: CompositeAlarms): Operation =>
  operation<DescribeInput, unknown>({
    service: 'cloudwatch',
    name: 'DescribeAlarms',
    input: {
      AlarmNames: { list: 'string' },
      AlarmNamePrefix: 'string',
      AlarmTypes: { list: 'string' },
      StateValue: 'string',
      MaxRecords: 'number',
      NextToken: 'string',
    },
    // "You can't return information about composite alarms if your cloudwatch:DescribeAlarms permission has a narrower scope" than `*`.
    permissions: ({ AlarmNames = ['*'], AlarmTypes = [] }, account) => [
      ...AlarmNames.map((name) => ({ action: 'cloudwatch:DescribeAlarms', resource: alarmArn(account, name) })),
      ...(AlarmTypes.includes('CompositeAlarm') ? [{ action: 'cloudwatch:DescribeAlarms', resource: '*' }] : []),
    ],
    run: ({ AlarmNames, AlarmNamePrefix, AlarmTypes = ['MetricAlarm'], StateValue, MaxRecords = 50, NextToken = '0' }) => {
      if (AlarmNames && AlarmNamePrefix !== undefined) throw validation('AlarmNames and AlarmNamePrefix cannot be used together');
      if ((AlarmNames?.length ?? 0) > 100) throw validation(`AlarmNames has ${AlarmNames?.length} members; expected at most 100`);
      if (!(MaxRecords >= 1 && MaxRecords <= 100)) throw validation(`MaxRecords is ${MaxRecords}; expected 1 to 100`);
      checkEnumeration('StateValue', StateValue, stateValues);
      for (const type of AlarmTypes) checkEnumeration('AlarmTypes', type, ['CompositeAlarm', 'MetricAlarm']);
      if (!/^\d+$/.test(NextToken)) throw new AwsError('InvalidNextToken', 'The next token is not valid');
      const isAsked = ({ name, state }: Alarm | CompositeAlarm): boolean =>
        (AlarmNames?.includes(name) ?? true) &&
        name.startsWith(AlarmNamePrefix ?? '') &&
        (StateValue === undefined || state.value === StateValue);
      const found = [
        ...(AlarmTypes.includes('CompositeAlarm') ? composites.all : []),
        ...(AlarmTypes.includes('MetricAlarm') ? alarms.all : []),
      ].filter(isAsked);
      const end = Number(NextToken) + MaxRecords;
      const page = found.slice(Number(NextToken), end);
      return {
        MetricAlarms: page.flatMap((alarm) => ('settings' in alarm ? [alarmView(alarm)] : [])),
        CompositeAlarms: page.flatMap((alarm) => ('rule' in alarm ? [compositeView(alarm)] : [])),
        ...(end < found.length ? { NextToken: String(end) } : {}),
      };
    },
  });

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

type SetInput = { AlarmName: string; StateValue: StateValue; StateReason: string; StateReasonData?: string };

/** Of a composite alarm the state stays until an alarm in its rule changes. */
export const setAlarmState = (alarms: Alarms, composites: CompositeAlarms): Operation =>
  operation<SetInput, unknown>({
    service: 'cloudwatch',
    name: 'SetAlarmState',
    input: { AlarmName: 'string', StateValue: 'string', StateReason: 'string', StateReasonData: 'string' },
    required: ['AlarmName', 'StateValue', 'StateReason'],
    permissions: ({ AlarmName }, account) => [{ action: 'cloudwatch:SetAlarmState', resource: alarmArn(account, AlarmName) }],
    run: ({ AlarmName, StateValue, StateReason, StateReasonData }) => {
      checkEnumeration('StateValue', StateValue, stateValues);
      checkLength('StateReason', StateReason, 0, 1023);
      checkLength('StateReasonData', StateReasonData, 0, 4000);
      if (StateReasonData !== undefined && !isJson(StateReasonData)) throw new AwsError('InvalidFormat', 'StateReasonData is not JSON');
      const [alarm, composite] = [alarms.find(AlarmName), composites.find(AlarmName)];
      if (alarm) alarms.setState(alarm, StateValue, StateReason, StateReasonData);
      else if (composite) composites.setState(composite, StateValue, StateReason, StateReasonData);
      else throw new AwsError('ResourceNotFound', `Unknown alarm ${AlarmName}`, { status: 404 });
      return {};
    },
  });
