import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as states from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import type { ClientConfig } from '../../emulator/emulator.js';
import type { Schema } from './form.js';

type Command = { readonly schema: readonly unknown[] };
type Client = { send(command: Command): Promise<Record<string, unknown>> };
type Sdk = Readonly<Record<string, new (argument: object) => Client & Command>>;

const sdks = {
  cloudformation,
  cloudwatch,
  logs,
  dynamodb,
  ecr,
  ecs,
  events,
  iam,
  lambda,
  secretsmanager,
  states,
  sns,
  sqs,
  sts,
} as unknown as Record<string, Sdk>;

const clientNames: Readonly<Record<string, string>> = {
  cloudformation: 'CloudFormationClient',
  cloudwatch: 'CloudWatchClient',
  logs: 'CloudWatchLogsClient',
  dynamodb: 'DynamoDBClient',
  ecr: 'ECRClient',
  ecs: 'ECSClient',
  events: 'EventBridgeClient',
  iam: 'IAMClient',
  lambda: 'LambdaClient',
  secretsmanager: 'SecretsManagerClient',
  states: 'SFNClient',
  sns: 'SNSClient',
  sqs: 'SQSClient',
  sts: 'STSClient',
};

const newOf = (service: string, name: string, argument: object): Client & Command => {
  const Constructor = sdks[service]?.[name];
  if (!Constructor) throw new Error(`the SDK of ${service} has no ${name}`);
  return new Constructor(argument);
};

/** Sends requests of any emulated service, each with the service's own client. */
export const createSend = (config: ClientConfig) => {
  const clients = new Map<string, Client>();
  const clientOf = (service: string): Client => {
    const client = clients.get(service) ?? newOf(service, clientNames[service] ?? '', config);
    clients.set(service, client);
    return client;
  };
  /** Returns what the client returns, and the schema that the SDK reads answers of the operation with. */
  return async (service: string, operation: string, input: object): Promise<{ output: Record<string, unknown>; schema: Schema }> => {
    const command = newOf(service, `${operation}Command`, input);
    return { output: await clientOf(service).send(command), schema: command.schema[5] as Schema };
  };
};
