import { DescribeStateMachineForExecutionCommand, GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import { type ClientSettings, clientFor } from './client-settings.js';

const stepFunctions = clientFor(SFNClient);

/** Events of one page (API reference, GetExecutionHistory). */
const pageSize = 1000;

/** Pages that one read takes. An execution ends at 25,000 events (quotas of Step Functions); one of Slipway has some hundreds. */
const pageLimit = 5;

/** The deployed definition as JSON, and the events of an execution, the oldest first, without data. */
export type ExecutionPath = {
  readonly name: string;
  readonly definition: string;
  readonly events: readonly HistoryEvent[];
  /** False if there are more events than are read. */
  readonly isComplete: boolean;
};

/** The ways of executions through the definitions that they started with. Both calls are permitted on the execution's ARN. */
export class ExecutionPaths {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** @throws ExecutionDoesNotExist of the SDK: Step Functions keeps executions for 90 days (quotas) */
  async of(executionArn: string): Promise<ExecutionPath> {
    const client = stepFunctions(this.#settings);
    const { name = '', definition = '' } = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
    return { name, definition, ...(await this.#events(executionArn)) };
  }

  async #events(executionArn: string): Promise<Pick<ExecutionPath, 'events' | 'isComplete'>> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < pageLimit; page++) {
      const answer = await stepFunctions(this.#settings).send(
        // Inputs and outputs have the user's data and task tokens: none of it is for a page.
        new GetExecutionHistoryCommand({
          executionArn,
          maxResults: pageSize,
          includeExecutionData: false,
          ...(nextToken && { nextToken }),
        }),
      );
      events.push(...(answer.events ?? []));
      nextToken = answer.nextToken;
      if (nextToken === undefined) break;
    }
    return { events, isComplete: nextToken === undefined };
  }
}
