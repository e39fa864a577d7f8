import { tags } from '../properties.js';
import { physicalName, readPolicy, resourceType } from '../resource-type.js';

type QueueProperties = {
  QueueName?: string;
  VisibilityTimeout?: number;
  MessageRetentionPeriod?: number;
  RedrivePolicy?: { deadLetterTargetArn: string; maxReceiveCount: number | string };
  KmsMasterKeyId?: string;
};

export const sqsQueue = resourceType<QueueProperties>({
  type: 'AWS::SQS::Queue',
  shapes: {
    QueueName: 'string',
    VisibilityTimeout: 'number',
    MessageRetentionPeriod: 'number',
    RedrivePolicy: 'json',
    DelaySeconds: { oneOf: [0] },
    ReceiveMessageWaitTimeSeconds: 'number',
    SqsManagedSseEnabled: 'boolean',
    KmsMasterKeyId: 'string',
    FifoQueue: { oneOf: [false] },
    Tags: tags,
  },
  required: [],
  update: 'refused',
  deploy: ({ QueueName, VisibilityTimeout = 30, MessageRetentionPeriod = 345_600, RedrivePolicy, KmsMasterKeyId }, deploying) => {
    const { account } = deploying;
    const name = QueueName ?? physicalName(deploying, 80);
    const arn = account.arn('sqs', name);
    const { url } = account.services.sqs.createQueue({
      name,
      arn,
      visibilityTimeoutSeconds: VisibilityTimeout,
      messageRetentionSeconds: MessageRetentionPeriod,
      ...(RedrivePolicy !== undefined && {
        redrive: { deadLetterArn: RedrivePolicy.deadLetterTargetArn, maxReceiveCount: Number(RedrivePolicy.maxReceiveCount) },
      }),
    });
    account.services.iam.encrypt(arn, KmsMasterKeyId);
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
});

type QueuePolicyProperties = { Queues: string[]; PolicyDocument: unknown };

export const sqsQueuePolicy = resourceType<QueuePolicyProperties>({
  type: 'AWS::SQS::QueuePolicy',
  shapes: { Queues: { list: 'string' }, PolicyDocument: 'json' },
  required: ['Queues', 'PolicyDocument'],
  update: 'changed',
  deploy: ({ Queues, PolicyDocument }, deploying) => {
    const { account } = deploying;
    for (const url of Queues) {
      const name = url.split('/').at(-1) as string;
      account.services.sqs.setQueuePolicy(account.arn('sqs', name), readPolicy(PolicyDocument, `policy of ${name}`));
    }
    return { ref: physicalName(deploying) };
  },
});
