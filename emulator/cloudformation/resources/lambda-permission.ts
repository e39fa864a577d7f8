import { AwsError } from '../../errors.js';
import { physicalName, resourceType } from '../resource-type.js';

type Properties = { FunctionName: string; Principal: string; SourceArn?: string };

export const lambdaPermission = resourceType<Properties>({
  type: 'AWS::Lambda::Permission',
  shapes: {
    FunctionName: 'string',
    Action: { oneOf: ['lambda:InvokeFunction'] },
    Principal: 'string',
    SourceArn: 'string',
  },
  required: ['FunctionName', 'Action', 'Principal'],
  update: 'refused',
  deploy: ({ FunctionName, Principal, SourceArn }, deploying) => {
    if (!/^[a-z0-9.-]+\.amazonaws\.com$|^arn:|^\d{12}$/.test(Principal))
      throw new AwsError('InvalidParameterValueException', `The provided principal was invalid: ${Principal}`);
    const { lambda } = deploying.account.services;
    const arn = FunctionName.startsWith('arn:') ? FunctionName : deploying.account.arn('lambda', `function:${FunctionName}`);
    lambda.addPermission(arn, { principal: Principal, ...(SourceArn !== undefined && { sourceArn: SourceArn }) });
    return { ref: physicalName(deploying) };
  },
});
