import { basename, join } from 'node:path';
import { AwsError } from '../../errors.js';
import { packagedCode } from '../../packaged-code.js';
import { type Deploying, nameOfArn, resourceType } from '../resource-type.js';

type Properties = { FunctionName: string; CodeSha256?: string };

/** As PublishVersion does, refuses a version whose code differs from the packaged code. */
const checkCode = ({ FunctionName, CodeSha256 }: Properties, { stack, artifactsDir }: Deploying): void => {
  const named = [...stack.resources.values()].find(({ type, ref }) => type === 'AWS::Lambda::Function' && ref === nameOfArn(FunctionName));
  const key = (named?.properties.Code as { S3Key?: string } | undefined)?.S3Key;
  if (artifactsDir === undefined || CodeSha256 === undefined || key === undefined) return;
  const actual = packagedCode(join(artifactsDir, basename(key))).sha256.toString('base64');
  if (actual !== CodeSha256)
    throw new AwsError(
      'InvalidParameterValueException',
      `CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST (${actual}). Please try again with the CodeSHA256 in $LATEST.`,
    );
};

export const lambdaVersion = resourceType<Properties>({
  type: 'AWS::Lambda::Version',
  shapes: { FunctionName: 'string', CodeSha256: 'string', Description: 'string' },
  required: ['FunctionName'],
  update: 'changed',
  // Only executions that started with a version still invoke it after it was removed from the template.
  isNoop: true,
  deploy: (properties, deploying) => {
    const { lambda } = deploying.account.services;
    checkCode(properties, deploying);
    const functionArn = deploying.account.arn('lambda', `function:${nameOfArn(properties.FunctionName)}`);
    const newest = lambda.newestVersion(functionArn);
    const arn = lambda.publishVersion(functionArn);
    // Lambda publishes nothing when neither code nor configuration has changed (serverless/serverless#8392).
    if (arn === newest)
      throw new AwsError(
        'AlreadyExists',
        `A version for this Lambda function exists ( ${nameOfArn(arn)} ). Modify the function to create a new version.`,
      );
    return { ref: arn, attributes: { Version: nameOfArn(arn), FunctionArn: arn } };
  },
});
