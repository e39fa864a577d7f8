import type { Account } from '../account.js';
import type { FunctionVersion } from './function-version.js';

type Environment = Readonly<Record<string, string>>;

const reserved = new Set([
  '_HANDLER',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** What UpdateFunctionConfiguration refuses: reserved names, and more than 4 KB in total. */
export const checkEnvironment = (environment: Environment, refuse: (message: string) => never): void => {
  for (const [name, value] of Object.entries(environment)) {
    if (typeof value !== 'string') refuse(`environment variable ${name} is ${JSON.stringify(value)}; expected a string`);
    if (reserved.has(name)) refuse(`environment variable ${name} is reserved by Lambda`);
    if (!/^[a-zA-Z]\w+$/.test(name)) refuse(`environment variable ${name} has a name that Lambda does not accept`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  if (bytes > 4096) refuse(`environment variables have ${bytes} bytes; expected at most 4096`);
};

/** A function's whole environment: its own variables and Lambda's, without the host's. */
export const environmentOf = (
  account: Account,
  { spec, version }: FunctionVersion,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string },
  place: { readonly taskRoot: string; readonly logStream: string },
): Record<string, string> => ({
  ...spec.environment,
  _HANDLER: spec.handler,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_DEFAULT_REGION: account.region,
  AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime ?? 'nodejs24.x'}`,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
  AWS_LAMBDA_FUNCTION_NAME: spec.name,
  AWS_LAMBDA_FUNCTION_VERSION: version,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
  AWS_REGION: account.region,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  LAMBDA_TASK_ROOT: place.taskRoot,
});
