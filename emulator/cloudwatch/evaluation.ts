import { type AlarmSettings, breaches, type StateValue } from './alarm.js';

/**
 * CloudWatch looks at a few periods more than it evaluates: five for an alarm on three in its own examples
 * (AmazonCloudWatch/latest/monitoring/alarms-and-missing-data).
 */
export const evaluationRange = ({ EvaluationPeriods = 1 }: AlarmSettings): number => EvaluationPeriods + 2;

/**
 * The state that an alarm's periods give it, the newest first; undefined if it keeps the one that it has. The newest values
 * are evaluated; what they lack is filled in as TreatMissingData says.
 */
export const evaluate = (settings: AlarmSettings, periods: readonly (number | undefined)[]): StateValue | undefined => {
  const { EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods, TreatMissingData = 'missing' } = settings;
  const values = periods.filter((value) => value !== undefined).slice(0, EvaluationPeriods);
  const breaching = values.filter((value) => breaches(settings, value)).length;
  const missing = EvaluationPeriods - values.length;
  switch (TreatMissingData) {
    case 'breaching':
      return breaching + missing >= DatapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return breaching >= DatapointsToAlarm ? 'ALARM' : 'OK';
    case 'ignore':
      if (missing > 0) return undefined;
      return breaching >= DatapointsToAlarm ? 'ALARM' : 'OK';
    default:
      if (values.length === 0) return 'INSUFFICIENT_DATA';
      // One breaching value and nothing else alarms already.
      return breaching >= Math.min(DatapointsToAlarm, values.length) ? 'ALARM' : 'OK';
  }
};
