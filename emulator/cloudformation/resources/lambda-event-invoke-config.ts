import { AwsError, NotEmulated } from '../../errors.js';
import { nameOfArn, physicalName, resourceType } from '../resource-type.js';

type Properties = {
  FunctionName: string;
  Qualifier: string;
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
  DestinationConfig?: { OnFailure?: { Destination: string } };
};

export const lambdaEventInvokeConfig = resourceType<Properties>({
  type: 'AWS::Lambda::EventInvokeConfig',
  shapes: {
    FunctionName: 'string',
    Qualifier: 'string',
    MaximumRetryAttempts: { oneOf: [0, 1, 2] },
    MaximumEventAgeInSeconds: 'number',
    DestinationConfig: { members: { OnFailure: { members: { Destination: 'string' } } } },
  },
  required: ['FunctionName', 'Qualifier'],
  update: 'changed',
  deploy: (properties, deploying) => {
    const { FunctionName, Qualifier, MaximumRetryAttempts, MaximumEventAgeInSeconds: age, DestinationConfig } = properties;
    const { lambda } = deploying.account.services;
    if (!lambda.putEventInvokeConfig) throw new NotEmulated('AWS::Lambda::EventInvokeConfig');
    if (age !== undefined && (age < 60 || age > 21_600))
      throw new AwsError('InvalidParameterValueException', `MaximumEventAgeInSeconds is ${age}; expected 60 to 21600`);
    const functionArn = deploying.account.arn('lambda', `function:${nameOfArn(FunctionName)}`);
    const onFailureArn = DestinationConfig?.OnFailure?.Destination;
    lambda.putEventInvokeConfig(Qualifier === '$LATEST' ? functionArn : `${functionArn}:${Qualifier}`, {
      ...(MaximumRetryAttempts !== undefined && { maximumRetryAttempts: MaximumRetryAttempts }),
      ...(age !== undefined && { maximumEventAgeSeconds: age }),
      ...(onFailureArn !== undefined && { onFailureArn }),
    });
    return { ref: physicalName(deploying) };
  },
});
