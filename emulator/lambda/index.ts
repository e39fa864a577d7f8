import type { EmulatedAccount } from '../emulated-account.js';
import type { InvocationResult, Lambda } from './api.js';
import { AsyncInvocations } from './async-invocations.js';
import { EventSourceMapping } from './event-source-mapping.js';
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from './function-concurrency.js';
import { getFunctionConfiguration, listFunctions } from './function-configuration.js';
import { FunctionRegistry } from './function-registry.js';
import { type Invocation, perform } from './invocation.js';
import { invoke, mayInvoke } from './invoke.js';
import { listEventSourceMappings } from './list-event-source-mappings.js';
import { throttled } from './runtime.js';
import type { LambdaOptions } from './sandbox.js';
import { Sandboxes } from './sandboxes.js';

/** AWS Lambda: functions run packaged in workers, or from source in process. */
export const createLambda = (account: EmulatedAccount, options: LambdaOptions): Lambda => {
  const functions = new FunctionRegistry(account);
  const sandboxes = new Sandboxes(account, options);

  const mappings: EventSourceMapping[] = [];

  /** Each invocation starts in a timer of its own. */
  const run = (invocation: Invocation): Promise<InvocationResult> =>
    new Promise((resolve, reject) => {
      account.clock.after(0, () => {
        if (functions.reservedConcurrency(invocation.version.spec.name) === 0) resolve(throttled);
        else perform({ ...invocation, account, sandboxes }).then(resolve, reject);
      });
    });
  const asyncInvocations = new AsyncInvocations(account, run);
  account.add([
    invoke(functions, run, asyncInvocations),
    listFunctions(functions),
    getFunctionConfiguration(functions),
    getFunctionConcurrency(functions),
    putFunctionConcurrency(functions),
    deleteFunctionConcurrency(functions),
    listEventSourceMappings(functions, mappings),
  ]);

  return {
    createFunction: (spec) => functions.put(spec),
    putUserFunction: (name, code, { timeoutSeconds = 3 } = {}) => {
      const { partition, accountId } = account;
      const spec = { name, handler: 'index.handler', zipPath: undefined, environment: {}, timeoutSeconds, memoryMb: 128, userCode: code };
      const arn = account.arn('lambda', `function:${name}`);
      const roleArn = `arn:${partition}:iam::${accountId}:role/${name}`;
      // As the managed policy AWSLambdaBasicExecutionRole.
      account.services.iam.putRole({
        arn: roleArn,
        trust: { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
        policies: [{ Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }] }],
      });
      functions.put({ ...spec, arn, roleArn });
      return arn;
    },
    publishVersion: (functionArn) => functions.publish(functionArn).arn,
    newestVersion: (functionArn) => functions.newest(functionArn)?.arn,
    addPermission: (functionArn, permission) => functions.addPermission(functionArn, permission),
    mayInvoke: (caller, functionArn) => mayInvoke(account, functions, caller, functions.find(functionArn).arn),
    createEventSourceMapping: (mapping) => {
      mappings.push(new EventSourceMapping(account, mapping, functions, run));
    },
    putEventInvokeConfig: (functionArn, config) => asyncInvocations.configure(functions.find(functionArn).arn, config),
    invoke: async (functionArn, payload) => run({ version: functions.find(functionArn), payload: JSON.stringify(payload ?? {}) }),
    close: () => sandboxes.close(),
  };
};
