import { AwsError, NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import type { FunctionRegistry } from './function-registry.js';
import type { FunctionVersion } from './function-version.js';
import { onFunction } from './on-function.js';

/** As ListFunctions has it, which leaves out how the function is and how its last update went (Lambda API, ListFunctions). */
const viewOf = ({ spec, version, arn, codeHash }: FunctionVersion, modifiedAt: number) => ({
  FunctionName: spec.name,
  FunctionArn: version === '$LATEST' ? spec.arn : arn,
  Version: version,
  Runtime: spec.runtime ?? 'nodejs24.x',
  Role: spec.roleArn,
  Handler: spec.handler,
  Timeout: spec.timeoutSeconds,
  MemorySize: spec.memoryMb,
  PackageType: 'Zip',
  LastModified: new Date(modifiedAt).toISOString().replace('Z', '+0000'),
  ...(codeHash !== undefined && { CodeSha256: Buffer.from(codeHash, 'hex').toString('base64') }),
  Environment: { Variables: spec.environment },
});

type ListInput = { Marker?: string; MaxItems?: number; FunctionVersion?: string };

export const listFunctions = (functions: FunctionRegistry): Operation =>
  operation<ListInput, unknown>({
    service: 'lambda',
    name: 'ListFunctions',
    input: { Marker: 'string', MaxItems: 'number', FunctionVersion: 'string' },
    run: ({ Marker = '0', MaxItems = 50, FunctionVersion }) => {
      if (FunctionVersion !== undefined) throw new NotEmulated('FunctionVersion of lambda.ListFunctions');
      if (!(MaxItems >= 1 && MaxItems <= 10_000))
        throw new AwsError('InvalidParameterValueException', `MaxItems is ${MaxItems}; expected 1 to 10000`);
      const start = Number(Marker);
      // One page has at most 50 functions (Lambda API, ListFunctions).
      const end = start + Math.min(MaxItems, 50);
      return {
        Functions: functions.names.slice(start, end).map((name) => viewOf(functions.find(name), functions.modifiedAt(name))),
        ...(end < functions.names.length && { NextMarker: String(end) }),
      };
    },
  });

export const getFunctionConfiguration = (functions: FunctionRegistry): Operation =>
  operation<{ FunctionName: string; Qualifier?: string }, unknown>({
    service: 'lambda',
    name: 'GetFunctionConfiguration',
    input: { FunctionName: 'string', Qualifier: 'string' },
    required: ['FunctionName'],
    permissions: onFunction(functions, 'GetFunctionConfiguration'),
    // A function is created and updated at once.
    run: ({ FunctionName, Qualifier }) => ({
      ...viewOf(functions.find(functions.arnOf(FunctionName, Qualifier)), functions.modifiedAt(FunctionName)),
      State: 'Active',
      LastUpdateStatus: 'Successful',
    }),
  });
