import { StateFailure } from '../interpreter/failure.js';
import type { IntegrationCall } from './integration.js';
import { upperFirst } from './member-names.js';
import { membersOf, request } from './request.js';

const words = { prefix: 'StepFunctions', service: 'AWSStepFunctions', codes: { ServerException: 'AWSStepFunctionsException' } };

type Started = { readonly executionArn: string; readonly startDate: Date };
type Described = Readonly<Record<string, unknown>> & { readonly status: string; readonly output?: string; readonly input: string };

/** The managed rule that notifies Step Functions of a child's end; the role needs its permissions (concept-create-iam-advanced). */
const ruleName = 'StepFunctionsGetEventsForStepFunctionsExecutionRule';

const checkManagedRule = ({ account, caller }: IntegrationCall): void => {
  const rule = account.arn('events', `rule/${ruleName}`);
  for (const action of ['events:PutTargets', 'events:PutRule', 'events:DescribeRule']) {
    if (account.services.iam.isAllowed(caller, action, rule)) continue;
    throw new StateFailure('StepFunctions.AccessDeniedException', `'${caller.arn}' is not authorized to create managed-rule.`);
  }
};

/** An answer as these integrations show it: upper camel case, and times in epoch milliseconds. */
const shown = (output: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(output).map(([name, value]: [string, unknown]) => {
      if (value instanceof Date) return [upperFirst(name), value.getTime()];
      return [upperFirst(name), typeof value === 'object' && value !== null ? shown(value) : value];
    }),
  );

const describe = async (call: IntegrationCall, executionArn: string): Promise<Described> => {
  const description = await request<Described>(call, 'states', 'DescribeExecution', { executionArn }, words);
  const { redriveCount: _count, redriveStatus: _status, redriveStatusReason: _reason, ...rest } = description;
  return rest as Described;
};

/** Waits for the child's end. When its result is no longer needed, the child is stopped, if the role has the permission. */
const waitForEnd = (call: IntegrationCall, executionArn: string): Promise<void> => {
  const { account, signal } = call;
  const child = call.execution(executionArn);
  const ended = new Promise<void>((resolve, reject) => {
    if (child.status !== 'RUNNING') resolve();
    child.whenEnded(resolve);
    signal.addEventListener('abort', () => {
      reject(signal.reason);
      if (child.status !== 'RUNNING') return;
      account.clock.after(0, async () => {
        await request(call, 'states', 'StopExecution', { executionArn }, words).catch((error: unknown) => {
          if (!(error instanceof StateFailure)) throw error;
        });
      });
    });
  });
  return account.clock.yieldTo(ended);
};

/** `arn:aws:states:::states:startExecution`, `.sync`, `.sync:2` and `.waitForTaskToken`. */
export const startChild = async (call: IntegrationCall): Promise<unknown> => {
  const { pattern } = call.resource;
  const isSync = pattern === 'sync' || pattern === 'sync:2';
  if (isSync) checkManagedRule(call);
  const { StateMachineArn, Name, Input = {}, ...others } = membersOf(call);
  const input = {
    ...others,
    stateMachineArn: StateMachineArn,
    ...(Name !== undefined && { name: Name }),
    input: typeof Input === 'string' ? Input : JSON.stringify(Input),
  };
  const started = await request<Started>(call, 'states', 'StartExecution', input, words);
  if (!isSync) return shown(started);

  call.submitted(shown(started));
  await waitForEnd(call, started.executionArn);
  const description = await describe(call, started.executionArn);
  const result = shown(description);
  if (description.status !== 'SUCCEEDED') throw new StateFailure('States.TaskFailed', JSON.stringify(result));
  if (pattern === 'sync') return result;
  return { ...result, Input: JSON.parse(description.input) as unknown, Output: JSON.parse(description.output ?? 'null') as unknown };
};
