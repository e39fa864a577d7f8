import { deployStack } from '../../../emulator/cloudformation/deploy.js';
import type { EmulatedAccount } from '../../../emulator/emulated-account.js';
import { createIam } from '../../../emulator/iam/index.js';
import { createLambda } from '../../../emulator/lambda/index.js';
import type { Services } from '../../../emulator/services.js';
import { givenAccount } from '../given-account.js';

/** The deployer's calls of the services: `['events.putRule', [rule]]`. */
type Asked = [name: string, given: unknown[]];

const recorder = (asked: Asked[], service: string, answers: Record<string, (...given: never[]) => unknown>) =>
  new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...given: unknown[]) => {
          asked.push([`${service}.${String(name)}`, given]);
          return answers[String(name)]?.(...(given as never[]));
        },
    },
  );

/** An account with real IAM and functions, and DynamoDB if given; the other services record their calls. */
export const givenStack = (real: { readonly dynamodb?: (account: EmulatedAccount) => Services['dynamodb'] } = {}) => {
  const asked: Asked[] = [];
  const given = givenAccount((account) => {
    const answers: Record<string, Record<string, (...given: never[]) => unknown>> = {
      sqs: { createQueue: ({ name }: { name: string }) => ({ url: `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}` }) },
      sns: { subscribe: ({ topicArn }: { topicArn: string }) => `${topicArn}:subscription` },
    };
    const fakes = Object.fromEntries(
      ['states', 'events', 'sns', 'sqs', 'dynamodb', 'cloudwatch', 'logs', 'secrets'].map((service) => [
        service,
        recorder(asked, service, answers[service] ?? {}),
      ]),
    );
    return {
      ...(fakes as unknown as Services),
      ...(real.dynamodb && { dynamodb: real.dynamodb(account) }),
      iam: createIam(account),
      lambda: createLambda(account, {
        functionCode:
          (_spec, { environment }) =>
          async () =>
            environment.GREETING ?? 'none',
        requestHandlerFor: () => undefined,
        endpoint: () => undefined,
      }),
    };
  });
  const deploy = (
    resources: Record<string, object>,
    rest: {
      Outputs?: object;
      Parameters?: object;
      Conditions?: object;
      Mappings?: object;
      given?: Record<string, string>;
      artifactsDir?: string;
    } = {},
  ) => {
    const { given: parameters = {}, artifactsDir, ...sections } = rest;
    return deployStack(given.account, {
      template: { AWSTemplateFormatVersion: '2010-09-09', ...sections, Resources: resources },
      stackName: 'slipway-dev',
      parameters,
      artifactsDir,
    });
  };
  const askedOf = (name: string) => asked.filter(([asking]) => asking === name).map(([, given]) => given);
  return { ...given, deploy, asked, askedOf };
};

export const roleOf = (service: string, ...statements: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});

export const functionOf = (properties: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'greet',
    Code: { S3Bucket: 'bucket', S3Key: 'serverless/slipway/dev/1-2026/greet.zip' },
    Handler: 'functions/greet.handler',
    Runtime: 'nodejs24.x',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    ...properties,
  },
});
