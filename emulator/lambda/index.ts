import type { InvocationResult, Lambda } from '../services.js';
import type { World } from '../world.js';
import { AsyncInvocations } from './async-invocations.js';
import { EventSourceMapping } from './event-source-mapping.js';
import { FunctionRegistry } from './function-registry.js';
import { type Invocation, perform } from './invocation.js';
import { invoke, mayInvoke } from './invoke.js';
import type { LambdaOptions } from './sandbox.js';
import { Sandboxes } from './sandboxes.js';

/** Functions run as packaged, in workers, or from source, in process. */
export const createLambda = (world: World, options: LambdaOptions): Lambda => {
  const functions = new FunctionRegistry(world);
  const sandboxes = new Sandboxes(world, options);

  /** Each invocation starts in a timer of its own. */
  const run = (invocation: Invocation): Promise<InvocationResult> =>
    new Promise((resolve, reject) => {
      world.clock.after(0, () => {
        perform({ ...invocation, world, sandboxes }).then(resolve, reject);
      });
    });
  const asyncInvocations = new AsyncInvocations(world, run);
  world.add([invoke(functions, run, asyncInvocations)]);

  return {
    createFunction: (spec) => functions.put(spec),
    publishVersion: (functionArn) => functions.publish(functionArn).arn,
    addPermission: (functionArn, permission) => functions.addPermission(functionArn, permission),
    mayInvoke: (caller, functionArn) => mayInvoke(world, functions, caller, functions.find(functionArn).arn),
    createEventSourceMapping: (mapping) => {
      new EventSourceMapping(world, mapping, functions, run);
    },
    putEventInvokeConfig: (functionArn, config) => asyncInvocations.configure(functions.find(functionArn).arn, config),
    invoke: async (functionArn, payload) => run({ version: functions.find(functionArn), payload: JSON.stringify(payload ?? {}) }),
    close: () => sandboxes.close(),
  };
};
