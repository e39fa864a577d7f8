/** Prefixes of `X-Amz-Target`, and the services' names in rpc-v2-CBOR paths. */
const targets: Readonly<Record<string, string>> = {
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  AWSStepFunctions: 'states',
  AWSEvents: 'events',
  AmazonSQS: 'sqs',
  DynamoDB_20120810: 'dynamodb',
  secretsmanager: 'secretsmanager',
  Logs_20140328: 'logs',
  GraniteServiceVersion20100801: 'cloudwatch',
};

export const serviceOfTarget = (prefix: string): string => targets[prefix] ?? prefix;

/** The service of an action whose requests are not signed. */
export const unsignedServiceOf = (action: string): string => (action === 'AssumeRoleWithWebIdentity' ? 'sts' : 'unsigned');

const credentialPattern = /Credential=([^/,\s]+)\/[^/]+\/[^/]+\/([^/]+)\//;

/** The access key and the service for which a request was signed; signatures themselves are not verified. */
export const credentialOf = (authorization: string | undefined): { accessKeyId?: string; service?: string } => {
  const match = authorization && credentialPattern.exec(authorization);
  if (!match) return {};
  const [, accessKeyId = '', signingName = ''] = match;
  return { accessKeyId, service: signingName === 'monitoring' ? 'cloudwatch' : signingName };
};
