import type { ResourceType } from './resource-type.js';
import { cloudwatchAlarm } from './resources/cloudwatch-alarm.js';
import { cloudwatchDashboard } from './resources/cloudwatch-dashboard.js';
import { dynamodbTable } from './resources/dynamodb-table.js';
import { eventsRule } from './resources/events-rule.js';
import { iamPolicy } from './resources/iam-policy.js';
import { iamRole } from './resources/iam-role.js';
import { lambdaEventInvokeConfig } from './resources/lambda-event-invoke-config.js';
import { lambdaEventSourceMapping } from './resources/lambda-event-source-mapping.js';
import { lambdaFunction } from './resources/lambda-function.js';
import { lambdaPermission } from './resources/lambda-permission.js';
import { lambdaVersion } from './resources/lambda-version.js';
import { logGroup } from './resources/log-group.js';
import { s3Bucket, s3BucketPolicy } from './resources/s3.js';
import { secret } from './resources/secret.js';
import { snsSubscription, snsTopic, snsTopicPolicy } from './resources/sns.js';
import { sqsQueue, sqsQueuePolicy } from './resources/sqs.js';
import { stateMachine } from './resources/state-machine.js';

/** Every resource type that can be deployed; any other is refused. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    cloudwatchAlarm,
    cloudwatchDashboard,
    dynamodbTable,
    eventsRule,
    iamPolicy,
    iamRole,
    lambdaEventInvokeConfig,
    lambdaEventSourceMapping,
    lambdaFunction,
    lambdaPermission,
    lambdaVersion,
    logGroup,
    s3Bucket,
    s3BucketPolicy,
    secret,
    snsSubscription,
    snsTopic,
    snsTopicPolicy,
    sqsQueue,
    sqsQueuePolicy,
    stateMachine,
  ].map((definition) => [definition.type, definition]),
);
