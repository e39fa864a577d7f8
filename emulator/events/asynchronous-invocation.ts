import { AwsError } from '../errors.js';
import type { Caller } from '../operation.js';
import { serviceCall } from '../service-call.js';
import type { World } from '../world.js';

/** Lambda runs an asynchronous invocation up to three times: again after one minute, and after two more. */
const retryAfterMs = [60_000, 120_000];

const run = (world: World, functionArn: string, payload: unknown, attempt: number): void => {
  world.clock.after(attempt === 0 ? 0 : (retryAfterMs[attempt - 1] ?? 0), async () => {
    const result = await world.clock.elsewhere(world.services.lambda.invoke(functionArn, payload));
    if (result.status === 'ok') return;
    if (attempt < retryAfterMs.length) run(world, functionArn, payload, attempt + 1);
    else world.log.add('lambda', 'event-discarded', { function: functionArn, errorType: result.errorType });
  });
};

/** A service's Invoke with InvocationType Event: refused at once or accepted, and run later. */
export const invokeAsynchronously = (world: World, caller: Caller, functionArn: string, payload: unknown): void => {
  if (!world.services.lambda.mayInvoke(caller, functionArn)) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn}`,
      {
        status: 403,
      },
    );
  }
  serviceCall(world, caller, 'lambda', 'Invoke', () => run(world, functionArn, payload, 0));
};
