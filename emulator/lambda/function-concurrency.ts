import { AwsError, NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import type { FunctionRegistry } from './function-registry.js';
import { onFunction } from './on-function.js';

type Named = { FunctionName: string };

const checkUnqualified = (functions: FunctionRegistry, { FunctionName }: Named): void => {
  const { version } = functions.find(FunctionName);
  if (version !== '$LATEST' || FunctionName.endsWith(':$LATEST'))
    throw new AwsError('InvalidParameterValueException', 'This operation is permitted on Lambda functions only, not on versions of them.');
};

export const getFunctionConcurrency = (functions: FunctionRegistry): Operation =>
  operation<Named, unknown>({
    service: 'lambda',
    name: 'GetFunctionConcurrency',
    input: { FunctionName: 'string' },
    required: ['FunctionName'],
    permissions: onFunction(functions, 'GetFunctionConcurrency'),
    run: (input) => {
      checkUnqualified(functions, input);
      const executions = functions.reservedConcurrency(input.FunctionName);
      return executions === undefined ? {} : { ReservedConcurrentExecutions: executions };
    },
  });

/** 0 alone, with which every invocation is throttled: how many run at once is not limited otherwise. */
export const putFunctionConcurrency = (functions: FunctionRegistry): Operation =>
  operation<Named & { ReservedConcurrentExecutions: number }, unknown>({
    service: 'lambda',
    name: 'PutFunctionConcurrency',
    input: { FunctionName: 'string', ReservedConcurrentExecutions: 'number' },
    required: ['FunctionName', 'ReservedConcurrentExecutions'],
    permissions: onFunction(functions, 'PutFunctionConcurrency'),
    run: (input) => {
      const { FunctionName, ReservedConcurrentExecutions } = input;
      if (ReservedConcurrentExecutions !== 0) throw new NotEmulated(`ReservedConcurrentExecutions ${ReservedConcurrentExecutions}`);
      checkUnqualified(functions, input);
      functions.reserveConcurrency(FunctionName, ReservedConcurrentExecutions);
      return { ReservedConcurrentExecutions };
    },
  });

export const deleteFunctionConcurrency = (functions: FunctionRegistry): Operation =>
  operation<Named, unknown>({
    service: 'lambda',
    name: 'DeleteFunctionConcurrency',
    input: { FunctionName: 'string' },
    required: ['FunctionName'],
    permissions: onFunction(functions, 'DeleteFunctionConcurrency'),
    run: (input) => {
      checkUnqualified(functions, input);
      functions.reserveConcurrency(input.FunctionName, undefined);
      return {};
    },
  });
