import { type AccountOptions, EmulatedAccount } from '../../../emulator/emulated-account.js';
import type { AwsError } from '../../../emulator/errors.js';
import type { BusEvent } from '../../../emulator/events/api.js';
import { operation } from '../../../emulator/operation.js';
import type { Services } from '../../../emulator/services.js';
import type { ExecutionView } from '../../../emulator/states/api.js';
import { createStates } from '../../../emulator/states/index.js';

export const roleArn = 'arn:aws:iam::123456789012:role/machine';
export const machineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:machine';
export const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:work';

const user = { arn: 'arn:aws:iam::123456789012:user/developer', kind: 'user' } as const;

/** What a fake function does with its payload; `account` lets it take time. */
export type Work = (payload: unknown, account: EmulatedAccount) => unknown;

type Emitted = Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'>;

/** Thrown by Work for a FunctionError. */
export class FunctionError extends Error {
  readonly payload: unknown;
  constructor(payload: unknown) {
    super('the function failed');
    this.payload = payload;
  }
}

type Invoke = { FunctionName: string; Payload: string };

export const givenStates = ({
  work = (payload) => payload,
  denied = [],
  ...options
}: { work?: Work; denied?: readonly string[] } & AccountOptions = {}) => {
  const account = new EmulatedAccount(options);
  const states = createStates(account);
  const emitted: Emitted[] = [];
  const invocations: { functionName: string; payload: unknown; time: number }[] = [];
  account.services = {
    iam: {
      isAllowed: (caller: { kind: string }, action: string) => caller.kind === 'user' || !denied.includes(action),
      canAssume: () => true,
      keyPermissionsFor: () => [],
    },
    events: { emit: (event: Emitted) => emitted.push(event) },
    states,
  } as unknown as Services;
  account.add([
    operation<Invoke, object>({
      service: 'lambda',
      name: 'Invoke',
      input: { FunctionName: 'string', Payload: 'string' },
      permissions: ({ FunctionName }) => [{ action: 'lambda:InvokeFunction', resource: FunctionName }],
      run: async ({ FunctionName, Payload }) => {
        const payload: unknown = JSON.parse(Payload);
        invocations.push({ functionName: FunctionName, payload, time: account.clock.now });
        try {
          const result = await account.clock.yieldTo(account.clock.during(() => work(payload, account)));
          return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: JSON.stringify(result ?? null) };
        } catch (error) {
          if (!(error instanceof FunctionError)) throw error;
          return { StatusCode: 200, ExecutedVersion: '$LATEST', FunctionError: 'Unhandled', Payload: JSON.stringify(error.payload) };
        }
      },
    }),
  ]);

  const request = <Output = Record<string, unknown>>(name: string, input: object): Promise<Output> =>
    account.clock.during(() => account.request<Output>(user, 'states', name, input));

  const createMachine = (definition: object, name = 'machine'): string => {
    const arn = machineArn.replace(/machine$/, name);
    states.createStateMachine({ name, arn, roleArn, definition: { QueryLanguage: 'JSONata', ...definition } });
    return arn;
  };

  const execution = (arn: string): ExecutionView => {
    const found = states.executions().find((each) => each.arn === arn);
    if (!found) throw new Error(`no execution ${arn}`);
    return found;
  };

  const start = async (input: unknown = {}, { name, machine = machineArn }: { name?: string; machine?: string } = {}): Promise<string> => {
    const { executionArn } = await request<{ executionArn: string }>('StartExecution', {
      stateMachineArn: machine,
      input: JSON.stringify(input),
      ...(name !== undefined && { name }),
    });
    return executionArn;
  };

  /** Creates a machine, runs one execution of it to its end, and returns that. */
  const run = async (definition: object, input: unknown = {}): Promise<ExecutionView> => {
    createMachine(definition);
    const arn = await start(input);
    await account.clock.run({ until: () => execution(arn).status !== 'RUNNING' });
    return execution(arn);
  };

  /** Of a machine that has only these states; the first one is where it starts. */
  const runStates = (definition: Readonly<Record<string, object>>, input: unknown = {}): Promise<ExecutionView> =>
    run({ StartAt: Object.keys(definition)[0], States: definition }, input);

  const types = (arn: string): string[] => states.history(arn).map(({ type }) => type);
  const path = (arn: string): unknown[] =>
    account.log.of('states', 'state-entered').flatMap(({ detail }) => (detail.execution === arn ? [detail.state] : []));

  return { account, states, request, createMachine, start, execution, run, runStates, types, path, emitted, invocations };
};

/** The code and the message of the AwsError that a definition is refused with. */
export const refusal = (definition: object): { code: string; message: string } => {
  try {
    givenStates().createMachine(definition);
  } catch (error) {
    const { code, message } = error as AwsError;
    return { code, message };
  }
  return { code: 'accepted', message: '' };
};

export const invoke = (more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: functionArn, Payload: '{% $states.input %}' },
  ...more,
});
