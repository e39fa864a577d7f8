import type { PathEvent } from '../../page/server/execution-visits.js';
import type { Path } from '../../page/server/machine-view.js';
import { givenStates } from '../emulator/states/support.js';
import { type MachineName, machine } from '../statemachine/machines.js';

/** What the function of a state answers in its visits, in order: what it decides, or the name of the error that wakes its task. */
export type Answers = Readonly<Record<string, readonly (object | string)[]>>;

type Payload = { readonly token?: string };

const functionOf = (name: string): string => {
  const found = name.match(/(\w+)\.Arn$/)?.[1] ?? '';
  return `${found.charAt(0).toUpperCase()}${found.slice(1)}`;
};

/**
 * The way of an execution of one of our machines through the emulator, whose functions answer what is given; a function without an
 * answer leaves its task waiting. `transitions` is the emulator's own count.
 */
export const givenExecution = async (name: MachineName, answers: Answers, { seconds = 60 } = {}) => {
  const left = new Map(Object.entries(answers).map(([state, all]) => [state, [...all]]));
  let called = '';
  const given = givenStates({
    work: async (payload) => {
      const answer = left.get(called)?.shift();
      const { token: taskToken } = payload as Payload;
      if (taskToken === undefined || answer === undefined) return answer;
      await given.account.request({ arn: 'arn:aws:iam::123456789012:user/developer', kind: 'user' }, 'states', ...reply(taskToken, answer));
      return undefined;
    },
  });
  const { account, states, start, createMachine, request, invocations, execution } = given;
  const push = invocations.push.bind(invocations);
  invocations.push = (one) => {
    called = functionOf(one.functionName);
    return push(one);
  };
  createMachine(machine(name));
  const arn = await start({ service: 'production/web', repository: 'my-learn-app' });
  await account.clock.advance(seconds * 1000);
  const { definition = '' } = await request<{ definition: string }>('DescribeStateMachineForExecution', { executionArn: arn });
  const { events } = await request<{ events: PathEvent[] }>('GetExecutionHistory', {
    executionArn: arn,
    maxResults: 1000,
    includeExecutionData: false,
  });
  const path: Path = { name, definition, events };
  return { path, now: new Date(account.clock.now).toISOString(), transitions: states.transitions(arn), status: execution(arn).status };
};

const reply = (taskToken: string, answer: object | string): [string, object] =>
  typeof answer === 'string'
    ? ['SendTaskFailure', { taskToken, error: answer, cause: '{}' }]
    : ['SendTaskSuccess', { taskToken, output: JSON.stringify(answer) }];
