import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type HistoryEvent,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
} from '@aws-sdk/client-sfn';
import { resultOfEnd } from '../../cli/execution-result.js';
import type { Result } from '../../core/result/result.js';
import type { Target } from './target.js';

/** An execution that has ended. */
export type Ended = {
  readonly arn: string;
  readonly startDate: Date | undefined;
  readonly status: string;
  readonly result: Result;
  /** The Task states that were entered, each once, in their order. */
  readonly steps: readonly string[];
  /** Names of the errors that Task states met and retried or caught. */
  readonly errors: readonly string[];
};

/** The newest executions of a machine, those alone that started at that moment or later if one is given. */
export const newestExecutions = async ({ clients }: Target, stateMachineArn: string, since = new Date(0)): Promise<string[]> => {
  const { executions = [] } = await clients.states.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 100 }));
  return executions.filter(({ startDate = since }) => startDate >= since).map(({ executionArn = '' }) => executionArn);
};

export const describe = ({ clients }: Target, executionArn: string): Promise<DescribeExecutionCommandOutput> =>
  clients.states.send(new DescribeExecutionCommand({ executionArn }));

/** Waits for as many looks as `limit` says. @throws Error if the condition never held */
export const waitFor = async <Value>(
  target: Target,
  what: string,
  limit: number,
  look: () => Promise<Value | undefined>,
): Promise<Value> => {
  for (let looks = 0; looks < limit; looks++) {
    const value = await look();
    if (value !== undefined) return value;
    await target.wait();
  }
  throw new Error(`${what} (${limit} looks)`);
};

/** At one look in ten seconds: three hours. */
const LOOKS_AT_AN_EXECUTION = 1080;

/** Waits for an execution's end. @throws Error if it does not end */
export const ended = async (target: Target, arn: string): Promise<Ended> => {
  const end = await waitFor(target, `${arn} did not end`, LOOKS_AT_AN_EXECUTION, async () => {
    const described = await describe(target, arn);
    return described.status === 'RUNNING' ? undefined : described;
  });
  const history = await historyOf(target, arn);
  const tasks = history
    .filter(({ type }) => type === 'TaskStateEntered')
    .map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name);
  const errors = history.map(
    ({ taskFailedEventDetails, taskTimedOutEventDetails }) => (taskFailedEventDetails ?? taskTimedOutEventDetails)?.error,
  );
  const output: unknown = end.output === undefined ? undefined : JSON.parse(end.output);
  return {
    arn,
    startDate: end.startDate,
    status: end.status ?? '',
    result: resultOfEnd({ output, error: end.error, cause: end.cause }, history),
    steps: [...new Set(tasks.filter((name) => name !== undefined))],
    errors: errors.filter((name) => name !== undefined),
  };
};

const historyOf = async ({ clients }: Target, executionArn: string): Promise<HistoryEvent[]> => {
  const history: HistoryEvent[] = [];
  for await (const { events = [] } of paginateGetExecutionHistory({ client: clients.states }, { executionArn, maxResults: 1000 }))
    history.push(...events);
  return history;
};
