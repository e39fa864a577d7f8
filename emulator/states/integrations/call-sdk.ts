import { StateFailure } from '../interpreter/failure.js';
import type { IntegrationCall } from './integration.js';
import { lowerMembers, shownMembers, upperFirst } from './member-names.js';
import { membersOf, request } from './request.js';

type SdkService = {
  /** The service's name in the account. */
  readonly service: string;
  /** The prefix of error names: the service's name in the AWS SDK for Java, which Step Functions uses. */
  readonly prefix: string;
  /** The service's members are in lower camel case, where Step Functions uses upper camel case. */
  readonly isLowerCamel: boolean;
};

const sdkServices: Readonly<Record<string, SdkService>> = {
  ecs: { service: 'ecs', prefix: 'Ecs', isLowerCamel: true },
  ecr: { service: 'ecr', prefix: 'Ecr', isLowerCamel: true },
  sfn: { service: 'states', prefix: 'Sfn', isLowerCamel: true },
  cloudwatchlogs: { service: 'logs', prefix: 'CloudWatchLogs', isLowerCamel: true },
  cloudwatch: { service: 'cloudwatch', prefix: 'CloudWatch', isLowerCamel: false },
  dynamodb: { service: 'dynamodb', prefix: 'DynamoDb', isLowerCamel: false },
  eventbridge: { service: 'events', prefix: 'EventBridge', isLowerCamel: false },
  secretsmanager: { service: 'secretsmanager', prefix: 'SecretsManager', isLowerCamel: false },
  sns: { service: 'sns', prefix: 'Sns', isLowerCamel: false },
  sqs: { service: 'sqs', prefix: 'Sqs', isLowerCamel: false },
  sts: { service: 'sts', prefix: 'Sts', isLowerCamel: false },
};

/** `arn:aws:states:::aws-sdk:ecs:updateService`. */
export const callSdk = async (call: IntegrationCall): Promise<unknown> => {
  const { resource, account } = call;
  const known = sdkServices[resource.service.slice('aws-sdk:'.length)];
  const name = upperFirst(resource.action);
  const inputShape = known && account.inputOf(known.service, name);
  if (!known || !inputShape) {
    throw new StateFailure('States.Runtime', `emulator: the task resource ${resource.arn} is not emulated (see emulator/COVERAGE.md)`);
  }
  const members = membersOf(call);
  const input = known.isLowerCamel ? lowerMembers(members, { members: inputShape }) : members;
  const output = await request(call, known.service, name, input as object, { prefix: known.prefix, service: known.prefix });
  return shownMembers(output, known.isLowerCamel);
};
