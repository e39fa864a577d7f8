import { tags } from '../properties.js';
import { physicalName, resourceType } from '../resource-type.js';

type Properties = Readonly<Record<string, unknown>> & { readonly AlarmName?: string };

export const cloudwatchAlarm = resourceType<Properties>({
  type: 'AWS::CloudWatch::Alarm',
  shapes: {
    AlarmName: 'string',
    AlarmDescription: 'string',
    ActionsEnabled: 'boolean',
    AlarmActions: { list: 'string' },
    OKActions: { list: 'string' },
    InsufficientDataActions: { list: 'string' },
    ComparisonOperator: 'string',
    DatapointsToAlarm: 'number',
    Dimensions: { list: { members: { Name: 'string', Value: 'string' } } },
    EvaluationPeriods: 'number',
    MetricName: 'string',
    Namespace: 'string',
    Period: 'number',
    Statistic: 'string',
    Threshold: 'number',
    TreatMissingData: 'string',
    Unit: 'string',
    Tags: tags,
  },
  required: ['ComparisonOperator', 'EvaluationPeriods'],
  update: 'changed',
  deploy: ({ AlarmName, Tags, ...members }, deploying) => {
    const { account } = deploying;
    const name = AlarmName ?? physicalName(deploying, 255);
    const arn = account.arn('cloudwatch', `alarm:${name}`);
    account.services.cloudwatch.putMetricAlarm({ ...members, name, arn });
    return { ref: name, attributes: { Arn: arn } };
  },
});
