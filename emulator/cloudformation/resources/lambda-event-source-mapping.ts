import { AwsError, NotEmulated } from '../../errors.js';
import { type Deploying, nameOfArn, physicalName, resourceType } from '../resource-type.js';

type Properties = {
  EventSourceArn: string;
  FunctionName: string;
  BatchSize?: number;
  FunctionResponseTypes?: string[];
  ScalingConfig?: { MaximumConcurrency?: number };
};

/** As AWS requires: a message stays invisible as long as the function may still process it. */
const checkVisibility = (queueArn: string, functionArn: string, { stack }: Deploying): void => {
  const queue = stack.withArn(queueArn);
  const called = stack.withArn(functionArn);
  if (!queue || !called) return;
  const visibility = Number(queue.properties.VisibilityTimeout ?? 30);
  const timeout = Number(called.properties.Timeout ?? 3);
  if (visibility < timeout)
    throw new AwsError(
      'InvalidParameterValueException',
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`,
    );
};

export const lambdaEventSourceMapping = resourceType<Properties>({
  type: 'AWS::Lambda::EventSourceMapping',
  shapes: {
    EventSourceArn: 'string',
    FunctionName: 'string',
    BatchSize: 'number',
    Enabled: { oneOf: [true] },
    FunctionResponseTypes: { list: { oneOf: ['ReportBatchItemFailures'] } },
    MaximumBatchingWindowInSeconds: { oneOf: [0] },
    ScalingConfig: { members: { MaximumConcurrency: 'number' } },
  },
  required: ['EventSourceArn', 'FunctionName'],
  update: 'refused',
  deploy: ({ EventSourceArn, FunctionName, BatchSize = 10, FunctionResponseTypes = [], ScalingConfig }, deploying) => {
    const { account } = deploying;
    if (EventSourceArn.split(':')[2] !== 'sqs') throw new NotEmulated(`event source ${EventSourceArn}`);
    if (BatchSize < 1 || BatchSize > 10)
      throw new AwsError('InvalidParameterValueException', `BatchSize is ${BatchSize}; expected 1 to 10 without a batching window`);
    const maximum = ScalingConfig?.MaximumConcurrency;
    if (maximum !== undefined && (maximum < 2 || maximum > 1000))
      throw new AwsError('InvalidParameterValueException', `MaximumConcurrency is ${maximum}; expected 2 to 1000`);
    const functionArn = FunctionName.startsWith('arn:') ? FunctionName : account.arn('lambda', `function:${nameOfArn(FunctionName)}`);
    checkVisibility(EventSourceArn, functionArn, deploying);
    account.services.lambda.createEventSourceMapping({
      queueArn: EventSourceArn,
      functionArn,
      batchSize: BatchSize,
      reportsBatchItemFailures: FunctionResponseTypes.includes('ReportBatchItemFailures'),
      ...(maximum !== undefined && { maximumConcurrency: maximum }),
    });
    return { ref: physicalName(deploying) };
  },
});
