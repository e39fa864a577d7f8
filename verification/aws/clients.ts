import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { STSClient } from '@aws-sdk/client-sts';
import type { Recorder } from './recorder.js';

export type Clients = {
  readonly cloudformation: CloudFormationClient;
  readonly ecr: ECRClient;
  readonly ecs: ECSClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly states: SFNClient;
  readonly sts: STSClient;
};

/** Without members the SDK takes Region, credentials and endpoint from the environment and the profile. */
export type ClientOptions = {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** Clients whose answers the recorder keeps. They repeat throttled requests: IAM simulates a few policies a second. */
export const createClients = (options: ClientOptions, recorder: Recorder): Clients => {
  const settings = { ...options, maxAttempts: 8, retryMode: 'adaptive' };
  const clients = {
    cloudformation: new CloudFormationClient(settings),
    ecr: new ECRClient(settings),
    ecs: new ECSClient(settings),
    iam: new IAMClient(settings),
    lambda: new LambdaClient(settings),
    states: new SFNClient(settings),
    sts: new STSClient(settings),
  };
  for (const client of Object.values(clients)) recorder.listenTo(client);
  return clients;
};
